// CERT: where certificates lie, what they are called, and when they end (S 3).
#include <fmt/format.h>

#include <algorithm>

#include "model/endpoint.hpp"
#include "model/handshake.hpp"
#include "model/rules/design_source.hpp"
#include "model/rules/families.hpp"
#include "model/rules/questions.hpp"

namespace rehearse::model::rules {
namespace {

const Certificate* of_master(const Facts& facts) {
  return facts.design.find_certificate(facts.design.scale_out.master.certificate);
}

std::string at_installed(const Certificate& certificate) {
  return pointer_to(certificate.place.pointer, "installed");
}

/// The certificates of workers, each with the workers that have it.
std::vector<std::pair<const Certificate*, std::vector<std::string>>> of_workers(const Facts& facts) {
  std::vector<std::pair<const Certificate*, std::vector<std::string>>> result;
  for (const WorkerPool& pool : facts.design.scale_out.workers) {
    const Certificate* certificate = facts.design.find_certificate(pool.certificate);
    if (certificate == nullptr) continue;
    auto found = std::find_if(result.begin(), result.end(), [&](const auto& one) { return one.first == certificate; });
    if (found == result.end()) found = result.insert(result.end(), {certificate, {}});
    for (std::string& worker : pool.worker_names()) found->second.push_back(std::move(worker));
  }
  return result;
}

/// Those of the hosts of which the design says that they lack the certificate, as `has` judges their stores.
template <class Has>
std::vector<std::string> lacking(const Certificate& certificate, const std::vector<std::string>& hosts, Has has) {
  std::vector<std::string> missing;
  for (const std::string& host : hosts) {
    const auto stores = stores_on(certificate, host);
    if (stores && !has(*stores)) missing.push_back(host);
  }
  return missing;
}

Findings host_not_in_names(const Facts& facts) {
  Findings findings;
  const Certificate* certificate = of_master(facts);
  if (certificate == nullptr || certificate->common_names.empty()) return findings;
  for (const WorkerPool& pool : facts.design.scale_out.workers) {
    const auto endpoint = parse_endpoint(pool.settings.endpoint);
    // An endpoint that names a node is a mistake of its own (END-001), and naming the node here would not mend it.
    if (!endpoint || node_called(facts.design, endpoint->host) != nullptr) continue;
    if (names_match(certificate->common_names, endpoint->host)) continue;
    findings.push_back({pointer_to(certificate->place.pointer,
                                   facts.source.has(certificate->place.pointer + "/file") ? "file" : "common_names"),
                        fmt::format("workers connect to '{}', but the master's certificate is for {}", endpoint->host,
                                    quoted(certificate->common_names)),
                        fmt::format("issue a certificate that has '{}' among its names", endpoint->host)});
  }
  return findings;
}

bool has_key(const std::vector<std::string>& stores) {
  return holds(stores, "Root+key") || holds(stores, "My+key");
}

Findings master_key_not_everywhere(const Facts& facts) {
  const Certificate* certificate = of_master(facts);
  if (certificate == nullptr) return {};
  const auto missing = lacking(*certificate, master_owners(facts.design), has_key);
  if (missing.empty()) return {};
  return {{at_installed(*certificate),
           fmt::format("the master may run on {}, where its certificate is not there with its key", quoted(missing)),
           "install it with its private key in LocalMachine\\Root of every node that may own the master: " +
               fmt::format("\"{}\": [\"Root+key\"]", missing.front())}};
}

Findings master_key_in_my(const Facts& facts) {
  const Certificate* certificate = of_master(facts);
  if (certificate == nullptr) return {};
  const auto misplaced = lacking(*certificate, master_owners(facts.design), [](const auto& stores) {
    return holds(stores, "Root+key") || !holds(stores, "My+key");
  });
  if (misplaced.empty()) return {};
  return {{at_installed(*certificate),
           fmt::format("on {} the key of the master's certificate lies in My, where the binding does not look",
                       quoted(misplaced)),
           fmt::format("write \"{}\": [\"Root+key\"]", misplaced.front())}};
}

bool in_root(const std::vector<std::string>& stores) {
  return holds(stores, "Root") || holds(stores, "Root+key");
}

Findings worker_not_trusted_at_node(const Facts& facts) {
  Findings findings;
  for (const auto& [certificate, workers] : of_workers(facts)) {
    if (!certificate->self_signed) continue;  // its issuer must be trusted, and the design does not speak of that one
    const auto missing = lacking(*certificate, master_owners(facts.design), in_root);
    if (missing.empty()) continue;
    findings.push_back(
        {at_installed(*certificate),
         fmt::format("the master may run on {}, where the certificate of the workers {} is not in Root",
                     quoted(missing), quoted(workers)),
         fmt::format("install it on every node that may own the master: \"{}\": [\"Root\"]", missing.front())});
  }
  return findings;
}

Findings master_not_trusted_at_worker(const Facts& facts) {
  const Certificate* certificate = of_master(facts);
  if (certificate == nullptr || !certificate->self_signed) return {};
  const auto missing = lacking(*certificate, facts.design.worker_names(), in_root);
  if (missing.empty()) return {};
  return {{at_installed(*certificate), fmt::format("the master's certificate is not in Root of {}", quoted(missing)),
           fmt::format("install its public part on every worker: \"{}\": [\"Root\"]", missing.front())}};
}

Findings worker_key_missing(const Facts& facts) {
  Findings findings;
  for (const auto& [certificate, workers] : of_workers(facts)) {
    const auto missing = lacking(*certificate, workers, [](const auto& stores) { return holds(stores, "My+key"); });
    if (missing.empty()) continue;
    findings.push_back(
        {at_installed(*certificate),
         fmt::format("{} have no key of the certificate that they show to the master", quoted(missing)),
         fmt::format("install it with its key in LocalMachine\\My: \"{}\": [\"My+key\", \"Root\"]", missing.front())});
  }
  return findings;
}

Findings worker_not_in_own_root(const Facts& facts) {
  Findings findings;
  for (const auto& [certificate, workers] : of_workers(facts)) {
    if (!certificate->self_signed) continue;
    const auto missing = lacking(*certificate, workers, in_root);
    if (missing.empty()) continue;
    findings.push_back(
        {at_installed(*certificate),
         fmt::format("the certificate of {} is not in the Root store of its own machine", quoted(missing)),
         fmt::format("add it: \"{}\": [\"My+key\", \"Root\"]", missing.front())});
  }
  return findings;
}

/// The certificates that a worker or the master uses.
std::vector<const Certificate*> used(const Facts& facts) {
  std::vector<const Certificate*> result;
  if (const Certificate* master = of_master(facts)) result.push_back(master);
  for (const auto& [certificate, workers] : of_workers(facts)) {
    if (std::find(result.begin(), result.end(), certificate) == result.end()) result.push_back(certificate);
  }
  return result;
}

/// Where its dates come from.
std::string at_date(const Facts& facts, const Certificate& certificate, std::string_view key) {
  const std::string file = pointer_to(certificate.place.pointer, "file");
  return facts.source.has(file) ? file : pointer_to(certificate.place.pointer, key);
}

Findings expired(const Facts& facts) {
  Findings findings;
  for (const Certificate* certificate : used(facts)) {
    if (certificate->not_after > facts.date) continue;
    findings.push_back(
        {at_date(facts, *certificate, "not_after"),
         fmt::format("the certificate '{}' expired on {}", certificate->key, to_text(certificate->not_after)),
         "renew it, on every node and worker"});
  }
  return findings;
}

std::string in_days(Duration left) {
  const auto days = std::chrono::floor<std::chrono::days>(left).count();
  if (days < 1) return "in less than a day";
  return days == 1 ? "in a day" : fmt::format("in {} days", days);
}

Findings expires_soon(const Facts& facts) {
  Findings findings;
  for (const Certificate* certificate : used(facts)) {
    const Duration left = certificate->not_after - facts.date;
    if (left <= Duration::zero() || left > facts.horizon) continue;
    findings.push_back({at_date(facts, *certificate, "not_after"),
                        fmt::format("the certificate '{}' expires on {}, {}", certificate->key,
                                    to_text(certificate->not_after), in_days(left)),
                        "renew it before, on every node and worker"});
  }
  return findings;
}

/// The reader makes up a first day where none is stated: then nothing is known of it.
bool first_day_known(const Facts& facts, const Certificate& certificate) {
  return facts.source.has(pointer_to(certificate.place.pointer, "not_before")) ||
         facts.source.has(pointer_to(certificate.place.pointer, "file"));
}

Findings not_yet_valid(const Facts& facts) {
  Findings findings;
  for (const Certificate* certificate : used(facts)) {
    if (!first_day_known(facts, *certificate) || certificate->not_before <= facts.date) continue;
    findings.push_back({at_date(facts, *certificate, "not_before"),
                        fmt::format("the certificate '{}' is valid only from {} on", certificate->key,
                                    to_text(certificate->not_before)),
                        "wait until then, or issue one that is valid now"});
  }
  return findings;
}

Findings expire_together(const Facts& facts) {
  const std::vector<const Certificate*> all = used(facts);
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = i + 1; j < all.size(); ++j) {
      const Duration apart = all[i]->not_after - all[j]->not_after;
      if (std::max(apart, -apart) > std::chrono::days(7)) continue;
      return {
          {at_date(facts, *all[j], "not_after"),
           fmt::format("the certificates '{}' and '{}' expire within a week of each other", all[i]->key, all[j]->key),
           "let one of them end at least a week before the other, so that one renewal does not wait for the other"}};
    }
  }
  return {};
}

