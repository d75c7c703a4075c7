#include "cli/inspect_command.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cli/design_files.hpp"
#include "cli/page.hpp"
#include "cli/telling.hpp"
#include "real_backend/inspect/export_reader.hpp"
#include "real_backend/inspect/export_script.hpp"
#include "real_backend/inspect/inspection.hpp"
#include "real_backend/inspect/inspection_report.hpp"
#include "real_backend/utf8.hpp"

namespace rehearse::cli {
namespace {

struct Options {
  std::string from, output;
  std::string format = "text";
  bool quiet = false;
  bool force = false, export_script = false;
};

/// Writes the design and its files; `warnings` receives what its reader says. passed: done.
Exit write(const real::Inspection& inspection, DesignFiles& files, std::vector<model::Diagnostic>& warnings) {
  std::vector<std::pair<std::string, std::string>> bytes;
  for (const real::InspectedFile& file : inspection.files) bytes.emplace_back(file.path, file.bytes);
  if (!files.prepare(*inspection.design, bytes)) {
    spdlog::error("{}", files.problem());
    return Exit::io;
  }
  const std::vector<model::Diagnostic> told = files.read_back();
  if (model::has_errors(told)) {
    tell(told);
    spdlog::error("this is a bug in Rehearse: the design that was made is not accepted by its own reader");
    return Exit::bug;
  }
  warnings.insert(warnings.end(), told.begin(), told.end());
  if (files.commit()) return Exit::passed;
  spdlog::error("{}", files.problem());
  return Exit::io;
}

Exit run(const Options& options) {
  if (options.export_script) {
    std::cout << real::export_script();
    return flushed(Exit::passed);
  }
  if (options.from.empty()) {
    spdlog::error("there is nothing to inspect: name the folder of an export, or one of its files");
    return Exit::usage;
  }
  const std::string folder = std::filesystem::path(options.output).stem().string() + ".artefacts";
  if (!real::is_utf8(options.output)) {
    spdlog::error("the name of the design is no UTF-8, and a design has to name its folder");
    return Exit::usage;
  }
  DesignFiles files(options.output, folder);
  if (!options.output.empty() && !options.force && !files.in_the_way().empty()) {
    spdlog::error("{} is there already: name another file, or add --force", files.in_the_way());
    return Exit::usage;
  }
  real::ExportResult read = real::read_export_at(options.from);
  tell(read.diagnostics);
  if (!read.exported) return Exit::usage;
  const real::Inspection inspection = real::inspect(*read.exported, folder);
  real::InspectionReport report{inspection, "", read.exported->files, std::move(read.diagnostics)};
  if (inspection.design && !options.output.empty()) {
    const std::size_t before = report.warnings.size();
    const Exit exit = write(inspection, files, report.warnings);
    if (exit != Exit::passed) return exit;
    report.written = options.output;
    tell({report.warnings.begin() + static_cast<std::ptrdiff_t>(before), report.warnings.end()});
  }
  const bool text = options.format == "text";
  const Page page(text);
  if (!text) real::write_json(std::cout, report);
  if (text && (!options.quiet || !inspection.understood_wholly())) real::write_text(std::cout, report);
  return flushed(inspection.understood_wholly() ? Exit::passed : Exit::unknown);
}

}  // namespace

void add_inspect_command(CLI::App& program, Exit& exit) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "inspect", "makes a design from an exported deployment and lists what it did not understand");
  command->add_option("EXPORT", options->from, "the folder that the export script wrote, or one of its files");
  command->add_option("-o,--output", options->output,
                      "the design; its certificates and settings files go to a folder beside it");
  command->add_flag("--force", options->force, "replace a design and its folder that are there");
  command->add_flag("--export-script", options->export_script,
                    "print the script (Windows PowerShell 5.1) that writes an export, and nothing else");
  add_format_option(*command, options->format);
  command->add_flag("--quiet,-q", options->quiet, "no account of what was understood wholly");
  command->footer(
      "examples:\n"
      "  rehearse inspect --export-script > export.ps1     # run it on a node: .\\export.ps1 -Folder C:\\Temp\\farm\n"
      "  rehearse inspect farm -o farm.json\n"
      "exit codes: 0 understood wholly, 2 something was not understood or is missing, 64 bad usage or input,\n"
      "  70 a bug in Rehearse, 74 input or output failed");
  command->callback([options, &exit] { exit = run(*options); });
}

}  // namespace rehearse::cli
