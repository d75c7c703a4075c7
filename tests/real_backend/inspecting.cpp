#include "tests/real_backend/inspecting.hpp"

#include <filesystem>
#include <fstream>
#include <stdexcept>

#include "model/design_reader.hpp"
#include "tests/support/files.hpp"

namespace rehearse::real::testing {
namespace {

Inspection inspect_read(const ExportResult& read) {
  if (!read.exported) throw std::runtime_error("the export cannot be read:\n" + errors_of(read.diagnostics));
  return inspect(*read.exported, "inspected.artefacts");
}

}  // namespace

std::string errors_of(const std::vector<model::Diagnostic>& diagnostics) {
  std::string text;
  for (const model::Diagnostic& one : diagnostics) {
    if (one.severity == model::Severity::error) text += model::to_text(one) + "\n";
  }
  return text;
}

std::string remarks_of(const Inspection& inspection) {
  std::string text;
  for (const Remark& remark : inspection.remarks) {
    if (remark.kind != Remark::Kind::note) text += remark.what + "\n";
  }
  return text;
}

std::optional<model::Design> read_back(const Inspection& inspection, std::string& errors) {
  namespace fs = std::filesystem;
  errors.clear();
  if (!inspection.design) return std::nullopt;
  const tests::TemporaryFolder folder;
  for (const InspectedFile& file : inspection.files) {
    fs::create_directories(fs::path(folder.path(file.path)).parent_path());
    std::ofstream(folder.path(file.path), std::ios::binary) << file.bytes;
  }
  model::DesignResult result = model::read_design(*inspection.design, "inspected.json", folder.path("."));
  errors = errors_of(result.diagnostics);
  return std::move(result.design);
}

std::string export_path(const std::string& name) {
  return REHEARSE_SOURCE_DIR "/tests/real_backend/exports/" + name;
}

Inspection inspect_export(const std::string& name) {
  return inspect_read(read_export_at(export_path(name)));
}

Inspection inspect_text(const std::string& text) {
  return inspect_read(read_export({{"export.json", text}}));
}

}  // namespace rehearse::real::testing