Findings short_lived(const Facts& facts) {
  constexpr std::chrono::days about_a_year(400);
  Findings findings;
  for (const Certificate* certificate : used(facts)) {
    if (!certificate->self_signed || !first_day_known(facts, *certificate)) continue;
    const Duration life = certificate->not_after - certificate->not_before;
    if (life > about_a_year) continue;
    findings.push_back({at_date(facts, *certificate, "not_after"),
                        fmt::format("the self-signed certificate '{}' lives only {} days", certificate->key,
                                    std::chrono::round<std::chrono::days>(life).count()),
                        "give it a later end: New-SelfSignedCertificate -NotAfter"});
  }
  return findings;
}

Findings issued_in_root(const Facts& facts) {
  Findings findings;
  for (const Certificate& certificate : facts.design.certificates) {
    if (certificate.self_signed) continue;
    const auto polluted =
        lacking(certificate, master_owners(facts.design), [](const auto& stores) { return !in_root(stores); });
    if (polluted.empty()) continue;
    const std::string stated = pointer_to(certificate.place.pointer, "self_signed");
    findings.push_back(
        {facts.source.has(stated) ? stated : at_installed(certificate),
         fmt::format("'{}' was issued by somebody else and lies in Root of {}", certificate.key, quoted(polluted)),
         "use a self-signed certificate, or keep only issuers' own certificates in Root"});
  }
  return findings;
}

