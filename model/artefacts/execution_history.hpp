// The executions of a real catalog, as scenarios/scale_out/executions.sql exports them: when each task entered the
// queue, when a worker picked it up for the last time, and when it had ended. The length of a package is taken from
// the last pick-up on: catalog.executions alone would count the wait in the queue and failed attempts in (S 6).
//
// Executions that tell nothing about a length are left out and counted, never guessed: those that were not Scale Out,
// were never picked up, had not ended, or ended by somebody else's word (cancelled, ended unexpectedly: their end_time
// is when the catalog noticed). A failed package counts with the time it ran until it failed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/diagnostic.hpp"
#include "model/workload.hpp"

namespace rehearse::model {

/// The columns in the order in which executions.sql selects them; `worker` may be absent in a file. Capitals and
/// underscores make no difference in a file's header, other columns are ignored there.
const std::vector<std::string>& history_columns();

struct HistoryFile {
  std::vector<HistoryRow> rows;         // rising in `created`; empty when a diagnostic is an error
  std::vector<Diagnostic> diagnostics;  // of wrong cells the first 20 and the number of the others
};

/// Reads UTF-8 or UTF-16. `file` is what diagnostics call the file.
HistoryFile read_execution_history(std::string_view bytes, const std::string& file);

}  // namespace rehearse::model
