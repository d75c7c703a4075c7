#include "sim/study/run_watch.hpp"

#include <algorithm>

namespace rehearse::sim {
namespace {

using core::Time;

constexpr std::int64_t million = 1'000'000;

}  // namespace

std::int64_t RunWatch::Work::queue_millionths() const {
  return length.count() == 0 ? 0 : static_cast<std::int64_t>(queued * million / length.count());
}

std::optional<std::int64_t> RunWatch::Work::utilisation_millionths() const {
  if (capacity == 0) return std::nullopt;
  return static_cast<std::int64_t>(busy * million / capacity);
}

RunWatch::RunWatch(const world::World& world, const Options& options)
    : world_(&world), options_(options), watch_(world.state(), world.plan()), spells_(watch_.services().size()) {
  for (std::size_t service = 0; service < spells_.size(); ++service) touched_.push_back(service);
  if (!options_.work) return;
  if (options_.end > options_.warm_up) batches_.resize(options_.batches);
  look_at_work();
}

void RunWatch::tell(const std::vector<world::Record>& records) {
  for (const world::Record& record : records) {
    if (record.at > now_) {
      close_instant();
      now_ = record.at;
    }
    watch_.note(record);
  }
  watch_.look();
  touched_.insert(touched_.end(), watch_.turned().begin(), watch_.turned().end());
  if (!options_.work || records.empty()) return;
  pass_work(now_);
  look_at_work();
}

void RunWatch::close(Time end) {
  close_instant();
  for (Spell& spell : spells_) {
    if (!spell.open || spell.since >= end) continue;
    end_spell(spell, end);
    spell.out.at_end = true;
  }
  if (options_.work) pass_work(end);
}

/// All records of the instant are in: what counts is how they leave the services.
void RunWatch::close_instant() {
  for (const std::size_t service : touched_) {
    Spell& spell = spells_[service];
    if (spell.open != watch_.up(service)) continue;  // as it was
    if (spell.open) {
      end_spell(spell, now_);
    } else {
      spell.since = now_;
    }
    spell.open = !spell.open;
  }
  touched_.clear();
}

void RunWatch::end_spell(Spell& spell, Time at) {
  const Duration length = at - spell.since;
  spell.out.total += length;
  spell.out.longest = std::max(spell.out.longest, length);
  ++spell.out.times;
  if (at > options_.warm_up) spell.out.after_warm_up += at - std::max(spell.since, options_.warm_up);
}

void RunWatch::look_at_work() {
  const world::State& state = world_->state();
  queue_ = state.ready_count;
  held_ = busy_ = capacity_ = 0;
  for (world::WorkerIndex worker = 0; worker < state.workers.size(); ++worker) {
    const world::WorkerState& seen = state.workers[worker];
    held_ += seen.held;
    if (!state.workers[world_->plan().workers[worker].row].enabled) continue;
    busy_ += seen.held;
    capacity_ += seen.max_tasks;
  }
  if (work_until_ >= options_.warm_up) longest_queue_ = std::max(longest_queue_, queue_);
}

/// What was looked at last has been so until then.
void RunWatch::pass_work(Time until) {
  const Duration span = batches_.empty() ? Duration::zero() : options_.end - options_.warm_up;
  while (work_until_ < until) {
    Work* work = &rest_;
    Time border = until;
    if (work_until_ < options_.warm_up) {
      work = &before_;
      border = options_.warm_up;
    } else if (work_until_ < options_.warm_up + span) {
      const Duration each = span / static_cast<std::int64_t>(batches_.size());
      const auto place =
          std::min<std::size_t>(static_cast<std::size_t>((work_until_ - options_.warm_up) / each), batches_.size() - 1);
      work = &batches_[place];
      border = place + 1 == batches_.size() ? options_.warm_up + span
                                            : options_.warm_up + each * static_cast<std::int64_t>(place + 1);
    }
    const Time to = std::min(border, until);
    const Wide passed = (to - work_until_).count();
    work->length += to - work_until_;
    work->queued += passed * queue_;
    if (queue_ > 0 || held_ > 0) {
      work->busy += passed * busy_;
      work->capacity += passed * capacity_;
    }
    work_until_ = to;
    if (work_until_ == options_.warm_up) longest_queue_ = queue_;
  }
}

RunWatch::Work RunWatch::work() const {
  Work all = rest_;
  for (const Work& batch : batches_) {
    all.length += batch.length;
    all.queued += batch.queued;
    all.busy += batch.busy;
    all.capacity += batch.capacity;
  }
  return all;
}

}  // namespace rehearse::sim
