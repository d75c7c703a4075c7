// THUMB: what settings files pin, against the certificates of the design (S 3).
#include <fmt/format.h>

#include "model/rules/families.hpp"
#include "model/rules/questions.hpp"

namespace rehearse::model::rules {
namespace {

Findings worker_pins_another_master(const Facts& facts) {
  Findings findings;
  const Certificate* certificate = facts.design.find_certificate(facts.design.scale_out.master.certificate);
  if (certificate == nullptr || certificate->thumbprint.empty()) return findings;
  for (const WorkerPool& pool : facts.design.scale_out.workers) {
    const std::string& pinned = pool.settings.master_certificate_thumbprint;
    if (pinned.empty() || pinned == certificate->thumbprint) continue;
    findings.push_back({setting_of_pool(facts, pool, "MasterHttpsCertThumbprint"),
                        fmt::format("'{}' expects the master's certificate {}, but it is {}", pool.name, pinned,
                                    certificate->thumbprint),
                        "write MasterHttpsCertThumbprint " + certificate->thumbprint + " and restart the worker"});
  }
  return findings;
}

Findings worker_names_another_own(const Facts& facts) {
  Findings findings;
  for (const WorkerPool& pool : facts.design.scale_out.workers) {
    const Certificate* certificate = facts.design.find_certificate(pool.certificate);
    const std::string& stated = pool.settings.worker_certificate_thumbprint;
    if (certificate == nullptr || certificate->thumbprint.empty() || stated.empty()) continue;
    if (stated == certificate->thumbprint) continue;
    findings.push_back({setting_of_pool(facts, pool, "WorkerHttpsCertThumbprint"),
                        fmt::format("'{}' looks for its certificate {}, but the design gives it {}", pool.name, stated,
                                    certificate->thumbprint),
                        "write WorkerHttpsCertThumbprint " + certificate->thumbprint + " and restart the worker"});
  }
  return findings;
}

bool differ_between_nodes(const Facts& facts) {
  std::string first;
  for (const std::string& node : master_owners(facts.design)) {
    const std::string& stated = facts.design.master_settings(node).certificate_thumbprint;
    if (stated.empty()) continue;
    if (first.empty()) first = stated;
    if (stated != first) return true;
  }
  return false;
}

Findings nodes_differ(const Facts& facts) {
  if (!differ_between_nodes(facts)) return {};
  Findings findings;
  const std::vector<std::string> nodes = master_owners(facts.design);
  std::string first, of;
  for (const std::string& node : nodes) {
    const std::string& stated = facts.design.master_settings(node).certificate_thumbprint;
    if (stated.empty()) continue;
    if (first.empty()) {
      first = stated;
      of = node;
    } else if (stated != first) {
      findings.push_back({setting_of_node(facts, node, "SSLCertThumbprint"),
                          fmt::format("the certificate in MasterSettings.config of '{}' is {}, that of '{}' is {}",
                                      node, stated, of, first),
                          "install one certificate on every node and name it in every MasterSettings.config"});
    }
  }
  return findings;
}

Findings master_names_another(const Facts& facts) {
  const Certificate* certificate = facts.design.find_certificate(facts.design.scale_out.master.certificate);
  if (certificate == nullptr || certificate->thumbprint.empty() || differ_between_nodes(facts)) return {};
  Findings findings;
  for (const std::string& node : master_owners(facts.design)) {
    const std::string& stated = facts.design.master_settings(node).certificate_thumbprint;
    if (stated.empty() || stated == certificate->thumbprint) continue;
    findings.push_back({setting_of_node(facts, node, "SSLCertThumbprint"),
                        fmt::format("MasterSettings.config names the certificate {}, but the design has {}", stated,
                                    certificate->thumbprint),
                        "write SSLCertThumbprint " + certificate->thumbprint + " and restart the master"});
  }
  return findings;
}

constexpr Rule rules[] = {
    {"THUMB-001", Level::error, "a worker pins another certificate of the master",
     "MasterHttpsCertThumbprint is compared with the certificate that the node shows; a difference ends every "
     "connection "
     "with 'Could not establish trust relationship'. Typical after a rotation that forgot a worker.",
     "Write the thumbprint of the certificate that the nodes show.", "S 3; S 5, 2", &worker_pins_another_master},
    {"THUMB-002", Level::error, "a worker looks for another certificate of its own",
     "WorkerHttpsCertThumbprint names the certificate that the worker shows. If no such certificate with a key is in "
     "its "
     "store, no secure channel is made.",
     "Write the thumbprint of the certificate that lies in LocalMachine\\My of the worker.", "S 3; S 5, 3",
     &worker_names_another_own},
    {"THUMB-003", Level::error, "the master's certificate differs between nodes",
     "It was rotated on one node only: what works now ends with a trust error after the next failover, because workers "
     "pin one thumbprint.",
     "One certificate, installed and named in MasterSettings.config on every node.", "S 2; S 5, 32", &nodes_differ},
    {"THUMB-004", Level::warning, "MasterSettings.config names another certificate than the design",
     "The master writes this thumbprint to the catalog, while workers see what the binding of http.sys holds. One of "
     "the "
     "two was forgotten in a rotation.",
     "Write the thumbprint of the certificate that the binding holds, and restart the master.", "S 1.7; S 3",
     &master_names_another},
};

}  // namespace

std::span<const Rule> thumbprint_rules() {
  return rules;
}

}  // namespace rehearse::model::rules
