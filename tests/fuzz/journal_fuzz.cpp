// Journals: whatever ended their writer.
#include "fuzzing.hpp"
#include "real_backend/journal.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rehearse;
  const std::string_view text = fuzz::text_of(data, size);
  const real::JournalResult result = real::read_journal(text, "f");
  fuzz::require_told(result.content.has_value(), result.diagnostics);
  fuzz::require(result.whole_size <= size, "the whole lines are part of the file");
  if (!result.content) return 0;
  const real::JournalResult cut = real::read_journal(text.substr(0, result.whole_size), "f");
  fuzz::require(cut.content == result.content && cut.whole_size == result.whole_size, "cutting the torn line is all");
  result.content->under_way();
  return 0;
}
