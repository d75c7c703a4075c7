// A design with the files that it names, there whole or not at all: written beside its place, read back by the reader
// of designs, and then moved where it belongs, the design last.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "model/diagnostic.hpp"

namespace rehearse::cli {

class DesignFiles {
 public:
  /// `path`: of the design. `folder`: of its files, relative to the design, one level deep.
  DesignFiles(std::string path, std::string folder);
  ~DesignFiles();
  DesignFiles(const DesignFiles&) = delete;
  DesignFiles& operator=(const DesignFiles&) = delete;

  /// What of it is there already; empty: nothing.
  std::string in_the_way() const;

  /// Writes everything beside its place. Each file: its path relative to the design, and its bytes. False: problem()
  /// says why.
  bool prepare(const std::string& design, const std::vector<std::pair<std::string, std::string>>& files);
  /// What the reader of designs says of what was prepared.
  std::vector<model::Diagnostic> read_back() const;
  /// Puts it in its place, over what is there. False: problem() says why, and what was there still is.
  bool commit();

  const std::string& problem() const { return problem_; }

 private:
  bool fail(const std::string& what);

  std::string path_, folder_, staging_, problem_;
};

}  // namespace rehearse::cli
