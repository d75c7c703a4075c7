#include "model/steps/adapters/any_port.hpp"

#include <boost/asio/awaitable.hpp>

#include <utility>

namespace rehearse::steps {
namespace {

template <class Port, class Request>
class PortOf final : public Port {
 public:
  explicit PortOf(AnyPort& target) : target_(target) {}
  Awaitable<Answer> call(Request request) override { return target_.call(AnyRequest(std::move(request))); }

 private:
  AnyPort& target_;
};

// Not a coroutine: the port's own awaitable is handed on.
struct Forward {
  Platform platform;
  Awaitable<Answer> operator()(ClockRequest& request) { return platform.clock.call(std::move(request)); }
  Awaitable<Answer> operator()(HostRequest& request) { return platform.host.call(std::move(request)); }
  Awaitable<Answer> operator()(CertificateRequest& request) { return platform.certificates.call(std::move(request)); }
  Awaitable<Answer> operator()(ClusterRequest& request) { return platform.cluster.call(std::move(request)); }
  Awaitable<Answer> operator()(CatalogRequest& request) { return platform.catalog.call(std::move(request)); }
  Awaitable<Answer> operator()(OperatorRequest& request) { return platform.person.call(std::move(request)); }
};

}  // namespace

struct AnyPort::Ports {
  explicit Ports(AnyPort& target)
      : clock(target), host(target), certificates(target), cluster(target), catalog(target), person(target) {}
  PortOf<Clock, ClockRequest> clock;
  PortOf<Host, HostRequest> host;
  PortOf<CertificateStore, CertificateRequest> certificates;
  PortOf<Cluster, ClusterRequest> cluster;
  PortOf<Catalog, CatalogRequest> catalog;
  PortOf<Operator, OperatorRequest> person;
};

AnyPort::AnyPort() : ports_(std::make_unique<Ports>(*this)) {}
AnyPort::~AnyPort() = default;

Platform AnyPort::platform() {
  return {ports_->clock, ports_->host, ports_->certificates, ports_->cluster, ports_->catalog, ports_->person};
}

Awaitable<Answer> forward(Platform platform, AnyRequest request) {
  return std::visit(Forward{platform}, request);
}

}  // namespace rehearse::steps
