#include "sim/study/gathered.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace rehearse::sim {

ChunkRange shard_range(std::uint64_t chunks, std::uint64_t shard, std::uint64_t shards) {
  if (shard < 1 || shard > shards) throw std::logic_error("a shard is one of 1 to their number");
  // floor(chunks * k / shards) without the product, which might not fit.
  const auto border = [&](std::uint64_t k) {
    return static_cast<std::uint64_t>(static_cast<UnsignedWide>(chunks) * k / shards);
  };
  return {border(shard - 1), border(shard)};
}

Gathered::Gathered(const ChunkedWork& work) : Gathered(work, {0, work.most_chunks()}) {}

Gathered::Gathered(const ChunkedWork& work, ChunkRange range)
    : work_(work), range_(range), next_(range.first), dealt_(range.first) {
  if (range.first > range.last || range.last > work.most_chunks()) throw std::logic_error("no such chunks");
  if (work.by_precision() && range != ChunkRange{0, work.most_chunks()}) {
    throw std::logic_error("a part of a study cannot end by its precision");
  }
  settle();
}

void Gathered::restore(std::uint64_t complete, Tally tally, std::map<std::uint64_t, Tally> beyond) {
  if (next_ != dealt_ || complete > range_.size()) throw std::logic_error("this cannot be gone on from");
  next_ = dealt_ = range_.first + complete;
  tally_ = std::move(tally);
  ended_ = false;
  settle();
  for (auto& [chunk, its_tally] : beyond) {
    if (chunk < next_ || chunk >= range_.last) throw std::logic_error("a chunk that lies outside of the work");
    add(chunk, std::move(its_tally));
  }
}

std::optional<std::uint64_t> Gathered::deal(std::uint64_t ahead) {
  dealt_ = std::max(dealt_, next_);
  while (beyond_.contains(dealt_)) ++dealt_;  // an earlier run did it
  if (ended_ || dealt_ >= range_.last || dealt_ - next_ >= ahead) return std::nullopt;
  return dealt_++;
}

void Gathered::add(std::uint64_t chunk, Tally tally) {
  if (ended_) return;
  if (chunk < next_ || chunk >= range_.last || !beyond_.emplace(chunk, std::move(tally)).second) {
    throw std::logic_error("a chunk was done twice");
  }
  for (auto first = beyond_.begin(); !ended_ && first != beyond_.end() && first->first == next_;
       first = beyond_.begin()) {
    tally_.merge(first->second);
    beyond_.erase(first);
    ++next_;
    settle();
  }
}

/// Whether this is the end: asked after each merged chunk, so that it does not depend on how many came at once.
void Gathered::settle() {
  const bool asked = work_.by_precision() && is_decision_boundary(complete());
  ended_ = next_ == range_.last || (asked && work_.enough(tally_, complete()));
  if (ended_) beyond_.clear();
}

}  // namespace rehearse::sim
