// A transcript as a file: JSON Lines, in the order in which things happened. The first line says what the file is; each
// call has a line when it begins and one when it ends:
//
//   {"rehearse": "transcript", "version": 1}
//   {"begin": 1, "call": "Cluster.MoveRole", "with": ["SQL Server (MSSQLSERVER)", "SQL2", "10m"]}
//   {"end": 1, "failure": {"code": "refused", "message": "access denied"}}
//
// or {"end": 1, "answer": ...} or {"end": 1, "abandoned": true}; call_json.hpp says how values are written. Calls count
// from 1 in the order in which they begin, and the order of the lines says what overlapped. A file that is written line
// by line is readable however its writer ended: calls without an end were under way.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/diagnostic.hpp"
#include "model/steps/adapters/transcript.hpp"

namespace rehearse::steps {

// The lines, without their line ends. `index` counts from 0, as in Transcript.
std::string transcript_header();
std::string begin_line(std::size_t index, const AnyRequest& request);
/// Throws std::logic_error for an outcome that says "under way".
std::string end_line(std::size_t index, const CallOutcome& outcome);

/// The whole file.
std::string transcript_text(const Transcript& transcript);

struct TranscriptResult {
  std::optional<Transcript> transcript;        // only when no diagnostic is an error
  std::vector<model::Diagnostic> diagnostics;  // a torn last line is a warning
};

/// `file` is what diagnostics call the file. Secrets come back without their texts.
TranscriptResult read_transcript(std::string_view text, const std::string& file);
TranscriptResult read_transcript_file(const std::string& path);

}  // namespace rehearse::steps
