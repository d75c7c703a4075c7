#include "cli/study_output.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <iostream>
#include <utility>
#include <vector>

#include "cli/html_option.hpp"
#include "cli/telling.hpp"
#include "model/steps/failure.hpp"
#include "sim/report/html/page.hpp"
#include "sim/report/html/study_page.hpp"
#include "sim/scenario/runner.hpp"
#include "sim/study/checkpoint.hpp"
#include "sim/study/database.hpp"
#include "sim/study/study_sqlite.hpp"

namespace rehearse::cli {

bool is_sqlite(const std::string& file) {
  return file.ends_with(".sqlite") || file.ends_with(".db");
}

void add_output_options(CLI::App& command, StudyOutputs& outputs) {
  add_format_option(command, outputs.format);
  command.add_option("--csv", outputs.csv, "file for a table with a line for each point and measure");
  add_html_option(command, outputs.html);
}

std::string problem_of(const StudyOutputs& outputs, const std::vector<std::string>& inputs) {
  if (const std::string missing = sim::html::missing_libraries(); !outputs.html.empty() && !missing.empty())
    return "--html: " + missing;
  const std::vector<NamedFile> files = {{"--csv", outputs.csv}, {"--html", outputs.html}, {"--output", outputs.sqlite}};
  if (std::string lost = lost_by(files, inputs); !lost.empty()) return lost;
  if (outputs.sqlite.empty()) return {};
  if (!is_sqlite(outputs.sqlite)) {
    return fmt::format(
        "--output {}: the results there are tables of SQLite, in a file that ends in .sqlite or .db; text "
        "and JSON go to standard output, and --csv names a file for a table",
        outputs.sqlite);
  }
  if (sim::is_checkpoint(outputs.sqlite)) {
    return fmt::format("--output {}: that is a checkpoint, and results would take its place", outputs.sqlite);
  }
  return {};
}

OpenOutputs::OpenOutputs(const StudyOutputs& outputs) : outputs_(outputs), csv_(outputs.csv), html_(outputs.html) {
  if (outputs.sqlite.empty()) return;
  std::error_code failed;
  const auto there = std::filesystem::status(outputs.sqlite, failed);
  if (std::filesystem::exists(there) && !std::filesystem::is_regular_file(there)) {
    spdlog::error("cannot write {}: a file is wanted there, and it is something else", outputs.sqlite);
    failed_ = true;
    return;
  }
  temporary_sqlite_ = outputs.sqlite + ".part-" + std::to_string(getpid());
  try {
    sim::Database(temporary_sqlite_, sim::Database::Missing::is_created);
  } catch (const steps::Failure& failure) {
    tell_sqlite(failure);
    failed_ = true;
  }
}

OpenOutputs::~OpenOutputs() {
  if (!temporary_sqlite_.empty()) unlink(temporary_sqlite_.c_str());
}

Exit OpenOutputs::write(const sim::StudyReport& report) {
  if (outputs_.format == "json") {
    sim::write_study_json(std::cout, report);
  } else {
    sim::write_study_text(std::cout, report);
  }
  if (flushed(Exit::passed) != Exit::passed) return Exit::io;
  if (!csv_.write_report([&](std::ostream& out) { sim::write_study_csv(out, report); })) return Exit::io;
  if (!html_.write_report([&](std::ostream& out) { sim::html::write_study_page(out, report); })) return Exit::io;
  if (!write_sqlite(report)) return Exit::io;
  if (report.interrupted) return Exit::interrupted;
  const bool settled = !report.answers || report.answers->settled;
  return report.precise && settled ? Exit::passed : Exit::unknown;
}

void answer_questions(const sim::Study& study, sim::StudyReport& report, unsigned threads,
                      const std::function<bool()>& interrupted) {
  if (!study.questions.any()) return;
  try {
    report.answers = sim::answer_questions(study, report.figures, threads, interrupted);
  } catch (const sim::Interrupted&) {
    report.interrupted = true;  // what the replications came to is told
  }
}

/// By the name that the user knows.
void OpenOutputs::tell_sqlite(const steps::Failure& failure) const {
  std::string message = failure.message();
  if (message.starts_with(temporary_sqlite_)) message.replace(0, temporary_sqlite_.size(), outputs_.sqlite);
  spdlog::error("{}", message);
}

bool OpenOutputs::write_sqlite(const sim::StudyReport& report) {
  if (temporary_sqlite_.empty()) return true;
  try {
    sim::write_study_sqlite(temporary_sqlite_, report);
  } catch (const steps::Failure& failure) {
    tell_sqlite(failure);
    return false;
  }
  if (std::rename(temporary_sqlite_.c_str(), outputs_.sqlite.c_str()) == 0) return true;
  spdlog::error("cannot write {}: {}", outputs_.sqlite, std::strerror(errno));
  return false;
}

}  // namespace rehearse::cli
