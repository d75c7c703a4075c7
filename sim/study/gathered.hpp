// What is done of a study's work: the merged tally of its first chunks without a gap, and the chunks beyond the first
// gap, which wait. Threads, processes and machines finish chunks in any order; whoever divides the work puts them in
// here, and the result is that of doing them one after the other.
#pragma once

#include <cstdint>
#include <map>
#include <optional>

#include "sim/study/chunked_work.hpp"

namespace rehearse::sim {

/// Chunks from `first` on, without `last`.
struct ChunkRange {
  std::uint64_t first = 0, last = 0;

  std::uint64_t size() const { return last - first; }
  friend bool operator==(const ChunkRange&, const ChunkRange&) = default;
};

/// The part of `chunks` chunks that shard number `shard` of `shards` does, counted from 1. All of them together do
/// every chunk once; where there are more shards than chunks, some have nothing to do.
ChunkRange shard_range(std::uint64_t chunks, std::uint64_t shard, std::uint64_t shards);

class Gathered {
 public:
  /// The whole work, which ends where it is enough.
  explicit Gathered(const ChunkedWork& work);
  /// A part of it. Throws std::logic_error for a work that is to end by its precision: no part can tell when that is.
  Gathered(const ChunkedWork& work, ChunkRange range);

  /// Goes on from what an earlier run had: the first `complete` chunks merged, and others beyond. Nothing may have been
  /// dealt yet. Throws std::logic_error where that cannot be a part of this work.
  void restore(std::uint64_t complete, Tally tally, std::map<std::uint64_t, Tally> beyond);

  /// A chunk to be done by somebody; each is dealt once. Nothing where all are dealt, where the work has ended, or
  /// where more than `ahead` chunks would wait for the first gap to be filled: memory does not grow with the work.
  std::optional<std::uint64_t> deal(std::uint64_t ahead);

  /// A chunk that was dealt is done. What comes after the work's end is dropped.
  void add(std::uint64_t chunk, Tally tally);

  const ChunkRange& range() const { return range_; }
  std::uint64_t complete() const { return next_ - range_.first; }  // chunks merged, without a gap
  const Tally& tally() const { return tally_; }                    // of these
  const std::map<std::uint64_t, Tally>& beyond() const { return beyond_; }
  bool ended() const { return ended_; }

 private:
  void settle();

  const ChunkedWork& work_;
  ChunkRange range_;
  std::uint64_t next_, dealt_;  // the first chunk that is not merged; the first that was never dealt
  Tally tally_;
  std::map<std::uint64_t, Tally> beyond_;  // by chunk, all above next_
  bool ended_ = false;
};

}  // namespace rehearse::sim
