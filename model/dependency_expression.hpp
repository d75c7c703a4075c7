// What a resource needs, as Windows writes it: "[IP 1] or [IP 2]", "[Disk] and ([IP 1] or [IP 2])" (W 3.4). Brackets
// are mandatory. Read are a list joined by one word, and groups of `or` in parentheses joined by `and`, which is all
// that a dependency can mean here: all of several clauses, each satisfied by any one of its resources.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rehearse::model {

struct DependencyExpression {
  std::vector<std::vector<std::string>> all_of_any;  // names as written; no clause is empty
  std::string problem;                               // why the text is none, in one sentence; empty: it could be read
  std::string remedy;                                // only with a problem
  std::size_t column = 0;                            // of the problem, in bytes from 1
};

DependencyExpression parse_dependency(std::string_view text);

}  // namespace rehearse::model
