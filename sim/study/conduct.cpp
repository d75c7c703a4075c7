#include "sim/study/conduct.hpp"

#include <optional>
#include <utility>

namespace rehearse::sim {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds look_every{200};
constexpr milliseconds ask_companions_every{1};  // they have chunks in hand meanwhile

class Conductor {
 public:
  Conductor(const ChunkedWork& work, Gathered& gathered, const ConductOptions& options)
      : gathered_(gathered), options_(options), crew_(work, options.threads) {}

  void run() {
    while (!gathered_.ended() && !interrupted()) {
      deal();
      gather(crew_.wait(options_.companions != nullptr ? ask_companions_every : look_every));
      if (options_.companions != nullptr) gather(options_.companions->take());
      look();
    }
    finish();
  }

 private:
  bool interrupted() const {
    return (options_.interrupted && options_.interrupted()) ||
           (options_.companions != nullptr && options_.companions->interrupted());
  }

  void look() {
    if (options_.look) options_.look(gathered_);
  }

  /// Fairly: each chunk goes to whoever has the lesser part of what it can have.
  void deal() {
    Companions* const others = options_.companions;
    const std::size_t most_there = others != nullptr ? others->capacity() : 0;
    // Twice what is under way at most: the slowest chunk holds the others up for the time of one more.
    const std::uint64_t ahead = 2 * (crew_.capacity() + most_there);
    while (true) {
      const bool here = crew_.under_way() < crew_.capacity();
      const bool there = others != nullptr && others->under_way() < most_there;
      if (!here && !there) return;
      const std::optional<std::uint64_t> chunk = gathered_.deal(ahead);
      if (!chunk) return;
      if (there && (!here || others->under_way() * crew_.capacity() <= crew_.under_way() * most_there)) {
        others->give(*chunk);
      } else {
        crew_.give(*chunk);
      }
    }
  }

  void gather(std::vector<DoneChunk> done) {
    for (DoneChunk& one : done) gathered_.add(one.chunk, std::move(one.tally));
  }

  void finish() {
    look();  // first of all: who interrupts may not wait for chunks under way
    if (options_.companions != nullptr) options_.companions->dismiss();
    if (gathered_.ended()) return;
    crew_.give_up();
    while (crew_.under_way() > 0) gather(crew_.wait(look_every));
    look();
  }

  Gathered& gathered_;
  const ConductOptions& options_;
  Crew crew_;
};

}  // namespace

void conduct(const ChunkedWork& work, Gathered& gathered, const ConductOptions& options) {
  if (gathered.ended()) {  // a checkpoint held all of it
    if (options.look) options.look(gathered);
    if (options.companions != nullptr) options.companions->dismiss();
    return;
  }
  Conductor(work, gathered, options).run();
}

}  // namespace rehearse::sim
