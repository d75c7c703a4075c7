// What the quoting function makes of any text is one literal with that value. The judge is tree-sitter-powershell,
// which knows nothing of the program; this is what it can prove, and what not:
//
//  - The grammar ends a single-quoted literal at ASCII ' only, so by itself it would also pass a literal in which a
//    typographic quote is not doubled. PowerShell's reader treats U+2018 to U+201B as the same quote, wherever they
//    stand; so each literal is parsed a second time with those characters folded to ', where an odd one is as fatal as
//    an odd '.
//  - It gives no values. The value is read here from the literal's text by the language's rule: a quote character
//    stands for itself when another one follows.
//  - It takes a NUL for the end of the input. NUL never reaches it: the quoting function refuses it.
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <random>
#include <stdexcept>
#include <string>
#include <vector>

#include "real_backend/powershell/quoting.hpp"
#include "tests/far_side/syntax.hpp"

namespace far_side {
namespace {

using rehearse::real::single_quoted;

/// Every leaf of the tree but the assignment's own; empty when the parser found errors.
std::vector<Node> leaves(const Node& node) {
  std::vector<Node> found;
  for (const Node& part : node.parts()) {
    const std::vector<Node> below = leaves(part);
    found.insert(found.end(), below.begin(), below.end());
  }
  if (found.empty()) found.push_back(node);
  return found;
}

/// The script is `$x = <one single-quoted literal>` and `Get-Thing -Name <the same> -Flag`, and nothing else.
testing::AssertionResult is_one_literal(const Syntax& syntax, std::size_t literal_length) {
  if (!syntax.errors().empty()) return testing::AssertionFailure() << "errors in " << syntax.script();
  const std::vector<Node> found = leaves(syntax.root());
  std::vector<std::string> kinds;
  for (const Node& leaf : found) kinds.emplace_back(leaf.kind());
  const std::vector<std::string> wanted = {"variable",
                                           "=",
                                           "verbatim_string_characters",
                                           "command_name",
                                           " ",
                                           "command_parameter",
                                           " ",
                                           "verbatim_string_characters",
                                           " ",
                                           "command_parameter"};
  if (kinds != wanted) {
    return testing::AssertionFailure() << testing::PrintToString(kinds) << " in " << syntax.script();
  }
  for (const Node& leaf : found) {
    if (leaf.is("verbatim_string_characters") && leaf.end() - leaf.begin() != literal_length) {
      return testing::AssertionFailure() << "ends early: " << leaf.text();
    }
  }
  return testing::AssertionSuccess();
}

/// How many bytes of a quote stand there; 0: none.
std::size_t quote_at(const std::string& text, std::size_t at) {
  for (const std::string quote : {"'", "\u2018", "\u2019", "\u201A", "\u201B"}) {
    if (text.compare(at, quote.size(), quote) == 0) return quote.size();
  }
  return 0;
}

/// The value of a literal, by the language's rule.
std::string value_of(const std::string& literal) {
  std::string value;
  std::size_t at = 1;
  while (at < literal.size() - 1) {
    const std::size_t length = std::max<std::size_t>(quote_at(literal, at), 1);
    value += literal.substr(at, length);
    at += quote_at(literal, at) == 0 ? length : length + quote_at(literal, at + length);
  }
  return value;
}

void expect_one_literal(const std::string& text) {
  const std::string literal = single_quoted(text);
  const std::string script = "$x = " + literal + "\nGet-Thing -Name " + literal + " -Flag\n";
  // Syntax folds by itself; the fold done beforehand shows that it changes no structure on its own account.
  EXPECT_TRUE(is_one_literal(Syntax(script), literal.size()));
  EXPECT_TRUE(is_one_literal(Syntax(folded(script)), folded(literal).size()));
  EXPECT_EQ(value_of(literal), text);
}

std::vector<std::string> nasty_texts() {
  return {"",
          "SQL Server (MSSQLSERVER)",
          "'",
          "''",
          "'''",
          "\u2018",
          "\u2019",
          "\u201A",
          "\u201B",
          "\u2018\u2019\u201A\u201B",
          "'\u2019'",
          "x'; Remove-Cluster -Force; '",
          "x\u2019; Remove-Cluster -Force; \u2018",
          "`",
          "`'",
          "`n",
          "$x",
          "$(Remove-Cluster)",
          "${x}",
          "@('a')",
          "\"",
          "\u201C\u201D\u201E",
          "\u2013Force \u2014 \u2015",
          "a\nb",
          "a\r\nb\n",
          "'@\n'@",
          "@'\nhere\n'@",
          "#",
          "<# #>",
          "--%",
          "{ } ( ) [ ] ; | & < > , %",
          "\\",
          "\\'",
          "\t\v\f\b",
          "\u00A0\u200B\uFEFF\u2028\u2029",
          "é ü ß",
          "節点",
          "\U0001F600\U0010FFFF",
          "\u0085",
          std::string("\x01\x02\x1b\x7f", 4),
          std::string(20000, '\'')};
}

TEST(Quoting, every_nasty_text_is_one_literal_with_that_value_for_an_independent_parser) {
  for (const std::string& text : nasty_texts()) expect_one_literal(text);
}

TEST(Quoting, so_are_all_nasty_texts_put_together_by_chance) {
  const std::vector<std::string> pieces = nasty_texts();
  std::mt19937 random(7);  // NOLINT: the same texts in every run
  for (int round = 0; round < 400; ++round) {
    std::string text;
    for (int i = 0; i < 6; ++i) text += pieces[random() % (pieces.size() - 1)];
    expect_one_literal(text);
  }
}

TEST(Quoting, the_judge_sees_a_quote_that_is_not_doubled) {
  for (const std::string quote : {"'", "\u2018", "\u2019", "\u201A", "\u201B"}) {
    const std::string literal = "'a" + quote + "b'";
    EXPECT_FALSE(
        is_one_literal(Syntax("$x = " + literal + "\nGet-Thing -Name " + literal + " -Flag\n"), literal.size()))
        << literal;
  }
}

TEST(Quoting, nul_is_refused_wherever_it_stands) {
  for (const std::string& text : {std::string("\0", 1), std::string("a\0b", 3), std::string("'\0", 2)}) {
    EXPECT_THROW(single_quoted(text), std::invalid_argument);
  }
}

}  // namespace
}  // namespace far_side
