// The bytes of tallies, as shards and checkpoints hold them: what can be read is written again as what it was.
#include "fuzzing.hpp"
#include "sim/study/tally.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rehearse;
  const std::string_view bytes = fuzz::text_of(data, size);
  std::optional<sim::Tally> tally = sim::Tally::from_bytes(bytes);
  if (!tally) return 0;
  const auto again = sim::Tally::from_bytes(tally->bytes());
  fuzz::require(again == tally, "what was written reads as what it was");
  for (const sim::Moments& cell : tally->moments) {
    if (cell.count > 0) cell.mean();
    if (cell.count > 1) cell.variance();
  }
  for (const sim::Distribution& cell : tally->distributions) {
    if (cell.count() == 0) continue;
    const auto first = cell.of_rank(1), last = cell.of_rank(cell.count());
    fuzz::require(first.value <= last.value, "ranks ascend");
  }
  sim::Tally twice = *tally;
  twice.merge(*tally);
  fuzz::require(twice.counts.size() == tally->counts.size(), "merging keeps the cells");
  return 0;
}
