#include "deployed_worlds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <stdexcept>

#include "model/design_reader.hpp"
#include "sim/world/workers.hpp"

namespace rehearse::sim {

using world::World;

model::Design shipped_design(const std::string& name) {
  const auto result =
      model::read_design_file(std::string(REHEARSE_SOURCE_DIR) + "/scenarios/designs/" + name + ".json");
  if (!result.design) throw std::runtime_error("the shipped design " + name + " is not readable");
  return *result.design;
}

model::Design stretched_design(model::Witness::Kind witness, model::Placement placement) {
  const bool joint = placement == model::Placement::joint;
  model::Design design = shipped_design(joint ? "reference" : "separate");
  design.name = "stretched";
  design.cluster.nodes.clear();
  for (const auto& [name, site] : {std::pair("SQL1", "A"), {"SQL2", "A"}, {"SQL3", "B"}, {"SQL4", "B"}}) {
    model::Node node;
    node.name = name;
    node.site = site;
    design.cluster.nodes.push_back(node);
  }
  design.cluster.networks.clear();
  for (const auto& [subnet, site] : {std::pair("10.0.0.0/24", "A"), {"10.0.1.0/24", "B"}}) {
    model::Network network;
    network.name = std::string("Network ") + site;
    network.subnet = subnet;
    network.site = site;
    design.cluster.networks.push_back(network);
  }
  design.cluster.witness.kind = witness;
  using Kind = model::Witness::Kind;
  design.cluster.witness.path = witness == Kind::none         ? ""
                                : witness == Kind::disk       ? "Quorum Disk"
                                : witness == Kind::file_share ? "\\\\FS1\\witness"
                                                              : "witnessaccount";
  design.fci.addresses = {"10.0.0.50", "10.0.1.50"};
  if (!joint) design.scale_out.role->addresses = {"10.0.0.60", "10.0.1.60"};
  // Each node and worker gets the certificates where the article's steps put them, and the same settings.
  for (model::Certificate& certificate : design.certificates) certificate.installed.clear();
  design.scale_out.master.settings = design.master_settings("SQL1");
  design.scale_out.master.settings_by_node.clear();
  return design;
}

World empty_world(const model::Design& design, world::Pace pace) {
  const Date start = model::parse_date("2027-03-01T10:00:00Z").value();
  auto blueprint = std::make_shared<const world::Blueprint>(design, start, std::chrono::hours(1));
  World result(std::move(blueprint), core::at_start - std::chrono::hours(24), pace);
  result.engine().set_key({7, 0});
  return result;
}

World deployed_world(const model::Design& design, world::Pace pace) {
  World result = empty_world(design, pace);
  deploy_installed(result);
  return result;
}

std::string to_text(const std::vector<StepNote>& notes) {
  std::string text;
  for (const StepNote& note : notes) {
    text += fmt::format("{} {} {}: {}{}\n", model::to_text(note.from - core::at_start + std::chrono::hours(24)),
                        note.section, note.title, note.ended ? to_text(note.outcome.kind) : "under way",
                        note.outcome.failure ? std::string(": ") + note.outcome.failure->what() : "");
  }
  return text;
}

std::size_t count(const std::vector<StepNote>& notes, steps::StepOutcome::Kind kind) {
  return static_cast<std::size_t>(
      std::count_if(notes.begin(), notes.end(), [&](const StepNote& note) { return note.outcome.kind == kind; }));
}

std::string deployment_of(const World& world) {
  const world::State& state = world.state();
  const world::Blueprint& plan = world.plan();
  std::string text;
  for (world::HostIndex index = 0; index < state.hosts.size(); ++index) {
    const world::HostState& host = state.hosts[index];
    const world::MasterSettingsState& settings = host.master_file;
    text += fmt::format(
        "host {}: feature {} sql {} member {} master {} account {} automatic {} connected {} firewall {}{}\n",
        plan.hosts[index].name, host.feature, host.sql_installed, state.cluster.members >> index & 1,
        static_cast<int>(host.master), host.master_account, host.master_automatic, host.master_connected,
        host.firewall_master, host.firewall_sql);
    text += fmt::format("  settings {} {} {} {} {} {} {} binding {} {}\n", settings.port, settings.certificate,
                        settings.sql_server_name, settings.cleanup.count(), settings.sweep.count(),
                        settings.heartbeat.count(), settings.sql_timeout.count(), host.binding, host.binding_port);
  }
  const world::ClusterState& cluster = state.cluster;
  text += fmt::format("cluster: created {} configured {} paused {} votes {} of {} witness {}\n", cluster.created,
                      cluster.configured, cluster.paused, cluster.votes.dynamic_weight, cluster.votes.node_weight,
                      cluster.votes.witness_vote);
  for (world::GroupIndex index = 0; index < state.groups.size(); ++index) {
    const world::GroupState& group = state.groups[index];
    text += fmt::format("role {}: wanted {} owner {} target {}\n", plan.groups[index].name, group.wanted, group.owner,
                        group.target);
  }
  for (world::ResourceIndex index = 0; index < state.resources.size(); ++index) {
    const world::ResourceState& resource = state.resources[index];
    text += fmt::format("resource {}: {} held {} given up {} action {} needs {}\n", plan.resources[index].name,
                        static_cast<int>(resource.status), resource.held, resource.given_up, resource.restart_action,
                        resource.needs.mentioned());
  }
  const world::InstanceState& instance = state.instance;
  text +=
      fmt::format("instance: {} on {} ssisdb {} {} scale out {} log login {} startup {} address {}\n",
                  static_cast<int>(instance.sql), instance.node, instance.ssisdb_exists, instance.ssisdb_open,
                  instance.scale_out_enabled, instance.log_login, instance.startup_procedure, instance.master_address);
  for (world::WorkerIndex index = 0; index < state.workers.size(); ++index) {
    const world::WorkerState& worker = state.workers[index];
    text += fmt::format("worker {}: {} line {} peer {} registered {} enabled {} knows {} reporting {} account {}\n",
                        plan.workers[index].name, static_cast<int>(worker.service), static_cast<int>(worker.line),
                        worker.peer, worker.registered, worker.enabled, worker.knows_enabled, worker.reporting,
                        worker.account);
    text +=
        fmt::format("  settings {} {} {} key {} {} {} {} {} {}\n", worker.endpoint, worker.master_certificate,
                    worker.worker_certificate, worker.key_access, worker.agent_heartbeat.count(),
                    worker.task_heartbeat.count(), worker.tolerance.count(), worker.lease.count(), worker.max_tasks);
    text += fmt::format("  as in the file: {}\n", worker.file == worker);
  }
  std::set<std::string> lines;
  for (const world::PlacedCertificate& copy : state.placed) {
    lines.insert(fmt::format("certificate {} on {} in {} key {}\n", copy.certificate, plan.hosts[copy.host].name,
                             static_cast<int>(copy.store), copy.key));
  }
  for (const world::TextIndex admin : state.admins) lines.insert(fmt::format("admin {}\n", plan.text(admin)));
  for (const std::string& line : lines) text += line;
  return text;
}

}  // namespace rehearse::sim
