#include "model/dependency_expression.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "model/endpoint.hpp"

namespace rehearse::model {
namespace {

enum class Joint { none, all, any };

/// Ends the reading at the first place that makes no sense.
struct Problem {
  std::size_t at;
  std::string what, remedy;
};

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  /// The whole text: clauses joined by `and`, or one list joined by `or`.
  std::vector<std::vector<std::string>> read() {
    std::vector<std::vector<std::string>> clauses = {clause()};
    Joint joint = Joint::none;
    while (!at_end()) {
      const std::size_t word_at = at_;
      const bool group_before = in_parentheses_;
      const Joint word = joining_word("'and', 'or' or the end");
      if (joint != Joint::none && word != joint) fail_mixed(word_at);
      joint = word;
      std::vector<std::string> next = clause();
      if (word == Joint::all) {
        clauses.push_back(std::move(next));
      } else if (group_before || in_parentheses_) {
        throw Problem{word_at, "'or' beside parentheses",
                      "only 'and' joins groups: write \"([A] or [B]) and ([C] or [D])\""};
      } else {
        clauses.front().push_back(std::move(next.front()));
      }
    }
    return clauses;
  }

 private:
  /// "[A]" or "([A] or [B])".
  std::vector<std::string> clause() {
    in_parentheses_ = next() == '(';
    if (!in_parentheses_) return {name()};
    ++at_;
    std::vector<std::string> members = {name()};
    while (next() != ')') {
      if (at_end()) throw Problem{at_, "a parenthesis is never closed", "add ')'"};
      const std::size_t word_at = at_;
      if (joining_word("'or' or ')'") == Joint::all) {
        throw Problem{word_at, "'and' inside parentheses",
                      "parentheses hold alternatives: write \"[A] and ([B] or [C])\""};
      }
      members.push_back(name());
    }
    ++at_;
    return members;
  }

  std::string name() {
    if (next() == '(') throw Problem{at_, "parentheses inside parentheses", "write \"[A] and ([B] or [C])\""};
    if (next() != '[') {
      throw Problem{at_, at_end() ? "a resource is missing at the end" : "a resource is not in brackets",
                    "write every name in brackets: \"[A] and [B]\""};
    }
    const std::size_t end = text_.find_first_of("[]", at_ + 1);
    if (end == std::string_view::npos || text_[end] == '[') throw Problem{at_, "a bracket is never closed", "add ']'"};
    if (end == at_ + 1) throw Problem{at_, "there is no name in the brackets", "write a resource's name in them"};
    std::string found(text_.substr(at_ + 1, end - at_ - 1));
    at_ = end + 1;
    return found;
  }

  Joint joining_word(std::string_view wanted) {
    next();
    const std::size_t end = text_.find_first_of(" ([])", at_);
    const std::string_view word = text_.substr(at_, end == std::string_view::npos ? end : end - at_);
    for (const auto& [spelled, joint] : {std::pair("and", Joint::all), std::pair("or", Joint::any)}) {
      if (!same_name(word, spelled)) continue;
      at_ += word.size();
      return joint;
    }
    throw Problem{at_, fmt::format("{} is wanted", wanted), "write for example \"[A] and ([B] or [C])\""};
  }

  [[noreturn]] static void fail_mixed(std::size_t at) {
    throw Problem{at, "'and' and 'or' are mixed", "put the alternatives in parentheses: \"[A] and ([B] or [C])\""};
  }

  /// The next character that is no blank; NUL at the end.
  char next() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool at_end() { return next() == '\0'; }

  std::string_view text_;
  std::size_t at_ = 0;
  bool in_parentheses_ = false;  // the clause read last
};

}  // namespace

DependencyExpression parse_dependency(std::string_view text) {
  DependencyExpression result;
  try {
    result.all_of_any = Reader(text).read();
  } catch (Problem& problem) {
    result.problem = std::move(problem.what);
    result.remedy = std::move(problem.remedy);
    result.column = problem.at + 1;
  }
  return result;
}

}  // namespace rehearse::model
