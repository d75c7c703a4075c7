// Exports of deployments: reading them, the design that is made of them, and the report. Files of one export are
// separated by a byte that JSON does not have.
#include <sstream>
#include <string>
#include <utility>

#include "fuzzing.hpp"
#include "model/json_tree.hpp"
#include "real_backend/inspect/export_reader.hpp"
#include "real_backend/inspect/inspection.hpp"
#include "real_backend/inspect/inspection_report.hpp"

namespace rehearse::fuzz {
namespace {

std::vector<std::pair<std::string, std::string>> files_in(std::string_view text) {
  constexpr char separator = '\x1E';
  std::vector<std::pair<std::string, std::string>> files;
  for (;;) {
    const std::size_t end = text.find(separator);
    files.emplace_back("f" + std::to_string(files.size()), text.substr(0, end));
    if (end == text.npos) return files;
    text.remove_prefix(end + 1);
  }
}

void require_json(const std::string& text, const char* promise) {
  std::vector<model::Diagnostic> diagnostics;
  require(model::parse_json(text, "f", diagnostics).has_value() && !model::has_errors(diagnostics), promise);
}

}  // namespace
}  // namespace rehearse::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rehearse;
  real::ExportResult read = real::read_export(fuzz::files_in(fuzz::text_of(data, size)));
  fuzz::require_told(read.exported.has_value(), read.diagnostics);
  if (!read.exported) return 0;
  const real::Inspection inspection = real::inspect(*read.exported, "f.artefacts");
  fuzz::require(inspection.design || !inspection.remarks.empty(), "where there is no design, a remark says why");
  fuzz::require(inspection.design || inspection.files.empty(), "files come with a design");
  if (inspection.design) fuzz::require_json(*inspection.design, "the design is JSON");
  for (const real::InspectedFile& file : inspection.files) {
    fuzz::require(file.path.starts_with("f.artefacts/") && file.path.find("..") == file.path.npos,
                  "every file lies in the design's own folder");
  }
  const real::InspectionReport report{inspection, "f.json", read.exported->files, std::move(read.diagnostics)};
  std::ostringstream for_people, for_programs;
  real::write_text(for_people, report);
  real::write_json(for_programs, report);
  fuzz::require_json(for_programs.str(), "the report for programs is JSON");
  return 0;
}
