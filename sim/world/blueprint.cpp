#include "sim/world/blueprint.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>

#include "model/endpoint.hpp"
#include "model/handshake.hpp"
#include "model/local_time.hpp"

namespace rehearse::world {
namespace {

using model::same_name;

}  // namespace

std::vector<model::Diagnostic> Blueprint::unsupported(const model::Design& design) {
  std::vector<model::Diagnostic> findings;
  const auto refuse = [&](const model::Place& place, std::string what, std::string remedy) {
    findings.push_back({model::Severity::error, design.file, place, std::move(what), std::move(remedy)});
  };
  constexpr std::size_t most_disks = 48;  // a role holds 64 resources
  if (design.fci.disks.size() > most_disks) {
    refuse(design.fci.place, "this version simulates at most 48 disks in the role",
           "leave the disks that SQL Server depends on");
  }
  constexpr std::size_t most_networks = 32, most_sites = 11;
  if (design.cluster.networks.size() > most_networks) {
    refuse(design.cluster.networks[most_networks].place, "this version simulates at most 32 networks",
           "leave the networks that heartbeats and clients use");
  }
  if (design.sites().size() > most_sites) {
    refuse(design.cluster.place, "this version simulates at most 11 sites",
           "put machines that fail together in one site");
  }
  if (design.fci.availability_group) {
    for (const model::AvailabilityGroup::Replica& replica : design.fci.availability_group->replicas) {
      if (!replica.hosted_by_fci) continue;
      refuse(replica.place,
             "the replica on '" + replica.node +
                 "' is hosted by a failover cluster instance, and this version simulates stand-alone replicas",
             "make it a stand-alone instance: with a failover cluster instance nothing fails over by itself anyway");
    }
  }
  for (const std::string& worker : design.worker_names()) {
    if (design.find_node(worker) == nullptr) continue;
    refuse(design.scale_out.place,
           "the worker '" + worker +
               "' has the name of a cluster node, and this version simulates workers on machines of their own",
           "give the worker its own machine");
  }
  return findings;
}

Blueprint::Blueprint(const model::Design& design, Date start, Duration horizon,
                     const std::vector<std::string>& further_texts)
    : design_(design), start_(start), horizon_(horizon) {
  const model::FailoverClusterInstance& fci = design_.fci;
  if (fci.health_check_timeout) {
    design_.parameters.set(model::Setting::health_check_timeout, fci.health_check_timeout->count(),
                           model::Origin::given, "design");
  }
  if (fci.failure_condition_level) {
    design_.parameters.set(model::Setting::failure_condition_level, *fci.failure_condition_level, model::Origin::given,
                           "design");
  }
  if (fci.ssisdb_recovery) {
    design_.parameters.set(model::Timing::ssisdb_recovery_after_crash, *fci.ssisdb_recovery, model::Origin::given,
                           "design");
  }
  samplers_.reserve(model::timing_count);
  for (std::size_t timing = 0; timing < model::timing_count; ++timing) {
    samplers_.emplace_back(design_.parameters[static_cast<model::Timing>(timing)]);
  }
  lay_out_cluster();
  lay_out_scale_out();
  lay_out_sources();
  for (const std::string& text : further_texts) intern(text);
  lay_out_endpoints();
  streams_ = DrawStreams(*this);
}

namespace {

/// A listener answers at its own port only: "SSISLSN" means 1433, "SSISLSN,1533" another.
bool leads_to_listener_port(const std::string& name, const model::Design& design) {
  const auto& group = design.fci.availability_group;
  if (!group) return true;
  const std::size_t comma = name.find(',');
  return (comma == std::string::npos ? "1433" : name.substr(comma + 1)) == std::to_string(group->port);
}

}  // namespace

SqlNamePlan Blueprint::sql_name_of(const std::string& text) const {
  using Leads = SqlNamePlan::Leads;
  // The article's own "name//instance" reads but leads nowhere (W 11, 1; assumed).
  if (text.find("//") != std::string::npos) return {Leads::nowhere};
  const std::string host = text.substr(0, text.find_first_of("\\,"));
  if (!leads_to_listener_port(text, design_)) return {Leads::to_silence};
  if (same_name(host, groups[sql_group].host_name)) return {Leads::to_role};
  const HostIndex machine = find_host(host);
  return machine == none ? SqlNamePlan{Leads::nowhere} : SqlNamePlan{Leads::to_machine, machine};
}

void Blueprint::lay_out_endpoints() {
  for (const std::string& text : texts_) {
    sql_names_.push_back(sql_name_of(text));
    EndpointPlan plan;
    if (const auto endpoint = model::parse_endpoint(text)) {
      plan.host = endpoint->host;
      plan.port = endpoint->port;
      for (GroupIndex group = 0; group < groups.size() && plan.role == none; ++group) {
        if (!groups[group].host_name.empty() && same_name(groups[group].host_name, plan.host)) plan.role = group;
      }
      plan.machine = find_host(plan.host);
    }
    endpoints_.push_back(std::move(plan));
  }
  for (const CertificatePlan& certificate : certificates) {
    std::vector<bool>& certified = certified_.emplace_back();
    for (const EndpointPlan& endpoint : endpoints_) {
      certified.push_back(model::names_match(certificate.names, endpoint.host));
    }
  }
}

void Blueprint::lay_out_scale_out() {
  worker_sets.emplace_back();
  std::map<std::string, WorkerIndex> first_of_agent;  // cloned machines carry one AgentId
  intern(design_.fci.server_name());
  intern(design_.scale_out.master.account);
  for (const model::Node& node : design_.cluster.nodes) intern(design_.master_settings(node.name).sql_server_name);
  master_endpoint =
      intern("https://" + design_.master_host_name() + ":" + std::to_string(design_.scale_out.master.settings.port));

  for (std::uint32_t pool = 0; pool < design_.scale_out.workers.size(); ++pool) {
    const model::WorkerPool& plan = design_.scale_out.workers[pool];
    slots_per_worker = std::max(slots_per_worker, static_cast<std::uint32_t>(plan.settings.max_task_count));
    intern(plan.account);
    const TextIndex endpoint = intern(plan.settings.endpoint);
    if (pool == 0) designed_endpoint = endpoint;
    for (const std::string& name : plan.worker_names()) {
      const auto index = static_cast<WorkerIndex>(workers.size());
      const std::string& agent = plan.settings.agent_id;
      const WorkerIndex row = agent.empty() ? index : first_of_agent.emplace(agent, index).first->second;
      workers.push_back({name, static_cast<HostIndex>(hosts.size()), pool, row, {0}});
      const SiteIndex site = plan.site.empty() ? hosts.front().site : find_site(plan.site);
      hosts.push_back({name, HostKind::worker_machine, false, site, 1});
    }
  }
  for (const model::Certificate& certificate : design_.certificates) {
    certificates.push_back({certificate.common_names, certificate.thumbprint, certificate.key});
  }
}

BatchPlan Blueprint::plan_of(const model::WorkloadSource& source, BatchPlan::Kind kind, const core::Sampler& duration) {
  const double percent = static_cast<double>(parameters()[model::Setting::uses_instance_percent]);
  return {source.name,
          kind,
          0,
          1,
          source.retry_count,
          source.submitter,
          source.uses_instance.value_or(percent / 100),
          worker_set(source.workers),
          duration,
          {},
          {},
          Duration::max(),
          {},
          {}};
}

WorkerSet Blueprint::worker_set(const std::vector<std::string>& names) {
  std::vector<WorkerIndex> members;
  for (const std::string& name : names) members.push_back(find_worker(name));
  std::sort(members.begin(), members.end());
  members.erase(std::unique(members.begin(), members.end()), members.end());
  const auto found = std::find(worker_sets.begin(), worker_sets.end(), members);
  const auto set = static_cast<WorkerSet>(found - worker_sets.begin());
  if (found != worker_sets.end()) return set;
  for (const WorkerIndex member : members) workers[member].sets.push_back(set);
  worker_sets.push_back(std::move(members));
  return set;
}

void Blueprint::lay_out_sources() {
  const auto sampler_of = [&](const std::optional<model::Distribution>& stated) {
    return stated ? core::Sampler(*stated) : sampler(model::Timing::package);
  };
  const Date end = start_ + horizon_;
  for (const model::Batch& batch : design_.batches) {
    BatchPlan plan = plan_of(batch, BatchPlan::Kind::batch, sampler_of(batch.duration));
    plan.executions = static_cast<std::uint32_t>(batch.executions);
    plan.callers = static_cast<std::uint32_t>(batch.callers);
    for (const Date day : model::daily_occurrences(design_.time_zone, batch.at, start_, end, batch.days)) {
      plan.starts.push_back(time_at(day));
      plan.deadlines.push_back(core::never);
      if (!batch.deadline) continue;
      // The next time that clocks show the deadline, at most a day and the change of summer time away.
      const auto due = model::daily_occurrences(design_.time_zone, *batch.deadline, day + std::chrono::nanoseconds(1),
                                                day + std::chrono::hours(26));
      if (!due.empty()) plan.deadlines.back() = time_at(due.front());
    }
    batches.push_back(std::move(plan));
  }
  for (const model::Rate& rate : design_.rates) {
    BatchPlan plan = plan_of(rate, BatchPlan::Kind::rate, sampler_of(rate.duration));
    plan.rate = model::rate_steps(design_.time_zone, rate.per_hour, rate.profile, start_, end);
    plan.deadline_after = rate.deadline_after.value_or(Duration::max());
    batches.push_back(std::move(plan));
  }
  for (const model::History& history : design_.histories) {
    BatchPlan plan = plan_of(history, BatchPlan::Kind::history, sampler(model::Timing::package));
    const Duration shift = model::shift_of(history, design_.time_zone, start_);
    for (const model::HistoryRow& row : history.rows) {
      const Time at = time_at(row.created + shift);
      if (at >= core::at_start && at <= horizon()) plan.arrivals.push_back({at, row.run, row.retry_count});
    }
    plan.deadline_after = history.deadline_after.value_or(Duration::max());
    batches.push_back(std::move(plan));
  }
}

TextIndex Blueprint::intern(std::string_view text) {
  if (const TextIndex found = find_text(text); found != none) return found;
  texts_.emplace_back(text);
  return static_cast<TextIndex>(texts_.size() - 1);
}

TextIndex Blueprint::find_text(std::string_view text) const {
  const auto found = std::find(texts_.begin(), texts_.end(), text);
  return found == texts_.end() ? none : static_cast<TextIndex>(found - texts_.begin());
}

namespace {

template <class Plans>
std::uint32_t index_by_name(const Plans& plans, std::string_view name) {
  const auto found =
      std::find_if(plans.begin(), plans.end(), [&](const auto& plan) { return same_name(plan.name, name); });
  return found == plans.end() ? none : static_cast<std::uint32_t>(found - plans.begin());
}

}  // namespace

HostIndex Blueprint::find_host(std::string_view name) const {
  return index_by_name(hosts, name);
}
GroupIndex Blueprint::find_group(std::string_view name) const {
  return index_by_name(groups, name);
}
ResourceIndex Blueprint::find_resource(std::string_view name) const {
  return index_by_name(resources, name);
}
WorkerIndex Blueprint::find_worker(std::string_view name) const {
  return index_by_name(workers, name);
}

CertificateIndex Blueprint::find_certificate(std::string_view design_key) const {
  for (std::uint32_t index = 0; index < certificates.size(); ++index) {
    if (certificates[index].design_key == design_key) return index;
  }
  return none;
}

std::string Blueprint::name_of(PartId part) const {
  const std::uint32_t index = part.index();
  switch (part.part()) {
    case Part::cluster: return design_.cluster.name;
    case Part::host: return hosts.at(index).name;
    case Part::group: return groups.at(index).name;
    case Part::resource: return resources.at(index).name;
    case Part::instance: return design_.fci.server_name();
    case Part::worker: return workers.at(index).name;
    case Part::batch: return batches.at(index).name;
    case Part::task: return "execution " + std::to_string(index + 1);
    case Part::site: return sites.at(index);
    case Part::certificate:
      return index < certificates.size() ? certificates[index].design_key : "certificate " + std::to_string(index + 1);
  }
  throw std::logic_error("no such part");
}

std::string Blueprint::draws_as(PartId part) const {
  return std::to_string(static_cast<int>(part.part())) + "/" + name_of(part);
}

core::Stream Blueprint::stream(PartId part, std::string_view purpose) const {
  const core::ComponentStreams* const known = streams_.find(part);
  return known != nullptr ? known->of(purpose) : core::stream(draws_as(part), purpose);
}

core::Stream Blueprint::stream(PartId part, model::Timing timing) const {
  return streams_.find(part) != nullptr ? streams_.of(part, timing) : stream(part, model::name_of(timing));
}

}  // namespace rehearse::world
