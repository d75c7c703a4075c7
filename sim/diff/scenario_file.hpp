// A scenario file whose design can be replaced: the same story, told of another farm.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "model/diagnostic.hpp"
#include "sim/scenario/scenario_reader.hpp"

namespace rehearse::sim {

class ScenarioFile {
 public:
  /// nullopt where it cannot be read or is no JSON: `diagnostics` receives why.
  static std::optional<ScenarioFile> read(const std::string& path, std::vector<model::Diagnostic>& diagnostics);
  /// The same for text that is already there; what it names lies relative to the folder of `path`.
  static std::optional<ScenarioFile> of(std::string text, const std::string& path,
                                        std::vector<model::Diagnostic>& diagnostics);

  const std::string& path() const { return path_; }

  /// The scenario with this design file in place of the one that it names: everything that the reader of scenarios
  /// says of the two. Lines are those of the file. A file that names no design gets none.
  ScenarioResult with_design(const std::string& design_path) const;

 private:
  std::string path_, text_;
  std::size_t design_ = 0, design_length_ = 0;  // of the value in the text; no length: it names none
};

}  // namespace rehearse::sim
