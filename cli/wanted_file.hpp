// A result file that the user may have asked for. It is opened before the work is done, so that a folder that cannot be
// written is known then; what goes wrong is told at once.
#pragma once

#include <functional>
#include <iosfwd>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cli/output_file.hpp"

namespace rehearse::cli {

/// A file that an option names; empty: it was not given.
struct NamedFile {
  std::string_view option;
  std::string file;
};

/// What would be lost if results went to these places: a file that is read, too (`inputs`; "" and - are none), or the
/// first of two results in one file. Empty: nothing would.
std::string lost_by(const std::vector<NamedFile>& outputs, const std::vector<std::string>& inputs);

/// False: something would be lost, which was told.
bool nothing_is_lost_by(const std::vector<NamedFile>& outputs, const std::vector<std::string>& inputs);

class WantedFile {
 public:
  /// Empty: no file is asked for, and nothing is ever written.
  explicit WantedFile(const std::string& path);

  bool wanted() const { return file_.has_value(); }
  /// False: it cannot be written, which was told.
  explicit operator bool() const { return !told_; }

  /// The whole file. False: it could not be written, which was told.
  bool write(std::string_view text);
  /// The same with what `report` writes; it is not called where no file is asked for.
  bool write_report(const std::function<void(std::ostream&)>& report);

 private:
  void tell();

  std::optional<OutputFile> file_;
  bool told_ = false;
};

}  // namespace rehearse::cli
