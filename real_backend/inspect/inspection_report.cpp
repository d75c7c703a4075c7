#include "real_backend/inspect/inspection_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "real_backend/utf8.hpp"

namespace rehearse::real {
namespace {

using Json = nlohmann::ordered_json;

std::string at(const Spot& spot) {
  return fmt::format("{}:{}:{}", spot.file, spot.place.line, spot.place.column);
}

void write_remarks(std::ostream& out, const Inspection& inspection, Remark::Kind kind, std::string_view heading) {
  const auto is_it = [&](const Remark& one) { return one.kind == kind; };
  const auto count = std::count_if(inspection.remarks.begin(), inspection.remarks.end(), is_it);
  if (count == 0) return;
  out << '\n' << heading << " (" << count << ")\n";
  for (const Remark& remark : inspection.remarks) {
    if (!is_it(remark)) continue;
    out << "  - " << printable(remark.what) << '\n';
    if (remark.spot) out << "      at " << at(*remark.spot) << "  " << printable(remark.spot->place.pointer) << '\n';
    if (!remark.remedy.empty()) out << "      " << printable(remark.remedy) << '\n';
  }
}

std::string next_of(const InspectionReport& report) {
  if (!report.inspection.design) return "export what is missing and inspect again";
  if (report.written.empty()) return "write the design: rehearse inspect ... -o design.json";
  return fmt::format(
      "add the workload to {0}, write a scenario with \"design\": \"{0}\", and rehearse it: rehearse run SCENARIO",
      report.written);
}

Json json_of(const InspectionReport& report, Remark::Kind kind) {
  Json list = Json::array();
  for (const Remark& remark : report.inspection.remarks) {
    if (remark.kind != kind) continue;
    Json one;
    one["what"] = remark.what;
    one["remedy"] = remark.remedy;
    if (remark.spot) {
      one["file"] = remark.spot->file;
      one["line"] = remark.spot->place.line;
      one["column"] = remark.spot->place.column;
      one["pointer"] = remark.spot->place.pointer;
    }
    list.push_back(std::move(one));
  }
  return list;
}

}  // namespace

void write_text(std::ostream& out, const InspectionReport& report) {
  const Inspection& inspection = report.inspection;
  out << "Found\n";
  for (const auto& [what, found] : inspection.found) out << fmt::format("  {:<12} {}\n", what, printable(found));
  write_remarks(out, inspection, Remark::Kind::not_understood, "Not understood, and so not in the design");
  write_remarks(out, inspection, Remark::Kind::missing, "Missing in the export");
  write_remarks(out, inspection, Remark::Kind::note, "Left out, because it makes no difference");
  if (!inspection.to_state.empty()) {
    out << "\nFor you to state, because no export tells it\n";
    for (const std::string& one : inspection.to_state) out << "  - " << one << '\n';
  }
  out << '\n';
  if (!inspection.design) {
    out << "There is no design: it would lack something that every design has to say.\n";
  } else if (!report.written.empty()) {
    out << fmt::format("The design is in {}, with {} files beside it.\n", report.written, inspection.files.size());
  }
  out << "next: " << next_of(report) << '\n';
}

void write_json(std::ostream& out, const InspectionReport& report) {
  const Inspection& inspection = report.inspection;
  Json json;
  json["export"] = report.files;
  json["design"] = report.written.empty() ? Json() : Json(report.written);
  json["understood_wholly"] = inspection.understood_wholly();
  Json found = Json::object();
  for (const auto& [what, text] : inspection.found) found[what] = text;
  json["found"] = std::move(found);
  json["not_understood"] = json_of(report, Remark::Kind::not_understood);
  json["missing"] = json_of(report, Remark::Kind::missing);
  json["left_out"] = json_of(report, Remark::Kind::note);
  json["to_state"] = inspection.to_state;
  Json warnings = Json::array();
  for (const model::Diagnostic& one : report.warnings) warnings.push_back(model::to_text(one));
  json["warnings"] = std::move(warnings);
  json["files"] = Json::array();
  for (const InspectedFile& file : inspection.files) json["files"].push_back(file.path);
  json["next"] = next_of(report);
  // Texts out of settings files may hold any bytes.
  out << json.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace rehearse::real
