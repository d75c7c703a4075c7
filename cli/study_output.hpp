// Where `rehearse study` and `rehearse merge` write what was found: standard output, a table as CSV, a report for a
// browser, tables of SQLite.
#pragma once

#include <functional>
#include <string>

#include "cli/command.hpp"
#include "cli/wanted_file.hpp"
#include "sim/study/study_report.hpp"

namespace rehearse::steps {
class Failure;
}

namespace rehearse::cli {

struct StudyOutputs {
  std::string format = "text", csv, html, sqlite;
};

/// Adds --format, --csv and --html; --output is the command's own.
void add_output_options(CLI::App& command, StudyOutputs& outputs);

/// What is wrong with their names, where `inputs` are read; empty: nothing.
std::string problem_of(const StudyOutputs& outputs, const std::vector<std::string>& inputs);

/// Files that are there whole or not at all; the wanted ones are opened before the work is done, and what goes wrong is
/// told at once.
class OpenOutputs {
 public:
  explicit OpenOutputs(const StudyOutputs& outputs);
  ~OpenOutputs();
  OpenOutputs(const OpenOutputs&) = delete;
  OpenOutputs& operator=(const OpenOutputs&) = delete;

  /// False: one cannot be written.
  explicit operator bool() const { return csv_ && html_ && !failed_; }

  /// Writes all of them. `passed`, `unknown` where the wanted precision was not reached or a question stays open,
  /// `interrupted`, or `io`.
  Exit write(const sim::StudyReport& report);

 private:
  bool write_sqlite(const sim::StudyReport& report);
  void tell_sqlite(const steps::Failure& failure) const;

  const StudyOutputs& outputs_;
  WantedFile csv_, html_;
  std::string temporary_sqlite_;
  bool failed_ = false;
};

/// Answers what the study asks beside its measures, when its replications are complete. Interrupted it leaves the
/// report without answers, and says so in it.
void answer_questions(const sim::Study& study, sim::StudyReport& report, unsigned threads,
                      const std::function<bool()>& interrupted);

/// Whether a file of this name is one of SQLite.
bool is_sqlite(const std::string& file);

}  // namespace rehearse::cli
