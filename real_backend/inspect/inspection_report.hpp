// An inspection for people and for programs: what was found, what was not understood, what is missing, and what to do
// next.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include "model/diagnostic.hpp"
#include "real_backend/inspect/inspection.hpp"

namespace rehearse::real {

struct InspectionReport {
  const Inspection& inspection;
  std::string written;                      // the design's path; empty: none was written
  std::vector<std::string> files;           // of the export
  std::vector<model::Diagnostic> warnings;  // of the export and of the design as it is read back
};

void write_text(std::ostream& out, const InspectionReport& report);
void write_json(std::ostream& out, const InspectionReport& report);

}  // namespace rehearse::real
