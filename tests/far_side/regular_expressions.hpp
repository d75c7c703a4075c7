// .NET's regular expressions as far as Boost's Perl syntax means the same.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/far_side/operators.hpp"

namespace far_side {

/// All of these throw Error for an expression that is none.
bool match_text(const std::string& text, const std::string& pattern, bool minds_case, Matches* matches);
std::string replace_text(const std::string& text, const std::string& pattern, const std::string& by, bool minds_case);
/// At most so many pieces; 0: all. Groups of the expression are pieces as well, as in .NET.
std::vector<std::string> split_text(const std::string& text, const std::string& pattern, std::int64_t most,
                                    bool minds_case);

/// A regular expression for PowerShell's * ? [a-z] over the whole text.
std::string pattern_of_wildcards(const std::string& wildcards);
std::string escaped_pattern(const std::string& text);

struct Found {
  std::size_t index;
  std::string text;
  std::vector<std::string> groups;  // [0]: all of it
};
std::vector<Found> all_matches(const std::string& text, const std::string& pattern, bool minds_case);

}  // namespace far_side
