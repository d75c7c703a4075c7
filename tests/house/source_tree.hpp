// The source files of the project as text, for the tests that guard its order.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace rehearse::house {

struct SourceFile {
  std::string path;  // from the root: "model/quorum.hpp"
  std::vector<std::string> lines;
};

/// All .hpp and .cpp files under the named folders (or one file), sorted by path. A folder that is not there has none.
std::vector<SourceFile> sources_in(const std::vector<std::string>& folders);

/// What a line includes: "model/quorum.hpp", "boost/asio.hpp"; empty: nothing.
std::string included_by(std::string_view line);

/// Whether the path lies in the folder or below it.
bool lies_in(std::string_view path, std::string_view folder);

/// Words in `line` are runs of letters and digits, taken apart at capitals: "SqlServer" holds "sql" and "server".
/// Whether one of them begins with `word`, which is in lower case.
bool holds_word(std::string_view line, std::string_view word);

}  // namespace rehearse::house
