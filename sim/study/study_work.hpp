// A study as chunks of replications (chunked_work.hpp). Chunk k holds the replications 1024 k to 1024 k + 1023 of all
// points. Replication i of every point has the key (seed, i): draws are by name, so points meet the same random
// numbers, and their differences from the first point are formed replication by replication.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <vector>

#include "sim/scenario/runner.hpp"
#include "sim/study/chunked_work.hpp"
#include "sim/study/study.hpp"

namespace rehearse::sim {

inline constexpr std::uint64_t replications_per_chunk = 1024;
/// Phases need the whole journal of a run: every so many-th replication is told with them, and of each chunk the first
/// is checked for broken invariants.
inline constexpr std::uint64_t replications_per_phase_sample = 16;

/// Which cell of the tally holds what. Measures, points and variations by their places in the study.
class StudyLayout {
 public:
  explicit StudyLayout(const Study& study);

  Tally empty() const;
  /// Whether the tally has these cells, or none yet: one from a file may be of anything.
  bool fits(const Tally& tally) const;

  // Counts.
  std::size_t replications() const { return 0; }
  std::size_t phase_samples() const { return 1; }
  std::size_t events() const { return 2; }
  /// Replications in which a decision rested on the unknown switch.
  std::size_t consulted(std::size_t point, std::size_t which) const;
  // Distributions.
  std::size_t values(std::size_t point, std::size_t measure) const { return point * measures_ + measure; }
  // Pairs.
  std::size_t share(std::size_t point, std::size_t measure) const { return point * measures_ + measure; }
  std::size_t neighbours(std::size_t point, std::size_t measure) const;
  // Moments.
  std::size_t difference(std::size_t point, std::size_t measure) const { return (point - 1) * measures_ + measure; }
  std::size_t batch_means(std::size_t point, std::size_t measure) const;
  std::size_t phase(std::size_t point, std::size_t service, std::size_t phase) const;
  std::size_t bin(std::size_t point, std::size_t variation, std::size_t bin, std::size_t measure) const;

  /// The services whose outages are measured, by their names, in the order of the measures.
  const std::vector<std::string>& services() const { return services_; }
  std::size_t points() const { return points_; }

 private:
  std::size_t points_, measures_;
  std::vector<std::string> services_;
  std::vector<std::size_t> bins_before_;  // by variation: the bins of those before it; and of all
  std::size_t first_batch_means_ = 0, first_phase_ = 0, first_bin_ = 0, moments_ = 0;
};

/// Deployed worlds, one a point; points that differ only in what happens share one.
struct PreparedStudy {
  std::vector<std::shared_ptr<const Prepared>> points;
  std::string problem;  // empty: all of them could be deployed
};
/// Over threads. Throws Interrupted.
PreparedStudy prepare_study(const Study& study, unsigned threads, const std::function<bool()>& interrupted);

class StudyWork : public ChunkedWork {
 public:
  /// Both outlive it. `interrupted` is asked between replications, from any thread; workers then throw Interrupted.
  StudyWork(const Study& study, const PreparedStudy& prepared, std::function<bool()> interrupted);

  std::string identity() const override { return study_.identity; }
  std::uint64_t most_chunks() const override;
  bool by_precision() const override { return !study_.precision.empty(); }
  bool enough(const Tally& prefix, std::uint64_t chunks) const override;
  std::unique_ptr<ChunkWorker> worker() const override;

  const Study& study() const { return study_; }
  const PreparedStudy& prepared() const { return prepared_; }
  const StudyLayout& layout() const { return layout_; }
  bool interrupted() const { return interrupted_ && interrupted_(); }

  /// Replications of points that workers of this process have done, for progress.
  std::atomic<std::uint64_t>& done() const { return done_; }

 private:
  const Study& study_;
  const PreparedStudy& prepared_;
  StudyLayout layout_;
  std::function<bool()> interrupted_;
  mutable std::atomic<std::uint64_t> done_ = 0;
};

}  // namespace rehearse::sim
