#include "sim/study/study_work.hpp"

#include <algorithm>
#include <map>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "sim/study/figures.hpp"
#include "sim/study/replication.hpp"

namespace rehearse::sim {
namespace {

using Kind = MeasuredValue::Kind;

class StudyWorker : public ChunkWorker {
 public:
  explicit StudyWorker(const StudyWork& work) : work_(work), study_(work.study()), layout_(work.layout()) {
    for (std::size_t point = 0; point < study_.points.size(); ++point) {
      replicators_.push_back(
          std::make_unique<Replicator>(study_, study_.points[point], *work.prepared().points[point], world_));
    }
  }

  Tally run(std::uint64_t chunk) override {
    tally_ = layout_.empty();
    const std::uint64_t from = chunk * replications_per_chunk;
    const std::uint64_t to = std::min(study_.replications, from + replications_per_chunk);
    base_.assign(to - from, {});
    for (std::size_t point = 0; point < replicators_.size(); ++point) {
      for (std::uint64_t replication = from; replication < to; ++replication) {
        if (work_.interrupted()) throw Interrupted();
        const Replicator::Depth depth{replication % replications_per_phase_sample == 0, replication == from};
        const ReplicationResult& result = replicators_[point]->run({study_.seed, replication}, depth);
        take(point, replication, result);
        compare(point, replication, base_[replication - from], result);
        if (depth.phases) take_phases(point, replication, result);
        ++work_.done();
      }
    }
    tally_.counts[layout_.replications()] = to - from;
    const std::uint64_t samples = (to - from + replications_per_phase_sample - 1) / replications_per_phase_sample;
    tally_.counts[layout_.phase_samples()] = samples;
    return std::move(tally_);
  }

 private:
  struct Base {
    std::vector<MeasuredValue> values;
    std::vector<Duration> out;
  };

  void take(std::size_t point, std::uint64_t replication, const ReplicationResult& result) {
    tally_.counts[layout_.events()] += result.events;
    for (std::size_t which = 0; which < model::switch_count; ++which) {
      tally_.counts[layout_.consulted(point, which)] += result.consulted >> which & 1U;
    }
    for (std::size_t measure = 0; measure < study_.measures.size(); ++measure) {
      if (study_.measures[measure].is_share()) {
        Pairs& pairs = tally_.pairs[layout_.share(point, measure)];
        pairs.add(result.out[measure].count(), result.length.count(), replication);
        continue;
      }
      const MeasuredValue& value = result.values[measure];
      Distribution& distribution = tally_.distributions[layout_.values(point, measure)];
      switch (value.kind) {
        case Kind::known: distribution.add(value.value, replication); break;
        case Kind::at_least: distribution.add_censored(value.value, replication); break;
        case Kind::none: ++distribution.none; break;
      }
      take_series(point, measure, replication, result.series[measure]);
    }
    take_bins(point, replication, result);
  }

  void take_series(std::size_t point, std::size_t measure, std::uint64_t replication,
                   const std::vector<std::int64_t>& series) {
    Moments& means = tally_.moments[layout_.batch_means(point, measure)];
    Pairs& neighbours = tally_.pairs[layout_.neighbours(point, measure)];
    for (std::size_t batch = 0; batch < series.size(); ++batch) {
      if (series[batch] < 0) continue;
      means.add(series[batch], replication);
      if (batch > 0 && series[batch - 1] >= 0) neighbours.add(series[batch - 1], series[batch], replication);
    }
  }

  void take_bins(std::size_t point, std::uint64_t replication, const ReplicationResult& result) {
    for (std::size_t variation = 0; variation < study_.variations.size(); ++variation) {
      const std::size_t bins = bins_of(study_.variations[variation]);
      const auto place = static_cast<std::size_t>(result.uniforms[variation] * static_cast<double>(bins));
      const std::size_t bin = std::min(place, bins - 1);
      for (std::size_t measure = 0; measure < study_.measures.size(); ++measure) {
        Moments& moments = tally_.moments[layout_.bin(point, variation, bin, measure)];
        if (study_.measures[measure].is_share()) {
          moments.add(result.out[measure].count(), replication);
        } else if (result.values[measure].kind != Kind::none) {
          moments.add(result.values[measure].value, replication);
        }
      }
    }
  }

