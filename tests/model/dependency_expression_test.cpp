#include "model/dependency_expression.hpp"

#include <gtest/gtest.h>

#include <map>
#include <set>
#include <string>
#include <vector>

namespace rehearse::model {
namespace {

using Clauses = std::vector<std::vector<std::string>>;

Clauses clauses(std::string_view text) {
  const DependencyExpression expression = parse_dependency(text);
  EXPECT_EQ(expression.problem, "") << text;
  return expression.all_of_any;
}

TEST(DependencyExpression, a_single_resource_is_one_clause) {
  EXPECT_EQ(clauses("[A]"), (Clauses{{"A"}}));
  EXPECT_EQ(clauses("  ( [A] ) "), (Clauses{{"A"}}));
}

TEST(DependencyExpression, and_needs_all_or_needs_any) {
  EXPECT_EQ(clauses("[A] and [B] and [C]"), (Clauses{{"A"}, {"B"}, {"C"}}));
  EXPECT_EQ(clauses("[A] or [B] or [C]"), (Clauses{{"A", "B", "C"}}));
}

TEST(DependencyExpression, parentheses_hold_alternatives) {
  EXPECT_EQ(clauses("[A] and ([B] or [C])"), (Clauses{{"A"}, {"B", "C"}}));
  EXPECT_EQ(clauses("([A] or [B]) and ([C] or [D]) and [E]"), (Clauses{{"A", "B"}, {"C", "D"}, {"E"}}));
  EXPECT_EQ(clauses("([A] or [B])"), (Clauses{{"A", "B"}}));
}

TEST(DependencyExpression, words_may_have_any_case_and_need_no_blanks) {
  EXPECT_EQ(clauses("[A]AND([B]Or[C])"), (Clauses{{"A"}, {"B", "C"}}));
}

TEST(DependencyExpression, names_are_kept_as_they_are) {
  EXPECT_EQ(clauses("[SQL IP Address 1 (SQLFCI)] or [ and (B) or ]"),
            (Clauses{{"SQL IP Address 1 (SQLFCI)", " and (B) or "}}));
}

TEST(DependencyExpression, a_problem_has_its_column_and_a_remedy) {
  const std::map<std::string, std::pair<std::string, std::size_t>> expected = {
      {"", {"a resource is missing at the end", 1}},
      {"A", {"a resource is not in brackets", 1}},
      {"[A", {"a bracket is never closed", 1}},
      {"[A [B]", {"a bracket is never closed", 1}},
      {"[A] and []", {"there is no name in the brackets", 9}},
      {"[A] nor [B]", {"'and', 'or' or the end is wanted", 5}},
      {"[A] and", {"a resource is missing at the end", 8}},
      {"[A] and [B] or [C]", {"'and' and 'or' are mixed", 13}},
      {"[A] or [B] and [C]", {"'and' and 'or' are mixed", 12}},
      {"[A] or ([B] or [C])", {"'or' beside parentheses", 5}},
      {"([A] or [B]) or [C]", {"'or' beside parentheses", 14}},
      {"([A] and [B])", {"'and' inside parentheses", 6}},
      {"([A] xor [B])", {"'or' or ')' is wanted", 6}},
      {"([A] or [B]", {"a parenthesis is never closed", 12}},
      {"(([A]))", {"parentheses inside parentheses", 2}},
      {"[A])", {"'and', 'or' or the end is wanted", 4}},
  };
  for (const auto& [text, problem] : expected) {
    const DependencyExpression expression = parse_dependency(text);
    EXPECT_EQ(std::pair(expression.problem, expression.column), problem) << text;
    EXPECT_NE(expression.remedy, "") << text;
    EXPECT_TRUE(expression.all_of_any.empty()) << text;
  }
}

// Every text of up to six of these pieces: an answer always comes, it is either clauses or a problem inside the text,
// and what was understood can be written down again and means the same.
TEST(DependencyExpression, every_short_text_is_understood_or_told) {
  const std::vector<std::string> pieces = {"[A]", "[B]", " and ", " or ", "(", ")"};
  std::vector<std::string> texts = {""};
  int understood = 0;
  for (std::size_t from = 0, length = 0; length < 6; ++length) {
    const std::size_t until = texts.size();
    for (; from < until; ++from) {
      for (const std::string& piece : pieces) texts.push_back(texts[from] + piece);
    }
  }
  for (const std::string& text : texts) {
    const DependencyExpression expression = parse_dependency(text);
    ASSERT_NE(expression.problem.empty(), expression.all_of_any.empty()) << text;
    if (!expression.problem.empty()) {
      ASSERT_GE(expression.column, 1u) << text;
      ASSERT_LE(expression.column, text.size() + 1) << text;
      continue;
    }
    ++understood;
    std::string again;
    for (const auto& clause : expression.all_of_any) {
      again += again.empty() ? "(" : " and (";
      for (std::size_t i = 0; i < clause.size(); ++i) again += (i > 0 ? " or [" : "[") + clause[i] + "]";
      again += ")";
    }
    ASSERT_EQ(parse_dependency(again).all_of_any, expression.all_of_any) << text;
  }
  // [A]; ([A]); two joined by either word; one of them in parentheses, with 'and' only; ([A] or [B]); three joined
  // by one word need five pieces. Each with two names a place, and a blank makes no difference.
  EXPECT_EQ(understood, 2 + 2 + 2 * 4 + 2 * 4 + 4 + 2 * 8);
}

}  // namespace
}  // namespace rehearse::model
