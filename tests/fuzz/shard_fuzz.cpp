// JSON files of shards, each merged with itself: they are read, or refused with a sentence that names the file.
#include <string>

#include "fuzzing.hpp"
#include "model/steps/failure.hpp"
#include "sim/study/shard_file.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rehearse;
  sim::StudyShard shard;
  try {
    shard = sim::read_shard_text(std::string(fuzz::text_of(data, size)), "f");
  } catch (const steps::Failure& failure) {
    fuzz::require(failure.code() == steps::FailureCode::conflict, "a file that was read is refused for what it holds");
    fuzz::require(failure.message().starts_with("f "), "a refusal names the file");
    return 0;
  }
  const sim::StudyShard again = sim::read_shard_text(sim::shard_text(shard), "f");
  fuzz::require(again.part == shard.part && again.tally == shard.tally, "what was written reads as what it was");
  const std::vector<sim::NamedShard> twice = {{"f", shard}, {"g", shard}};
  const bool has_chunks = shard.part.range.size() > 0;
  fuzz::require(!has_chunks || !sim::problems_of(twice).empty(), "a shard cannot be merged with itself");
  return 0;
}
