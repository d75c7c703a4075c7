// From an exported deployment to a design: what can be said of it in a design is said, everything else is listed. The
// design that comes out is one that the reader of designs accepts; where that cannot be (no worker could be read, for
// example), there is none.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "real_backend/inspect/export.hpp"
#include "real_backend/inspect/remarks.hpp"

namespace rehearse::real {

/// A file that the design names: a certificate or a settings file, byte by byte as it was exported.
struct InspectedFile {
  std::string path;  // relative to the design, with '/': "farm.artefacts/SQL1/MasterSettings.config"
  std::string bytes;
};

struct Inspection {
  std::optional<std::string> design;                       // JSON
  std::vector<InspectedFile> files;                        // only with a design
  std::vector<std::pair<std::string, std::string>> found;  // for people: "nodes", "SQL1 and SQL2"
  std::vector<Remark> remarks;
  /// What no export can tell and a rehearsal may want: the workload, above all.
  std::vector<std::string> to_state;

  bool understood_wholly() const;
};

/// `artefacts` is the folder for the files, relative to the design: "farm.artefacts".
Inspection inspect(const Export& exported, const std::string& artefacts);

}  // namespace rehearse::real
