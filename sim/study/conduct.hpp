// Does the work of a study: deals chunks to threads of this process and to companions, other processes, and gathers
// what they did. However many there are, the result has the same bytes.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "sim/study/crew.hpp"
#include "sim/study/gathered.hpp"

namespace rehearse::sim {

/// Other processes that do chunks of the same work.
class Companions {
 public:
  virtual ~Companions() = default;
  /// How many chunks they have at once at most, so that none of them waits.
  virtual std::size_t capacity() const = 0;
  /// Given, and not handed back by take().
  virtual std::size_t under_way() const = 0;
  virtual void give(std::uint64_t chunk) = 0;
  /// What they did since. Does not wait. Throws what one of them failed with.
  virtual std::vector<DoneChunk> take() = 0;
  /// Whether one of them was interrupted: then the whole work is.
  virtual bool interrupted() const { return false; }
  /// Nothing more is wanted of them.
  virtual void dismiss() = 0;
};

struct ConductOptions {
  unsigned threads = 1;
  /// Asked several times a second. Once true, no chunk is begun any more; those under way here are waited for.
  std::function<bool()> interrupted;
  /// Called several times a second and at the end, by the thread that called conduct: progress, checkpoints. Chunks are
  /// done meanwhile. What it throws ends the work.
  std::function<void(const Gathered&)> look;
  Companions* companions = nullptr;
};

/// Returns when the work has ended (Gathered::ended) or was interrupted. What was gathered until then stays in
/// `gathered`, whatever is thrown. Throws std::logic_error for a broken invariant in any of the workers.
void conduct(const ChunkedWork& work, Gathered& gathered, const ConductOptions& options);

}  // namespace rehearse::sim
