#include "model/steps/certificates.hpp"

#include <fmt/format.h>

#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <cctype>
#include <utility>

#include "model/steps/failure.hpp"

namespace rehearse::steps {
namespace {

std::string lower(std::string_view text) {
  std::string result(text);
  std::transform(result.begin(), result.end(), result.begin(), [](unsigned char c) { return std::tolower(c); });
  return result;
}

bool host_matches(std::string_view pattern, std::string_view host) {
  if (!pattern.ends_with('*')) return lower(pattern) == lower(host);
  pattern.remove_suffix(1);
  return lower(host).starts_with(lower(pattern));
}

std::vector<std::string> sorted_names(const std::vector<std::string>& names) {
  std::vector<std::string> result;
  for (const std::string& name : names) result.push_back(lower(name));
  std::sort(result.begin(), result.end());
  return result;
}

bool same_second(Date a, Date b) {
  return std::chrono::floor<std::chrono::seconds>(a) == std::chrono::floor<std::chrono::seconds>(b);
}

// A certificate that steps made begins when they ran, unless the design says when.
bool dates_match(const model::Certificate& certificate, const CertificateInfo& found) {
  const bool begin_matches = certificate.not_before == Date() || same_second(certificate.not_before, found.not_before);
  return begin_matches && same_second(certificate.not_after, found.not_after);
}

}  // namespace

std::vector<WantedCopy> wanted_copies(const model::Certificate& certificate, const std::string& host,
                                      std::vector<WantedCopy> by_article) {
  if (certificate.installed.empty()) return by_article;
  std::vector<WantedCopy> wanted;
  for (const model::Certificate::Installed& place : certificate.installed) {
    if (!host_matches(place.host, host)) continue;
    for (const std::string& store : place.stores) {
      const std::size_t plus = store.find("+key");
      wanted.push_back({store.substr(0, plus), plus != std::string::npos});
    }
  }
  return wanted;
}

CertificateSource source_of(const model::Certificate& certificate) {
  if (!certificate.thumbprint.empty()) return CertificateSource::file;
  return certificate.not_after == Date() ? CertificateSource::setup : CertificateSource::stated;
}

bool is_same(const model::Certificate& certificate, const CertificateInfo& found) {
  if (!certificate.thumbprint.empty()) return lower(certificate.thumbprint) == lower(found.thumbprint);
  return sorted_names(certificate.common_names) == sorted_names(found.names) && dates_match(certificate, found);
}

Awaitable<std::string> find_thumbprint(CertificateStore& certificates, std::string host, WantedCopy where,
                                       model::Certificate certificate) {
  const std::vector<CertificateInfo> present = co_await certificates.list(host);
  for (const CertificateInfo& found : present) {
    if (found.store != where.store || (where.with_private_key && !found.has_private_key)) continue;
    if (is_same(certificate, found)) co_return found.thumbprint;
  }
  co_return std::string();
}

Awaitable<bool> has_copy(CertificateStore& certificates, std::string host, std::string thumbprint, WantedCopy where) {
  const std::vector<CertificateInfo> present = co_await certificates.list(host);
  co_return std::any_of(present.begin(), present.end(), [&](const CertificateInfo& found) {
    return found.thumbprint == thumbprint && found.store == where.store &&
           (found.has_private_key || !where.with_private_key);
  });
}

Awaitable<void> copy_missing(CertificateStore& certificates, std::string from, std::string to, std::string thumbprint,
                             std::vector<WantedCopy> wanted) {
  for (const WantedCopy& copy : wanted) {
    const bool there = co_await has_copy(certificates, to, thumbprint, copy);
    if (!there) co_await certificates.copy(from, to, thumbprint, copy.store, copy.with_private_key);
  }
}

Awaitable<void> make_certificate(Platform platform, std::string host, model::Certificate certificate,
                                 std::vector<WantedCopy> wanted) {
  const WantedCopy made{"My", true};
  std::string thumbprint;
  for (const WantedCopy& place : wanted) {
    if (thumbprint.empty()) thumbprint = co_await find_thumbprint(platform.certificates, host, place, certificate);
  }
  if (thumbprint.empty()) thumbprint = co_await find_thumbprint(platform.certificates, host, made, certificate);

  if (thumbprint.empty() && source_of(certificate) == CertificateSource::file) {
    thumbprint = certificate.thumbprint;
    const WantedCopy first = wanted.empty() ? made : wanted.front();
    CertificateInfo info(thumbprint, certificate.common_names, certificate.not_before, certificate.not_after,
                         first.store, first.with_private_key);
    co_await platform.certificates.import(host, certificate.key, std::move(info));
  } else if (thumbprint.empty()) {
    Date begin = certificate.not_before;
    if (begin == Date()) begin = co_await platform.clock.now();
    thumbprint = co_await platform.certificates.create(host, certificate.common_names, begin, certificate.not_after);
  }
  co_await copy_missing(platform.certificates, host, host, thumbprint, std::move(wanted));
}

MasterCertificate master_certificate_of(const model::Design& design) {
  MasterCertificate master;
  const model::Certificate* stated = design.find_certificate(design.scale_out.master.certificate);
  if (stated) master.certificate = *stated;
  if (master.certificate.common_names.empty()) {
    master.certificate.common_names.push_back(design.master_host_name());
    for (const model::Node& node : design.cluster.nodes) master.certificate.common_names.push_back(node.name);
  }
  master.node = design.cluster.nodes.front().name;
  master.service = design.master_service();
  return master;
}

Awaitable<std::string> thumbprint_of(Platform platform, MasterCertificate master) {
  if (source_of(master.certificate) == CertificateSource::setup) {
    const model::MasterSettings settings = co_await platform.host.master_settings(master.node, master.service);
    co_return settings.certificate_thumbprint;
  }
  const WantedCopy root_with_key{"Root", true};
  const std::string thumbprint =
      co_await find_thumbprint(platform.certificates, master.node, root_with_key, master.certificate);
  if (thumbprint.empty()) {
    throw Failure(
        FailureCode::not_found,
        fmt::format("the Scale Out Master's certificate does not lie in Root with its key on {}", master.node));
  }
  co_return thumbprint;
}

}  // namespace rehearse::steps
