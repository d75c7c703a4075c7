#include "sim/study/rare_events.hpp"

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "sim/study/statistics.hpp"

namespace rehearse::sim {
namespace {

using core::Time;
using world::HostIndex;
using world::HostState;

constexpr std::uint32_t everything_lost = 1'000'000;  // per million

/// Its vote is not there for the others.
bool is_away(HostIndex node, const world::State& state) {
  const HostState& host = state.hosts[node];
  return !world::is_active_member(node, state) || host.frozen || host.loss >= everything_lost;
}

unsigned nodes_away(const world::World& world) {
  unsigned away = 0;
  for (HostIndex node = 0; node < world.plan().node_count; ++node) away += is_away(node, world.state()) ? 1 : 0;
  return away;
}

unsigned nodes_without_power(const world::World& world) {
  unsigned away = 0;
  for (HostIndex node = 0; node < world.plan().node_count; ++node) away += world.state().hosts[node].powered ? 0 : 1;
  return away;
}

bool quorum_is_lost(const world::World& world) {
  for (HostIndex node = 0; node < world.plan().node_count; ++node) {
    if (world::is_active_member(node, world.state())) return false;
  }
  return true;
}

/// Plain Monte Carlo draws other numbers than splitting, or the two would not check each other.
core::Key plain_key(std::uint64_t seed, std::uint64_t replication) {
  return {core::draw({seed, 0}, core::stream("rare events", "plain"), 0), replication};
}

RareStudy with_factors(RareStudy study) {
  if (study.factors.empty()) study.factors = usual_factors(study.event);
  return study;
}

}  // namespace

std::vector<std::uint32_t> usual_factors(RareEvent event) {
  switch (event) {
    case RareEvent::quorum_lost: return {8, 8, 8};
    case RareEvent::all_nodes_down: return {512, 32, 16};
    case RareEvent::work_lost: return {4, 4};
  }
  throw std::logic_error("no such rare event");
}

void RareTally::merge(const RareTally& other) {
  units.merge(other.units);
  splitting.add(other.splitting);
  plain += other.plain;
  plain_hits += other.plain_hits;
}

Tally RareTally::cells() const {
  Tally cells;
  cells.moments = {units};
  cells.counts = {splitting.roots, splitting.hit_roots, splitting.hits, splitting.units,
                  splitting.paths, splitting.steps,     plain,          plain_hits};
  return cells;
}

RareTally RareTally::of(const Tally& cells) {
  constexpr std::size_t counts = 8;
  if (cells.moments.size() != 1 || cells.counts.size() != counts) {
    throw std::logic_error("this is no tally of a rare event");
  }
  RareTally tally;
  tally.units = cells.moments.front();
  const auto& count = cells.counts;
  tally.splitting = {count[0], count[1], count[2], count[3], count[4], count[5]};
  tally.plain = count[6];
  tally.plain_hits = count[7];
  return tally;
}

RareSetup::RareSetup(const Prepared& prepared, RareStudy study)
    : prepared_(prepared),
      study_(with_factors(std::move(study))),
      factors_(study_.factors),
      episodes_(prepared.plan, study_.faults) {
  if (!episodes_.memoryless()) throw std::logic_error("splitting needs faults without memory");
  if (Time(study_.horizon) > prepared.plan->horizon()) throw std::logic_error("the world was laid out for less time");
}

RarePath::RarePath(const RareSetup& setup, world::Journal& journal)
    : setup_(&setup),
      journal_(&journal),
      world_(setup.prepared()),
      episodes_(setup.episodes()),
      horizon_(setup.study().horizon) {}

void RarePath::begin(core::Key key) {
  world_ = setup_->prepared();
  world_.engine().set_pace(world::Pace::drawn);
  const bool reads = setup_->study().event == RareEvent::work_lost;
  world_.engine().write_to(reads ? journal_ : nullptr);
  world_.begin(key);
  episodes_.begin(key, world_.now());
  journal_->records.clear();
  hit_ = false;
}

bool RarePath::advance() {
  const Time due = episodes_.next();
  const Time until = std::min(horizon_, due - Duration(1));
  if (until < world_.now() || !world_.step(until)) {
    if (due > horizon_) return false;
    if (world_.now() < due) world_.engine().advance_to(due);
    episodes_.act(world_);
  }
  look();
  return true;
}

unsigned RarePath::level() const {
  const world::State& state = world_.state();
  switch (setup_->study().event) {
    case RareEvent::quorum_lost:
      return nodes_away(world_) + (state.witness.down || state.cluster.witness_failed ? 1 : 0);
    case RareEvent::all_nodes_down: return nodes_without_power(world_);
    case RareEvent::work_lost: return nodes_away(world_) + (state.instance.ssisdb_open ? 0 : 1);
  }
  throw std::logic_error("no such rare event");
}

void RarePath::look() {
  switch (setup_->study().event) {
    case RareEvent::quorum_lost: hit_ = quorum_is_lost(world_); return;
    case RareEvent::all_nodes_down: hit_ = nodes_without_power(world_) == world_.plan().node_count; return;
    case RareEvent::work_lost:
      hit_ = std::any_of(journal_->records.begin(), journal_->records.end(),
                         [&](const world::Record& record) { return lost(record); });
      journal_->records.clear();
      return;
  }
}

/// As count_tasks counts them.
bool RarePath::lost(const world::Record& record) const {
  const std::uint32_t index = record.subject.index();
  if (record.subject.part() == world::Part::batch) return world_.state().batches[index].never_submitted > 0;
  if (record.subject.part() != world::Part::task) return false;
  const model::TaskStatus status = world_.state().tasks[index].row.status;
  return model::is_terminal(status) && status != model::TaskStatus::succeeded && status != model::TaskStatus::cancelled;
}

RareWorker::RareWorker(const RareSetup& setup)
    : setup_(setup),
      journal_(std::make_unique<world::Journal>()),
      path_(std::make_unique<RarePath>(setup, *journal_)),
      splitting_(setup.factors()) {}

RareWorker::~RareWorker() = default;

RareTally RareWorker::run(std::uint64_t batch) {
  const RareStudy& study = setup_.study();
  RareTally tally;
  for (std::uint64_t root = 0; root < study.roots; ++root) {
    path_->begin({study.seed, batch * study.roots + root});
    tally.splitting.add(splitting_.root(*path_));
  }
  for (std::uint64_t i = 0; i < study.plain; ++i) {
    path_->begin(plain_key(study.seed, batch * study.plain + i));
    while (!path_->hit() && path_->advance()) {
    }
    ++tally.plain;
    tally.plain_hits += path_->hit() ? 1 : 0;
  }
  tally.units.add(static_cast<std::int64_t>(tally.splitting.units), batch);
  return tally;
}

double RareResult::in_a_year(double probability, Duration horizon) {
  const double stretches = std::chrono::hours(24 * 365) / std::chrono::duration<double, std::ratio<3600>>(horizon);
  return -std::expm1(stretches * std::log1p(-probability));
}

RareResult rare_result(const RareStudy& study, const RareTally& tally, double confidence) {
  const SplittingFactors factors(with_factors(study).factors);
  const std::uint64_t batches = tally.units.count;
  if (batches < 2) throw std::logic_error("an interval over batches needs two of them");
  const double whole =
      static_cast<double>(factors.whole()) * static_cast<double>(tally.splitting.roots) / static_cast<double>(batches);
  const statistics::Moments shares{batches, tally.units.mean() / whole,
                                   tally.units.variance() * static_cast<double>(batches - 1) / whole / whole};
  RareResult result;
  result.event = study.event;
  result.horizon = study.horizon;
  result.splitting = splitting_figure(shares, confidence);
  result.plain = plain_figure(tally.plain_hits, tally.plain, confidence);
  result.agreement = agreement_of(shares, tally.plain_hits, tally.plain, confidence);
  result.tally = tally;
  return result;
}

}  // namespace rehearse::sim
