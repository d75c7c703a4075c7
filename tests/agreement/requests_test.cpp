// Deployments and operations ask both platforms everything that there is to ask, so that their agreement says something
// about every kind of request.
#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "model/steps/adapters/any_port.hpp"
#include "model/steps/failure.hpp"
#include "model/steps/operations.hpp"
#include "model/steps/requests.hpp"
#include "model/steps/step.hpp"
#include "tests/agreement/deployed.hpp"
#include "tests/agreement/stories.hpp"

namespace rehearse::agreement {
namespace {

template <class... Requests>
void add_names(std::set<std::string>& names, const std::string& port, std::type_identity<std::variant<Requests...>>) {
  (names.insert(port + "." + std::string(Requests::name)), ...);
}

std::set<std::string> names_of_all_requests() {
  std::set<std::string> names;
  add_names(names, "Clock", std::type_identity<steps::ClockRequest>());
  add_names(names, "Host", std::type_identity<steps::HostRequest>());
  add_names(names, "CertificateStore", std::type_identity<steps::CertificateRequest>());
  add_names(names, "Cluster", std::type_identity<steps::ClusterRequest>());
  add_names(names, "Catalog", std::type_identity<steps::CatalogRequest>());
  add_names(names, "Operator", std::type_identity<steps::OperatorRequest>());
  return names;
}

/// One request as a step, whatever is answered.
class Asking final : public steps::Step {
 public:
  explicit Asking(steps::AnyRequest request) : Step({steps::name_of(request), "-", {}, "", ""}), request_(request) {}

  steps::Awaitable<bool> satisfied(steps::Platform&) const override { co_return false; }
  steps::Awaitable<void> apply(steps::Platform& platform) const override {
    steps::AnyRequest request = request_;
    co_await steps::forward(platform, std::move(request));
  }
  steps::Awaitable<void> verify(steps::Platform&) const override { co_return; }

 private:
  steps::AnyRequest request_;
};

std::string outcome(const steps::Performance& performance) {
  const steps::Failure* failure = performance.failure();
  return failure == nullptr ? "answered" : std::string(to_text(failure->code()));
}

/// What steps ask only of farms that somebody left half built.
std::vector<steps::AnyRequest> rare_requests(BothFarms& farms, bool of_far) {
  const steps::Observation seen = of_far ? farms.far.observe() : farms.simulated.observe();
  std::string thumbprint;
  for (const steps::Fact& fact : seen.facts) {
    if (steps::name_of(fact.question) != "CertificateStore.List" || fact.answer() == nullptr) continue;
    for (const steps::CertificateInfo& copy : fact.answer()->certificates()) {
      if (steps::node_of(fact.question) == "WRK1" && copy.has_private_key) thumbprint = copy.thumbprint;
    }
  }
  namespace store = steps::certificate_store;
  return {steps::CatalogRequest(steps::catalog::MasterLastOnline()),
          steps::ClusterRequest(steps::cluster::AddNode("SQL2")),
          steps::ClusterRequest(steps::cluster::AddNode("WRK1")),
          steps::ClusterRequest(steps::cluster::ClearQuarantine("SQL2", std::chrono::minutes(5))),
          steps::CertificateRequest(store::GrantKeyAccess("WRK1", thumbprint, "CORP\\svc-worker")),
          steps::CertificateRequest(store::GrantKeyAccess("WRK2", thumbprint, "CORP\\svc-worker")),
          steps::CertificateRequest(store::Remove("SQL2", thumbprint, "Root")),
          steps::CertificateRequest(store::Remove("SQL2", thumbprint, "Root"))};
}

TEST(Requests, that_only_half_built_farms_are_asked_end_alike_on_both_platforms) {
  const Deployed& start = deployed("stated joint");
  BothFarms farms(start.deployable, start.simulated, start.far);
  const auto of_simulated = rare_requests(farms, false), of_far = rare_requests(farms, true);
  for (std::size_t i = 0; i < of_far.size(); ++i) {
    SCOPED_TRACE(to_text(of_far[i]));
    const auto one = [&](const steps::AnyRequest& request) {
      std::vector<steps::StepPtr> step;
      step.push_back(std::make_unique<Asking>(request));
      return step;
    };
    EXPECT_EQ(outcome(farms.simulated.perform_all(one(of_simulated[i]))),
              outcome(farms.far.perform_all(one(of_far[i]))));
    for (const std::string& difference : farms.disagreements()) ADD_FAILURE() << difference;
  }
}

TEST(Requests, of_every_kind_are_answered_by_both_platforms_when_farms_are_built_and_operated) {
  std::set<std::string> missing = names_of_all_requests();
  const auto asked = [&](const std::set<std::string>& names) {
    for (const std::string& name : names) missing.erase(name);
  };
  for (const char* name : {"stated joint", "stated separate", "reference"}) asked(deployed(name).asked);
  for (const char* name : {"stated joint", "stated separate"}) {
    const Deployed& start = deployed(name);
    BothFarms farms(start.deployable, start.simulated, start.far);
    for (const Story& story : stories()) {
      for (const Act& act : story.acts) {
        if (act.happens) {
          act.happens(farms);
        } else {
          farms.perform([&] { return steps::operation_steps(farms.far.design, act.operation, act.arguments); });
        }
        farms.simulated.rest();
        farms.far.rest();
      }
    }
    asked(farms.asked_of_both());
  }
  const std::set<std::string> asked_elsewhere = {
      // Of availability groups, which the far side does not have.
      "Cluster.DataMoves", "Cluster.ForceFailover", "Cluster.ResumeDataMovement",
      // The test above.
      "Catalog.MasterLastOnline", "CertificateStore.GrantKeyAccess", "CertificateStore.Remove", "Cluster.AddNode",
      "Cluster.ClearQuarantine",
      // The program asks this, no step.
      "Operator.Confirm"};
  EXPECT_EQ(missing, asked_elsewhere);
}

}  // namespace
}  // namespace rehearse::agreement
