#include "tests/far_side/regular_expressions.hpp"

#include <boost/regex.hpp>

namespace far_side {
namespace {

boost::regex compiled(const std::string& pattern, bool minds_case) {
  try {
    return boost::regex(pattern, boost::regex::perl | (minds_case ? 0 : boost::regex::icase));
  } catch (const boost::regex_error& error) {
    Error failure("parsing \"" + pattern + "\" - " + error.what(), "InvalidOperation", "InvalidRegularExpression");
    failure.type = "System.ArgumentException";
    throw failure;
  }
}

/// The names of the groups, which Boost does not list.
std::vector<std::string> group_names(const std::string& pattern) {
  std::vector<std::string> names;
  for (std::size_t at = pattern.find("(?<"); at != pattern.npos; at = pattern.find("(?<", at + 3)) {
    const std::size_t end = pattern.find('>', at);
    if (end != pattern.npos && pattern[at + 3] != '=' && pattern[at + 3] != '!') {
      names.push_back(pattern.substr(at + 3, end - at - 3));
    }
  }
  return names;
}

bool is_special(char c) {
  return std::string("\\*+?|{[()^$.# ").find(c) != std::string::npos;
}

}  // namespace

bool match_text(const std::string& text, const std::string& pattern, bool minds_case, Matches* matches) {
  boost::smatch found;
  if (!boost::regex_search(text, found, compiled(pattern, minds_case))) return false;
  if (matches == nullptr) return true;
  matches->clear();
  for (std::size_t group = 0; group < found.size(); ++group) {
    if (found[static_cast<int>(group)].matched) {
      (*matches)[std::to_string(group)] = found[static_cast<int>(group)].str();
    }
  }
  for (const std::string& name : group_names(pattern)) {
    if (found[name].matched) (*matches)[name] = found[name].str();
  }
  return true;
}

std::string replace_text(const std::string& text, const std::string& pattern, const std::string& by, bool minds_case) {
  return boost::regex_replace(text, compiled(pattern, minds_case), by, boost::format_perl);
}

std::vector<Found> all_matches(const std::string& text, const std::string& pattern, bool minds_case) {
  const boost::regex expression = compiled(pattern, minds_case);
  std::vector<Found> found;
  for (boost::sregex_iterator match(text.begin(), text.end(), expression), end; match != end; ++match) {
    Found each{static_cast<std::size_t>(match->position()), match->str(), {}};
    for (std::size_t group = 0; group < match->size(); ++group)
      each.groups.push_back((*match)[static_cast<int>(group)]);
    found.push_back(std::move(each));
  }
  return found;
}

std::vector<std::string> split_text(const std::string& text, const std::string& pattern, std::int64_t most,
                                    bool minds_case) {
  std::vector<std::string> pieces;
  std::size_t begin = 0;
  for (const Found& found : all_matches(text, pattern, minds_case)) {
    if (most > 0 && static_cast<std::int64_t>(pieces.size()) + 1 >= most) break;
    if (found.text.empty() && (found.index == 0 || found.index == text.size())) continue;
    pieces.push_back(text.substr(begin, found.index - begin));
    pieces.insert(pieces.end(), found.groups.begin() + 1, found.groups.end());
    begin = found.index + found.text.size();
  }
  pieces.push_back(text.substr(begin));
  return pieces;
}

std::string escaped_pattern(const std::string& text) {
  std::string pattern;
  for (const char c : text) {
    if (is_special(c)) pattern += '\\';
    pattern += c == '\n' ? "\\n" : c == '\r' ? "\\r" : c == '\t' ? "\\t" : std::string(1, c);
  }
  return pattern;
}

std::string pattern_of_wildcards(const std::string& wildcards) {
  std::string pattern = "\\A";
  for (std::size_t at = 0; at < wildcards.size(); ++at) {
    const char c = wildcards[at];
    if (c == '`' && at + 1 < wildcards.size()) {
      pattern += escaped_pattern(wildcards.substr(++at, 1));
    } else if (c == '*') {
      pattern += "(?s:.*)";
    } else if (c == '?') {
      pattern += "(?s:.)";
    } else if (c == '[') {
      const std::size_t end = wildcards.find(']', at + 2);
      if (end == wildcards.npos) {
        throw Error("The specified wildcard character pattern is not valid: " + wildcards, "InvalidArgument",
                    "RuntimeException");
      }
      std::string inside;
      for (const char member : wildcards.substr(at + 1, end - at - 1)) {
        if (member == '^' || member == '\\' || member == '[') inside += '\\';
        inside += member;
      }
      pattern += "[" + inside + "]";
      at = end;
    } else {
      pattern += is_special(c) || c == ']' || c == '}' ? std::string("\\") + c : std::string(1, c);
    }
  }
  return pattern + "\\z";
}

}  // namespace far_side
