// A work whose chunks cost nothing, for tests of those who divide work: what a chunk leaves is drawn by its number.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <limits>
#include <memory>
#include <string>

#include "sim/study/chunked_work.hpp"

namespace rehearse::sim {

class FakeWork : public ChunkedWork {
 public:
  explicit FakeWork(std::uint64_t chunks, std::string name = "fake") : chunks_(chunks), name_(std::move(name)) {}

  /// Ends by precision: enough from this many chunks on.
  FakeWork& enough_from(std::uint64_t chunks);
  /// Called before each chunk is done, by the thread that does it.
  FakeWork& before_each(std::function<void(std::uint64_t chunk)> act);

  std::string identity() const override;
  std::uint64_t most_chunks() const override { return chunks_; }
  bool by_precision() const override { return enough_from_ != never; }
  bool enough(const Tally& prefix, std::uint64_t chunks) const override;
  std::unique_ptr<ChunkWorker> worker() const override;

  /// What doing the first chunks one after the other leaves.
  static Tally first(std::uint64_t chunks);

 private:
  static constexpr std::uint64_t never = std::numeric_limits<std::uint64_t>::max();

  std::uint64_t chunks_, enough_from_ = never;
  std::string name_;
  std::function<void(std::uint64_t)> act_;
};

Tally fake_tally(std::uint64_t chunk);

}  // namespace rehearse::sim
