#include "tests/study/fake_work.hpp"

#include <utility>

#include "model/steps/sha256.hpp"
#include "sim/core/random.hpp"

namespace rehearse::sim {
namespace {

class FakeWorker : public ChunkWorker {
 public:
  explicit FakeWorker(std::function<void(std::uint64_t)> act) : act_(std::move(act)) {}

  Tally run(std::uint64_t chunk) override {
    if (act_) act_(chunk);
    return fake_tally(chunk);
  }

 private:
  std::function<void(std::uint64_t)> act_;
};

}  // namespace

Tally fake_tally(std::uint64_t chunk) {
  Tally tally;
  tally.counts = {1, chunk};
  tally.moments.resize(1);
  tally.distributions.resize(2);
  tally.pairs.resize(1);
  for (std::uint64_t ordinal = 0; ordinal < 4; ++ordinal) {
    const std::uint64_t bits = core::draw({3, chunk}, core::stream("fake", "work"), ordinal);
    tally.moments[0].add(static_cast<std::int64_t>(bits), chunk);
    tally.distributions[ordinal % 2].add(static_cast<std::int64_t>(bits >> 34), chunk);
  }
  return tally;
}

FakeWork& FakeWork::enough_from(std::uint64_t chunks) {
  enough_from_ = chunks;
  return *this;
}

FakeWork& FakeWork::before_each(std::function<void(std::uint64_t)> act) {
  act_ = std::move(act);
  return *this;
}

std::string FakeWork::identity() const {
  return steps::sha256_hex(name_ + std::to_string(chunks_));
}

bool FakeWork::enough(const Tally&, std::uint64_t chunks) const {
  return chunks >= enough_from_;
}

std::unique_ptr<ChunkWorker> FakeWork::worker() const {
  return std::make_unique<FakeWorker>(act_);
}

Tally FakeWork::first(std::uint64_t chunks) {
  Tally tally;
  for (std::uint64_t chunk = 0; chunk < chunks; ++chunk) tally.merge(fake_tally(chunk));
  return tally;
}

}  // namespace rehearse::sim
