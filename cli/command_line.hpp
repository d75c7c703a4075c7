// A command of this program, spelled for a person to copy into a shell: every word arrives there as it was meant.
#pragma once

#include <string>
#include <utility>

namespace rehearse::cli {

class CommandLine {
 public:
  /// Begins with these words, which need no quotes: "rehearse apply".
  explicit CommandLine(std::string begin) : text_(std::move(begin)) {}

  /// A word by itself, a file's name for instance; "./-x" where "-x" would be taken for an option.
  CommandLine& file(const std::string& name);
  /// "--user=CORP\admin", quoted as needed; nothing when the value is the default.
  CommandLine& option(const std::string& name, const std::string& value, const std::string& default_value = "");
  CommandLine& flag(const std::string& name, bool given);

  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

/// One word of a POSIX shell: as it is where no shell would change it, or else between single quotes.
std::string shell_word(const std::string& word);

}  // namespace rehearse::cli
