// ACC: the accounts that services run under (S 4.3).
#include <fmt/format.h>

#include "model/endpoint.hpp"
#include "model/rules/design_source.hpp"
#include "model/rules/families.hpp"
#include "model/rules/questions.hpp"

namespace rehearse::model::rules {
namespace {

bool is_separate(const Facts& facts) {
  return facts.design.scale_out.placement == Placement::separate;
}

std::string at_account(const Facts& facts) {
  return pointer_to(facts.design.scale_out.master.place.pointer, "account");
}

bool is_built_in(std::string_view account) {
  for (const std::string_view one :
       {"LocalSystem", "NT AUTHORITY\\SYSTEM", "NT AUTHORITY\\LOCAL SERVICE", "NT AUTHORITY\\LocalService",
        "NT AUTHORITY\\NETWORK SERVICE", "NT AUTHORITY\\NetworkService", "LocalService", "NetworkService", "SYSTEM"}) {
    if (same_name(account, one)) return true;
  }
  return false;
}

/// "CORP" of "CORP\svc"; empty: none.
std::string_view realm(std::string_view account) {
  const std::size_t slash = account.find('\\');
  return slash == std::string_view::npos ? std::string_view() : account.substr(0, slash);
}

Findings virtual_in_separate(const Facts& facts) {
  const Master& master = facts.design.scale_out.master;
  if (!is_separate(facts) || master.uses_domain_account()) return {};
  return {
      {at_account(facts),
       fmt::format("the master runs as '{}', which cannot log in to SSISDB on another node", master.account),
       "give it a domain account, with a login and a user of SSISDB in ssis_admin: \"account\": \"DOMAIN\\\\name\""}};
}

Findings built_in_in_separate(const Facts& facts) {
  const Master& master = facts.design.scale_out.master;
  if (!is_separate(facts) || !is_built_in(master.account)) return {};
  return {
      {at_account(facts),
       fmt::format("the master runs as '{}', which SSISDB on another node knows at most as this computer",
                   master.account),
       "give it a domain account, with a login and a user of SSISDB in ssis_admin: \"account\": \"DOMAIN\\\\name\""}};
}

Findings master_of_one_machine(const Facts& facts) {
  const Master& master = facts.design.scale_out.master;
  const std::string_view of = realm(master.account);
  const Node* node = of.empty() ? nullptr : node_called(facts.design, of);
  if (node == nullptr || master_owners(facts.design).size() < 2) return {};
  return {{at_account(facts),
           fmt::format("'{}' is an account of '{}', which no other node knows", master.account, node->name),
           "give it a domain account: \"account\": \"DOMAIN\\\\name\""}};
}

Findings master_of_each_machine(const Facts& facts) {
  const Master& master = facts.design.scale_out.master;
  if (realm(master.account) != ".") return {};
  return {{at_account(facts), fmt::format("'{}' is a local account, another one on every node", master.account),
           "give it a domain account: \"account\": \"DOMAIN\\\\name\""}};
}

Findings worker_of_other_machine(const Facts& facts) {
  Findings findings;
  for (const WorkerPool& pool : facts.design.scale_out.workers) {
    const std::string_view of = realm(pool.account);
    if (of.empty() || of == ".") continue;
    const std::vector<std::string> workers = pool.worker_names();
    std::string owner;
    if (const Node* node = node_called(facts.design, of)) owner = node->name;
    for (const std::string& worker : facts.design.worker_names()) {
      if (same_name(worker, of) && (workers.size() > 1 || !same_name(workers.front(), of))) owner = worker;
    }
    if (owner.empty()) continue;
    findings.push_back({pointer_to(pool.place.pointer, "account"),
                        fmt::format("'{}' is an account of the machine '{}' alone", pool.account, owner),
                        "give the workers a domain account: \"account\": \"DOMAIN\\\\name\""});
  }
  return findings;
}

Findings worker_virtual(const Facts& facts) {
  Findings findings;
  for (const WorkerPool& pool : facts.design.scale_out.workers) {
    if (is_domain_account(pool.account) && !is_built_in(pool.account)) continue;
    findings.push_back(
        {pointer_to(pool.place.pointer, "account"),
         fmt::format("packages on '{}' reach other machines only as the computer itself", pool.name),
         "give the workers a domain account that may read the sources: \"account\": \"DOMAIN\\\\name\""});
  }
  return findings;
}

Findings no_sql_logins(const Facts& facts) {
  if (facts.design.fci.mixed_mode) return {};
  return {{"/fci/mixed_mode", "workers log with a SQL login unless told otherwise, and the instance takes none",
           "write \"mixed_mode\": true, or log with Windows authentication and accept this finding"}};
}

constexpr Rule rules[] = {
    {"ACC-001", Level::error, "a virtual account in the separate placement",
     "In the separate placement SSISDB may be on another node than the master, and a virtual account (NT Service\\...) "
     "is known to the local instance only: after the first failover of one of the two roles the master cannot log in.",
     "A domain account, made a login and a user of SSISDB in ssis_admin by hand: enable_scaleout does it for the "
     "virtual "
     "account only.",
     "S 4.2, 2.1; S 4.3; S 5, 12", &virtual_in_separate},
    {"ACC-002", Level::warning, "a built-in account in the separate placement",
     "Over the network such an account is the computer, another one on every node, or nobody; each would need a login "
     "in "
     "ssis_admin of its own.",
     "A domain account.", "S 4.2, 2.1 (assumed)", &built_in_in_separate},
    {"ACC-003", Level::error, "the master's account is local to a machine",
     "Another node does not know the account, so the service does not start there.", "A domain account.", "W 5",
     &master_of_one_machine},
    {"ACC-004", Level::error, "workers run under an account of another machine",
     "A machine knows its own local accounts and those of its domain: the service does not start.", "A domain account.",
     "S 2 (assumed)", &worker_of_other_machine},
    {"ACC-005", Level::note, "packages run as the computer",
     "Packages run under the account of the worker's service. A virtual or built-in account is denied at sources that "
     "do "
     "not know this very computer.",
     "A domain account for the workers.", "S 5, 25", &worker_virtual},
    {"ACC-006", Level::warning, "the instance takes no SQL logins",
     "Workers write their logs straight to SSISDB as ##MS_SSISLogDBWorkerAgentLogin##. Without SQL logins packages "
     "succeed "
     "and leave no messages.",
     "Mixed mode; or update_logdb_info with Windows authentication, with the workers' account in ssis_cluster_worker.",
     "S 4.3; S 5, 8", &no_sql_logins},
    {"ACC-007", Level::warning, "the master's account is another one on every node",
     "A local account must be made on every node, with its own password, rights to the certificate's key and login to "
     "SSISDB; in the separate placement another node cannot verify it at all.",
     "A domain account.", "S 4.2, 2.1 (assumed)", &master_of_each_machine},
};

}  // namespace

std::span<const Rule> account_rules() {
  return rules;
}

}  // namespace rehearse::model::rules
