// What a worker's connection needs: the worker's own parts, the certificates on both sides, and a master behind the
// endpoint (S 1, 3; behaviour 5).
#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>

#include "model/endpoint.hpp"
#include "model/structure/requirement_builder.hpp"

namespace rehearse::model::structure {

std::string RequirementBuilder::site_of(const WorkerPool& pool) const {
  return pool.site.empty() ? design_.cluster.nodes.front().site : pool.site;
}

/// Dates are looked at when a connection opens, copies and bindings as well (behaviour 5). A binding, a key, trust and
/// a clean Root store are a node's own, and the cluster looks at none of them.
void RequirementBuilder::add_certificates() {
  const Master& master = design_.scale_out.master;
  const auto valid = [&](const std::string& key) {
    const Certificate* certificate = design_.find_certificate(key);
    if (certificate == nullptr || certificates_.contains(key)) return;
    Component component{ComponentKind::certificate, fmt::format("validity of the certificate '{}'", key), "", "",
                        certificate->place};
    component.faults = {fault_line("certificate.expire", {{"certificate", key}})};
    component.shows = Shows::when_workers_connect;
    component.provocations = {fault_line("master.crash")};
    certificates_[key] = leaf(std::move(component));
  };
  valid(master.certificate);
  for (const WorkerPool& pool : design_.scale_out.workers) valid(pool.certificate);

  for (const int number : master_.nodes) {
    const std::string& name = node(number).name;
    Component binding{ComponentKind::binding, "http.sys binding of " + name, name, "http.sys binding", master.place};
    binding.faults = {fault_line("certificate.wrong_binding", {{"node", name}})};
    Component root{ComponentKind::root_store, "clean Root store of " + name, name, "clean Root store",
                   node(number).place};
    root.faults = {fault_line("certificate.root_polluted", {{"node", name}})};
    std::vector<int>& listener = listener_[number];
    listener = {hidden_on(number, std::move(binding), Shows::when_workers_connect),
                hidden_on(number, std::move(root), Shows::when_workers_connect)};
    for (const auto& [key, of_validity] : certificates_) {
      const bool own = key == master.certificate;
      const std::string what = own ? fmt::format("'{}' with its key", key) : fmt::format("trust in '{}'", key);
      Component copy{ComponentKind::certificate_copy, fmt::format("{} on {}", what, name), name, what,
                     design_.find_certificate(key)->place};
      copy.faults = {fault_line("certificate.remove_from_store", {{"host", name}, {"certificate", key}})};
      const int there = hidden_on(number, std::move(copy), Shows::when_workers_connect);
      if (own) listener.push_back(there);
      trusted_[key][number] = there;
    }
  }
}

std::vector<int> RequirementBuilder::parts_of_worker(const std::string& worker, const WorkerPool& pool) {
  std::vector<int> parts = {sites_.at(site_of(pool))};
  // What the service looks at when it connects shows after a restart of that service.
  const TimelineLine restart = fault_line("worker.crash_service", {{"worker", worker}, {"for", "1m"}});
  const auto add = [&](ComponentKind kind, const std::string& what, TimelineLine fault, bool lurks,
                       const Place& place) {
    Component component{kind, fmt::format("{} of {}", what, worker), worker, what, place};
    component.faults = {std::move(fault)};
    if (lurks) {
      component.shows = Shows::when_workers_connect;
      component.provocations = {restart};
    }
    parts.push_back(leaf(std::move(component)));
  };
  using enum ComponentKind;
  add(worker_machine, "machine", fault_line("worker.crash_host", {{"worker", worker}}), false, pool.place);
  add(network_card, "card", fault_line("network.nic_down", {{"host", worker}}), false, pool.place);
  add(worker_service, "service", fault_line("worker.crash_service", {{"worker", worker}}), false, pool.place);
  const Keys endpoint = {{"host", worker}, {"key", "MasterEndpoint"}, {"value", "https://NOWHERE:8391"}};
  add(settings_file, "WorkerSettings.config", fault_line("configuration.settings_changed_on_one_node", endpoint), true,
      pool.place);
  const std::string& master = design_.scale_out.master.certificate;
  if (certificates_.contains(master)) {
    add(certificate_copy, fmt::format("trust in '{}'", master),
        fault_line("certificate.remove_from_store", {{"host", worker}, {"certificate", master}}), true, pool.place);
  }
  if (certificates_.contains(pool.certificate)) {
    const Keys own = {{"host", worker}, {"certificate", pool.certificate}, {"store", "My"}};
    add(certificate_copy, fmt::format("'{}' with its key", pool.certificate),
        fault_line("certificate.remove_from_store", own), true, pool.place);
    add(key_access, "access to its key", fault_line("certificate.key_access_lost", {{"worker", worker}}), true,
        pool.place);
  }
  return parts;
}

void RequirementBuilder::add_workers() {
  // One password for every worker's domain account, as one fault has it (behaviour 9).
  std::optional<int> account;
  Component password{ComponentKind::account, "", "", "", {}};
  for (const WorkerPool& pool : design_.scale_out.workers) {
    if (!is_domain_account(pool.account)) continue;
    if (password.name.empty()) password.place = pool.place;
    if (password.name.find(pool.account) == std::string::npos) {
      password.name += (password.name.empty() ? "the workers' account " : ", ") + pool.account;
    }
    for (const std::string& worker : pool.worker_names()) {
      password.provocations.push_back(fault_line("worker.crash_service", {{"worker", worker}, {"for", "1m"}}));
    }
  }
  if (!password.name.empty()) {
    password.faults = {fault_line("configuration.account_password_expired", {{"account", "worker"}})};
    password.shows = Shows::when_workers_connect;
    account = leaf(std::move(password));
  }
  for (const WorkerPool& pool : design_.scale_out.workers) {
    std::vector<std::string> names = pool.worker_names();
    names.resize(std::min(names.size(), static_cast<std::size_t>(workers_looked_at)));
    for (const std::string& name : names) {
      std::vector<int> parts = parts_of_worker(name, pool);
      if (account && is_domain_account(pool.account)) parts.push_back(*account);
      const auto endpoint = parse_endpoint(pool.settings.endpoint);
      const std::string host = endpoint ? endpoint->host : design_.master_host_name();
      LookedAt worker{name, {host, site_of(pool), pool.certificate}};
      worker.works = all("the worker " + name + " works", std::move(parts));
      Component enabled{ComponentKind::worker_enabled, "enabled in SSISDB of " + name, name, "enabled in SSISDB",
                        pool.place};
      enabled.faults = {fault_line("worker.disable", {{"worker", name}})};
      worker.enabled = leaf(std::move(enabled));
      workers_.push_back(std::move(worker));
    }
  }
}

/// By itself the cluster brings a role to a node where all that it sees is right, so it may be on any of them: what it
/// does not see must be right on all. A person picks one where both are.
int RequirementBuilder::placed(const std::string& name, const OnNodes& on, Mover mover) {
  std::vector<int> one_of, every;
  for (const int number : on.nodes) {
    const auto seen = on.seen.find(number);
    if (seen == on.seen.end()) continue;
    const auto found = on.hidden.find(number);
    const std::vector<int> hidden = found == on.hidden.end() ? std::vector<int>() : found->second;
    if (mover == Mover::cluster) {
      one_of.push_back(seen->second);
      every.insert(every.end(), hidden.begin(), hidden.end());
    } else {
      std::vector<int> both = hidden;
      both.insert(both.begin(), seen->second);
      one_of.push_back(all(fmt::format("{} on {}", name, node(number).name), std::move(both)));
    }
  }
  every.insert(every.begin(), any(name + " on one of its nodes", std::move(one_of)));
  return mover == Mover::cluster ? all(name + ", wherever it is", std::move(every)) : every.front();
}

/// The same, as far as clients of at least one of these sites get there.
OnNodes RequirementBuilder::reached_from(const std::vector<std::string>& sites, OnNodes on) {
  for (auto& [number, seen] : on.seen) {
    std::vector<int> links;
    bool at_hand = sites.empty();
    for (const std::string& site : sites) {
      const auto link = link_between(site, node(number).site);
      at_hand = at_hand || !link;
      if (link) links.push_back(*link);
    }
    if (at_hand) continue;
    const int way = any("a link from the clients to " + node(number).name, std::move(links));
    seen = all(fmt::format("{}, within reach", made_.graph.at(seen).name), {seen, way});
  }
  return on;
}

/// The machines that may stand behind the host of an endpoint, with what makes a master answer there.
OnNodes RequirementBuilder::behind_endpoint(const std::string& host) {
  if (same_name(host, of_master().host_name)) return master_;
  OnNodes on;
  const bool name_of_sql = same_name(host, of_sql().host_name);
  for (const int number : master_.nodes) {
    const bool both = name_of_sql && sql_.seen.contains(number);
    if (!both && !same_name(host, node(number).name)) continue;
    on.nodes.push_back(number);
    on.seen[number] = master_.seen.at(number);
    if (both)
      on.seen[number] =
          all("SQL Server and the master on " + node(number).name, {sql_.seen.at(number), on.seen[number]});
    on.hidden[number] = master_.hidden.at(number);
  }
  return on;
}

/// What the connections of workers have in common that ask at one host, stand in one place and share a certificate.
int RequirementBuilder::common_line(const Line& line, const std::string& workers, Mover mover, int master) {
  OnNodes on = behind_endpoint(line.host);
  for (auto& [at, hidden] : on.hidden) {
    hidden.insert(hidden.end(), listener_.at(at).begin(), listener_.at(at).end());
    if (trusted_.contains(line.certificate)) hidden.push_back(trusted_.at(line.certificate).at(at));
  }
  on = reached_from({line.site}, std::move(on));
  std::vector<int> parts = {placed("a master that answers " + workers, on, mover)};
  parts.insert(parts.end(), process_parts_.begin(), process_parts_.end());
  if (design_.find_node(line.host) == nullptr) parts.push_back(name_service_);
  // A master that ends without SSISDB answers nobody while it has none.
  if (design_.parameters[Switch::master_exits_without_ssisdb]) parts.push_back(master);
  for (const std::string& key : {design_.scale_out.master.certificate, line.certificate}) {
    if (certificates_.contains(key)) parts.push_back(certificates_.at(key));
  }
  return all("what lets " + workers + " in", std::move(parts));
}

/// A worker is connected and, to pick up executions, enabled.
int RequirementBuilder::some_worker(Mover mover, bool picks_up, int master) {
  std::map<Line, std::vector<const LookedAt*>> by_line;
  for (const LookedAt& worker : workers_) by_line[worker.line].push_back(&worker);
  std::vector<int> lines;
  for (const auto& [line, workers] : by_line) {
    std::vector<std::string> names;
    std::vector<int> any_of;
    for (const LookedAt* worker : workers) {
      names.push_back(worker->name);
      any_of.push_back(picks_up ? all(worker->name + " works and is enabled", {worker->works, worker->enabled})
                                : worker->works);
    }
    const std::string who = fmt::format("{}", fmt::join(names, " or "));
    const int common = common_line(line, who, mover, master);
    lines.push_back(all(who + (picks_up ? " picks up executions" : " is connected"), {common, any(who, any_of)}));
  }
  return any(picks_up ? "a worker picks up executions" : "a worker is connected", std::move(lines));
}

/// The same services on the side of the first node, unless that side has no quorum.
RequirementBuilder::Services RequirementBuilder::with_winner(Services services) {
  if (on_first_side_.empty()) return services;
  const OnNodes sql = sql_, master = master_;
  for (OnNodes* on : {&sql_, &master_}) {
    for (auto& [number, seen] : on->seen) {
      const auto side = on_first_side_.find(number);
      if (side == on_first_side_.end()) continue;
      seen = all(fmt::format("{}, on the side of {}", made_.graph.at(seen).name, node(0).name), {seen, side->second});
    }
  }
  Services there{};
  add_services(Mover::cluster, there);
  sql_ = sql;
  master_ = master;
  for (std::size_t i = 0; i < services.size(); ++i) {
    const std::string name = made_.graph.at(services[i]).name;  // the graph grows below
    const int won = any(name + " whoever wins the witness", {nobody_else_wins_, there[i]});
    services[i] = all(name, {services[i], won});
  }
  return services;
}

void RequirementBuilder::add_services(Mover mover, Services& services) {
  std::vector<std::string> sites;
  for (const WorkerPool& pool : design_.scale_out.workers) sites.push_back(site_of(pool));
  const auto service = [&](Service which) -> int& { return services[static_cast<std::size_t>(which)]; };

  std::vector<int> parts = sql_parts_;
  parts.insert(parts.begin(), placed("SQL Server", reached_from(sites, sql_), mover));
  service(Service::sql_server) = all("SQL Server answers", std::move(parts));
  service(Service::ssisdb) = all("SSISDB is open", {service(Service::sql_server), ssisdb_});

  int database = service(Service::ssisdb);
  if (!separate() || moves_without_ssisdb()) {
    // On SQL Server's own node it finds it behind whatever port is closed.
    OnNodes beside = sql_;
    for (auto& [at, hidden] : beside.hidden) hidden.pop_back();  // the port
    parts = sql_parts_;
    parts.insert(parts.begin(), {placed("SQL Server beside the master", beside, mover), ssisdb_});
    database = all("the master has SSISDB", std::move(parts));
  }
  OnNodes with_file = master_;  // which it needs for SSISDB, not to answer
  for (const auto& [number, readable] : master_file_) with_file.hidden[number].push_back(readable);
  parts = {database, placed("the master", reached_from(sites, with_file), mover)};
  parts.insert(parts.end(), process_parts_.begin(), process_parts_.end());
  parts.insert(parts.end(), service_parts_.begin(), service_parts_.end());
  service(Service::scale_out_master) = all("the Scale Out Master serves", std::move(parts));

  service(Service::workers) = some_worker(mover, false, service(Service::scale_out_master));
  service(Service::package_execution) =
      all("packages are executed", {service(Service::ssisdb), service(Service::scale_out_master),
                                    some_worker(mover, true, service(Service::scale_out_master))});
}

}  // namespace rehearse::model::structure
