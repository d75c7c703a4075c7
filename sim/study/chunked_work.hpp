// What a study is to those who divide its work among threads, processes and machines: chunks, each a pure function of
// its number, whose tallies can be merged in any order.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "sim/study/tally.hpp"

namespace rehearse::sim {

/// Does chunks one after the other; one a thread, because it owns the world in which it rehearses.
class ChunkWorker {
 public:
  virtual ~ChunkWorker() = default;
  /// Throws std::logic_error for a broken invariant.
  virtual Tally run(std::uint64_t chunk) = 0;
};

class ChunkedWork {
 public:
  virtual ~ChunkedWork() = default;

  /// Of all that results depend on: study, scenario, design, what they name, and the version of the tally. Tallies of
  /// different identities are never merged. 64 lower-case hexadecimal digits.
  virtual std::string identity() const = 0;

  /// Never more chunks than these are wanted; at least 1.
  virtual std::uint64_t most_chunks() const = 0;

  /// Whether `enough` may end the work before most_chunks(). Then it cannot be cut into shards.
  virtual bool by_precision() const = 0;

  /// Whether the tally of the first `chunks` chunks answers what was asked. Asked only where is_decision_boundary says
  /// so, of complete prefixes, so that every cut of the work ends at the same chunk.
  virtual bool enough(const Tally& prefix, std::uint64_t chunks) const = 0;

  /// May be called from any thread, and the worker be used in another one; this outlives it.
  virtual std::unique_ptr<ChunkWorker> worker() const = 0;
};

/// After 1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 14, 16, 20, ... chunks: four times in every doubling.
constexpr bool is_decision_boundary(std::uint64_t chunks) {
  std::uint64_t step = 1;
  while (chunks / step >= 8) step *= 2;
  return chunks != 0 && chunks % step == 0;
}

}  // namespace rehearse::sim
