// A result file that is there whole or not at all: written beside its place and then renamed. What is there and is no
// file, a device or a pipe, is written to as it is.
#pragma once

#include <string>
#include <string_view>

namespace rehearse::cli {

class OutputFile {
 public:
  /// Opens the temporary file at once, so that a place that cannot be written is known before the work is done.
  explicit OutputFile(std::string path);
  ~OutputFile();
  OutputFile(const OutputFile&) = delete;
  OutputFile& operator=(const OutputFile&) = delete;

  /// What is wrong, for people; empty: nothing.
  const std::string& problem() const { return problem_; }

  /// Writes and renames. False: problem() says why, and an older file of that name is untouched.
  bool write(std::string_view text);

 private:
  std::string path_, target_, problem_;
  std::string temporary_;  // empty: the target is written itself
  int descriptor_ = -1;
};

}  // namespace rehearse::cli