  /// Common random numbers: with the first point's replication of the same number.
  void compare(std::size_t point, std::uint64_t replication, Base& base, const ReplicationResult& result) {
    if (point == 0) {
      if (replicators_.size() > 1) base = {result.values, result.out};
      return;
    }
    for (std::size_t measure = 0; measure < study_.measures.size(); ++measure) {
      Moments& difference = tally_.moments[layout_.difference(point, measure)];
      if (study_.measures[measure].is_share()) {
        difference.add((result.out[measure] - base.out[measure]).count(), replication);
        continue;
      }
      const MeasuredValue &first = base.values[measure], &second = result.values[measure];
      if (first.kind == Kind::none || second.kind == Kind::none) continue;
      difference.add(second.value - first.value, replication);
    }
  }

  void take_phases(std::size_t point, std::uint64_t replication, const ReplicationResult& result) {
    const world::Blueprint& plan = *work_.prepared().points[point]->plan;
    constexpr auto phase_count = static_cast<std::size_t>(Phase::count_);
    for (std::size_t service = 0; service < layout_.services().size(); ++service) {
      std::array<std::int64_t, phase_count> lengths{};
      for (const Outage& outage : result.outages) {
        if (name_of(outage.service, plan) != layout_.services()[service]) continue;
        for (const PhaseSpan& span : outage.phases) {
          lengths[static_cast<std::size_t>(span.phase)] += (span.to - span.from).count();
        }
      }
      for (std::size_t phase = 0; phase < phase_count; ++phase) {
        tally_.moments[layout_.phase(point, service, phase)].add(lengths[phase], replication);
      }
    }
  }

  const StudyWork& work_;
  const Study& study_;
  const StudyLayout& layout_;
  std::optional<world::World> world_;
  std::vector<std::unique_ptr<Replicator>> replicators_;
  std::vector<Base> base_;
  Tally tally_;
};

/// The first step that failed, in its words.
std::string failure_of(const Prepared& prepared) {
  for (const OperationNote& note : prepared.deployment) {
    if (!note.failure.empty()) return note.name + ": " + note.failure;
  }
  return "a step failed";
}

}  // namespace

PreparedStudy prepare_study(const Study& study, unsigned threads, const std::function<bool()>& interrupted) {
  std::map<std::string, std::size_t> places;
  std::vector<std::size_t> place_of;  // by point
  std::vector<const StudyPoint*> wanted;
  for (const StudyPoint& point : study.points) {
    const auto [found, added] = places.emplace(point.prepared_like, wanted.size());
    if (added) wanted.push_back(&point);
    place_of.push_back(found->second);
  }
  std::vector<std::shared_ptr<const Prepared>> done(wanted.size());
  std::atomic<std::size_t> next = 0;
  std::mutex mutex;
  std::exception_ptr failed;
  const auto loop = [&] {
    for (std::size_t place = next++; place < wanted.size(); place = next++) {
      try {
        if (interrupted && interrupted()) throw Interrupted();
        done[place] = std::make_shared<const Prepared>(prepare(wanted[place]->scenario, world::Tempo::when_it_matters));
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!failed) failed = std::current_exception();
        next = wanted.size();
      }
    }
  };
  {
    std::vector<std::jthread> helpers;
    for (std::size_t thread = 1; thread < std::min<std::size_t>(threads, wanted.size()); ++thread)
      helpers.emplace_back(loop);
    loop();
  }
  if (failed) std::rethrow_exception(failed);
  PreparedStudy prepared;
  for (std::size_t point = 0; point < study.points.size(); ++point) {
    prepared.points.push_back(done[place_of[point]]);
    if (prepared.points.back()->deployed || !prepared.problem.empty()) continue;
    prepared.problem = "the design cannot be deployed with " + name_of(study.points[point]) + ": " +
                       failure_of(*prepared.points.back());
  }
  return prepared;
}

StudyWork::StudyWork(const Study& study, const PreparedStudy& prepared, std::function<bool()> interrupted)
    : study_(study), prepared_(prepared), layout_(study), interrupted_(std::move(interrupted)) {
  if (study.points.empty() || prepared.points.size() != study.points.size() || !prepared.problem.empty())
    throw std::logic_error("a study without prepared points");
}

std::uint64_t StudyWork::most_chunks() const {
  return std::max<std::uint64_t>(1, (study_.replications + replications_per_chunk - 1) / replications_per_chunk);
}

bool StudyWork::enough(const Tally& prefix, std::uint64_t) const {
  return !study_.precision.empty() && precise_enough(study_, layout_, prefix);
}

std::unique_ptr<ChunkWorker> StudyWork::worker() const {
  return std::make_unique<StudyWorker>(*this);
}

}  // namespace rehearse::sim
