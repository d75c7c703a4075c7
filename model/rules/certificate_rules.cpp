// CERT: where certificates lie and what they are called (S 3).
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
  for (const auto& [certificate, workers] : worker_certificates(facts.design)) {
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
  for (const auto& [certificate, workers] : worker_certificates(facts.design)) {
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
  for (const auto& [certificate, workers] : worker_certificates(facts.design)) {
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
  const std::vector<const Certificate*> in_use = used_certificates(facts.design);
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
    {"CERT-008", Level::warning, "a certificate of an issuer pollutes a node's Root store",
     "With certificates in Root that are not self-signed, Schannel refuses client certificates: (403) Forbidden for "
     "every "
     "worker, unless SendTrustedIssuerList is 0 or ClientAuthTrustMode is 2 on that node.",
     "Keep such certificates out of Root, or set SCHANNEL ClientAuthTrustMode = 2 and suppress this finding.",
     "S 3; S 5, 4", &issued_in_root},
    {"CERT-009", Level::note, "a certificate that nobody uses", "It will be renewed, or forgotten, for nothing.",
     "Remove it from the design.", "(assumed)", &unused},
};

}  // namespace

std::span<const Rule> certificate_rules() {
  return rules;
}

}  // namespace rehearse::model::rules
