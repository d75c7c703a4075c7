// Executions of a real catalog as CSV.
#include "fuzzing.hpp"
#include "model/artefacts/csv.hpp"
#include "model/artefacts/execution_history.hpp"

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rehearse;
  const std::string_view text = fuzz::text_of(data, size);
  model::CsvReader reader(text, model::csv_separator(text));
  std::vector<model::CsvCell> row;
  std::size_t rows = 0;
  while (reader.next(row)) fuzz::require(++rows <= size && !row.empty(), "every row takes bytes and has cells");

  const model::HistoryFile history = model::read_execution_history(text, "f");
  fuzz::require(history.rows.empty() || !model::has_errors(history.diagnostics), "rows or errors");
  for (std::size_t i = 1; i < history.rows.size(); ++i) {
    fuzz::require(history.rows[i - 1].created <= history.rows[i].created, "rows rise in their times");
  }
  return 0;
}