Findings unused(const Facts& facts) {
  Findings findings;
  const std::vector<const Certificate*> in_use = used(facts);
  for (const Certificate& certificate : facts.design.certificates) {
    if (std::find(in_use.begin(), in_use.end(), &certificate) != in_use.end()) continue;
    findings.push_back({certificate.place.pointer,
                        fmt::format("neither the master nor a worker uses the certificate '{}'", certificate.key),
                        "remove it, or name it where it shall be used"});
  }
  return findings;
}

constexpr Rule rules[] = {
    {"CERT-001", Level::error, "the master's certificate is not for the name that workers use",
     "Workers compare the host of MasterEndpoint with the names of the certificate that they are shown. Without a "
     "match "
     "every connection ends with 'Could not establish trust relationship for the SSL/TLS secure channel'.",
     "Issue a certificate whose names hold the name that workers connect to: the SQL network name in the joint "
     "placement, "
     "the role's own DNS host name in the separate one.",
     "S 3; S 5, 2 and 10", &host_not_in_names},
    {"CERT-002", Level::error, "the master's certificate is not on every node with its key",
     "http.sys on each node shows the certificate that the binding of that node names. Where it is missing the farm "
     "works "
     "until the role moves there, and then no worker comes back.",
     "Export it with its private key from the first node and import it to LocalMachine\\Root of every node that may "
     "own the "
     "master.",
     "S 3; S 4.1, 4; S 5, 32", &master_key_not_everywhere},
    {"CERT-003", Level::warning, "the key of the master's certificate lies in the wrong store",
     "The documented place is LocalMachine\\Root, and the binding that setup makes says certstorename=Root; netsh "
     "itself "
     "defaults to My. A binding that names the store without the certificate shows nothing.",
     "Install the certificate with its key in LocalMachine\\Root, or make sure that the binding says My.",
     "S 3; W 11, 4", &master_key_in_my},
    {"CERT-004", Level::error, "a worker's certificate is not trusted on every node",
     "Each node decides by its own Root store whom it lets in. Scale Out Manager puts the certificate on one node "
     "only: "
     "workers get (403) Forbidden after the first failover.",
     "Import the worker's certificate to LocalMachine\\Root of every node that may own the master.",
     "S 3; S 5, 4 and 11", &worker_not_trusted_at_node},
    {"CERT-005", Level::error, "a worker does not trust the master's certificate",
     "A self-signed certificate is trusted where it lies in LocalMachine\\Root. Without it the worker ends every "
     "connection "
     "with 'Could not establish trust relationship'.",
     "Import the public part of the master's certificate to LocalMachine\\Root of every worker.", "S 3; S 5, 2",
     &master_not_trusted_at_worker},
    {"CERT-006", Level::error, "a worker has no key for its own certificate",
     "The worker proves who it is with the key in LocalMachine\\My. Without it: 'Could not create SSL/TLS secure "
     "channel'.",
     "Install the worker's certificate with its private key in LocalMachine\\My of that worker.", "S 3; S 5, 3",
     &worker_key_missing},
    {"CERT-007", Level::note, "a worker's certificate is not in its own Root store",
     "The documents ask for a copy in the worker's own Root. Whether anything depends on it is not known.",
     "Import the public part to LocalMachine\\Root of the worker, too.", "S 3", &worker_not_in_own_root},
    {"CERT-008", Level::error, "a certificate has expired",
     "Connections that are open go on, so in a quiet farm nothing is seen until the next failover; then no worker "
     "comes "
     "back.",
     "Renew it: a certificate of the master on every node and worker, one of a worker on that worker and every node.",
     "S 3; behaviour 5", &expired},
    {"CERT-009", Level::warning, "a certificate expires soon",
     "A rotation is an outage without overlap: every node and every worker must change. Shorter than ten minutes it "
     "costs "
     "no running package.",
     "Plan the rotation before the end. --horizon says how long before it is told.", "S 3", &expires_soon},
    {"CERT-010", Level::warning, "a certificate is not valid yet",
     "Until its first day every connection is refused like an expired one.", "Wait, or issue one that is valid now.",
     "S 3", &not_yet_valid},
    {"CERT-011", Level::note, "certificates expire together",
     "Whoever misses the one date loses both sides at once, and both rotations fall into one window.",
     "Give them ends that lie apart.", "S 3 (assumed)", &expire_together},
    {"CERT-012", Level::warning, "a self-signed certificate lives about a year",
     "New-SelfSignedCertificate without -NotAfter gives one year, as in the documented sample: the farm stops a year "
     "after "
     "it was built or rotated.",
     "State -NotAfter when it is made.", "S 3; S 5, 31", &short_lived},
    {"CERT-013", Level::warning, "a certificate of an issuer pollutes a node's Root store",
     "With certificates in Root that are not self-signed, Schannel refuses client certificates: (403) Forbidden for "
     "every "
     "worker, unless SendTrustedIssuerList is 0 or ClientAuthTrustMode is 2 on that node.",
     "Keep such certificates out of Root, or set SCHANNEL ClientAuthTrustMode = 2 and suppress this finding.",
     "S 3; S 5, 4", &issued_in_root},
    {"CERT-014", Level::note, "a certificate that nobody uses", "It will be renewed, or forgotten, for nothing.",
     "Remove it from the design.", "(assumed)", &unused},
};

}  // namespace

std::span<const Rule> certificate_rules() {
  return rules;
}

}  // namespace rehearse::model::rules
