// What a broken JSON file looks like to the person who wrote it: the parser's report, retold in words that say what was
// found, what had to come there, and the usual slip that leads to it.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace rehearse::model {

struct SyntaxError {
  std::size_t offset = 0;  // where to point at
  std::string what;
  std::string remedy;
};

/// `report` is the parser's exception text, `token` the offset where the offending token begins and `last` that of the
/// last byte that was read (the size of the text when it ended too early).
SyntaxError describe_syntax_error(std::string_view report, std::string_view text, std::size_t token, std::size_t last);

}  // namespace rehearse::model
