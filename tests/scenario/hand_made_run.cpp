#include "hand_made_run.hpp"

#include <stdexcept>

#include "sim/scenario/task_counts.hpp"
#include "sim/scenario/work_figures.hpp"

namespace rehearse::sim {

using namespace std::chrono_literals;
using world::cluster_id;
using world::group_id;
using world::host_id;
using world::instance_id;
using world::none;
using world::PartId;
using world::RecordId;
using world::RecordKind;
using world::resource_id;
using world::ResourceIndex;
using world::ResourceKind;
using world::worker_id;

namespace {

constexpr Date start = Date(std::chrono::sys_days(std::chrono::year(2027) / 3 / 1) + std::chrono::minutes(30));

PartId find(const world::Blueprint& plan, ResourceKind kind) {
  for (ResourceIndex index = 0; index < plan.resources.size(); ++index) {
    if (plan.resources[index].kind == kind) return resource_id(index);
  }
  throw std::logic_error("no such resource");
}

}  // namespace

model::Design small_design() {
  model::Design design;
  design.name = "small";
  design.cluster.name = "SSISCLU";
  for (const char* name : {"SQL1", "SQL2"}) {
    model::Node node;
    node.name = name;
    design.cluster.nodes.push_back(node);
  }
  model::Network network;
  network.name = "Cluster Network 1";
  network.subnet = "10.0.0.0/24";
  design.cluster.networks.push_back(network);
  design.cluster.witness.kind = model::Witness::Kind::file_share;
  design.cluster.witness.path = "\\\\FS1\\witness";
  design.fci.network_name = "SQLFCI";
  design.fci.addresses = {"10.0.0.50"};
  design.fci.disks = {"Cluster Disk 1"};
  design.scale_out.master.account = "CORP\\svc-ssis";
  design.scale_out.master.certificate = "master";
  model::WorkerPool pool;
  pool.name = "WRK";
  pool.count = 2;
  pool.numbered = true;
  pool.certificate = "worker";
  pool.settings.endpoint = "https://SQLFCI:8391";
  pool.settings.max_task_count = 2;
  design.scale_out.workers.push_back(pool);
  model::Certificate certificate;
  certificate.key = "master";
  certificate.common_names = {"SQLFCI"};
  design.certificates.push_back(certificate);
  certificate.key = "worker";
  design.certificates.push_back(certificate);
  model::Batch batch;
  batch.name = "nightly";
  batch.at = 1h;
  batch.executions = 3;
  batch.deadline = 2h;
  design.batches.push_back(batch);
  return design;
}

HandMade::HandMade(const model::Design& design)
    : plan_(std::make_shared<const world::Blueprint>(design, start, 24h)), first_(world::first_state(*plan_)) {
  before(RecordKind::cluster_created, cluster_id, sql1);
  before(RecordKind::cluster_formed, host_id(sql1));
  before(RecordKind::role_created, role());
  before(RecordKind::owner_changed, role(), sql1);
  for (const world::HostIndex node : {sql1, sql2}) {
    before(RecordKind::node_joined, host_id(node));
    before(RecordKind::sql_installed, host_id(node));
    before(RecordKind::master_installed, host_id(node));
    before(RecordKind::firewall_opened, host_id(node), none, 8391);
  }
  before(RecordKind::witness_configured, cluster_id);
  for (ResourceIndex index = 0; index < plan_->resources.size(); ++index) {
    before(RecordKind::resource_created, resource_id(index));
    before(RecordKind::resource_online, resource_id(index));
  }
  before(RecordKind::catalog_created, instance_id);
  before(RecordKind::scale_out_enabled, instance_id);
  before(RecordKind::master_started, host_id(sql1), none, 1);
  before(RecordKind::master_connected, host_id(sql1));
  for (const world::WorkerIndex worker : {wrk1, wrk2}) {
    before(RecordKind::worker_installed, worker_id(worker));
    before(RecordKind::worker_setting, worker_id(worker), static_cast<std::uint32_t>(world::WorkerField::endpoint),
           plan_->find_text("https://SQLFCI:8391"));
    before(RecordKind::worker_service_started, worker_id(worker));
    before(RecordKind::worker_connected, worker_id(worker), sql1, 1);
    before(RecordKind::worker_registered, worker_id(worker));
    before(RecordKind::worker_enabled, worker_id(worker));
    before(RecordKind::worker_learned_enabled, worker_id(worker));
    before(RecordKind::worker_reporting, worker_id(worker));
  }
}

PartId HandMade::disk() const {
  return find(*plan_, ResourceKind::disk);
}
PartId HandMade::address() const {
  return find(*plan_, ResourceKind::address);
}
PartId HandMade::name() const {
  return find(*plan_, ResourceKind::name);
}
PartId HandMade::sql() const {
  return resource_id(plan_->sql_resource);
}
PartId HandMade::master() const {
  return resource_id(plan_->master_resource);
}

void HandMade::before(RecordKind kind, PartId subject, std::uint32_t object, std::int64_t value) {
  if (!journal_.records.empty()) throw std::logic_error("the journal has begun");
  world::apply(first_, {core::Time(-1h), 0, kind, 0, subject, object, value}, *plan_);
  journal_.first = first_.records + 1;
}

RecordId HandMade::tell(Duration at, RecordKind kind, PartId subject, RecordId cause, std::uint32_t object,
                        std::int64_t value) {
  journal_.records.push_back({core::Time(at), cause, kind, 0, subject, object, value});
  return journal_.first + journal_.records.size() - 1;
}

void HandMade::tell_power_loss(Duration at) {
  const RecordId fault = tell(at, RecordKind::fault_injected, cluster_id, 0, 0);
  const RecordId lost = tell(at, RecordKind::host_power_lost, host_id(sql1), fault);
  tell(at, RecordKind::node_service_ended, host_id(sql1), lost, none, 3);
  const RecordId crashed = tell(at, RecordKind::sql_crashed, instance_id, lost, sql1);
  tell(at, RecordKind::ssisdb_closed, instance_id, crashed);
  const RecordId ended = tell(at, RecordKind::master_ended, host_id(sql1), lost, none, 2);
  for (const world::WorkerIndex worker : {wrk1, wrk2}) {
    tell(at, RecordKind::worker_cut_off, worker_id(worker), ended, none, 1);
  }
  const RecordId silent = tell(at + 20s, RecordKind::peer_silent, host_id(sql2), lost, sql1);
  const RecordId regrouped = tell(at + 21s, RecordKind::regroup_done, host_id(sql2), silent, none, 2);
  const RecordId won = tell(at + 27500ms, RecordKind::arbitration_won, host_id(sql2), regrouped);
  const RecordId removed = tell(at + 27500ms, RecordKind::node_removed, host_id(sql1), won, sql2);
  for (ResourceIndex index = 0; index < plan_->resources.size(); ++index) {
    tell(at + 27500ms, RecordKind::resource_lost, resource_id(index), removed);
  }
  const RecordId owned = tell(at + 27500ms, RecordKind::owner_changed, role(), removed, sql2, 2);
  const RecordId disk_starts = tell(at + 27500ms, RecordKind::resource_online_pending, disk(), owned, none, 1);
  const RecordId address_starts = tell(at + 27500ms, RecordKind::resource_online_pending, address(), owned, none, 1);
  const RecordId address_up = tell(at + 28500ms, RecordKind::resource_online, address(), address_starts);
  const RecordId name_starts = tell(at + 28500ms, RecordKind::resource_online_pending, name(), address_up, none, 1);
  tell(at + 33500ms, RecordKind::resource_online, name(), name_starts);
  const RecordId disk_up = tell(at + 34500ms, RecordKind::resource_online, disk(), disk_starts);
  const RecordId sql_starts = tell(at + 34500ms, RecordKind::resource_online_pending, sql(), disk_up, none, 1);
  const RecordId sql_up = tell(at + 40500ms, RecordKind::resource_online, sql(), sql_starts);
  const RecordId master_starts = tell(at + 40500ms, RecordKind::resource_online_pending, master(), sql_up, none, 1);
  const RecordId master_up = tell(at + 43500ms, RecordKind::resource_online, master(), master_starts);
  const RecordId process = tell(at + 43500ms, RecordKind::master_started, host_id(sql2), master_up, none, 1);
  tell(at + 43500ms, RecordKind::master_cannot_connect, host_id(sql2), process, none, 3);
  const RecordId open = tell(at + 50500ms, RecordKind::ssisdb_open, instance_id, sql_up);
  const RecordId connected = tell(at + 73500ms, RecordKind::master_connected, host_id(sql2), open);
  tell(at + 75s, RecordKind::worker_connected, worker_id(wrk1), connected, sql2, 1);
  tell(at + 77s, RecordKind::worker_connected, worker_id(wrk2), connected, sql2, 1);
}

world::State HandMade::last() const {
  world::State state = first_;
  for (const world::Record& record : journal_.records) world::apply(state, record, *plan_);
  return state;
}

std::vector<Outage> HandMade::outages(Duration end) const {
  return find_outages(*plan_, first_, journal_, core::Time(end));
}

RunResult HandMade::result(Duration end) const {
  RunResult result;
  result.scenario.name = "node loss";
  result.scenario.file = "node_loss.json";
  result.scenario.design_file = "designs/small.json";
  result.scenario.seed = 7;
  TimelineEntry fault;
  fault.hosts = {"SQL1"};
  result.scenario.timeline.push_back(fault);
  result.plan = plan_;
  result.first = first_;
  result.last = last();
  result.journal = journal_;
  result.end = core::Time(end);
  result.fingerprint = 0xabcdef;
  result.events = journal_.records.size();
  result.outages = outages(end);
  result.tasks = count_tasks(*plan_, result.last, result.end);
  result.work = work_figures(*plan_, first_, journal_, result.last, result.end);
  result.batches = batch_days(*plan_, result.last, result.end);
  return result;
}

std::vector<Outage> of(const std::vector<Outage>& outages, Service service) {
  std::vector<Outage> found;
  for (const Outage& outage : outages) {
    if (outage.service == service) found.push_back(outage);
  }
  return found;
}

std::string phases_of(const Outage& outage) {
  std::string text;
  for (const PhaseSpan& span : outage.phases) {
    text += (text.empty() ? "" : ", ") + std::string(to_text(span.phase)) + " " + model::to_text(span.to - span.from);
  }
  return text;
}

}  // namespace rehearse::sim
