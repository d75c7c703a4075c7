#include "tests/far_side/syntax.hpp"

#include <gtest/gtest.h>

#include <string>

namespace far_side {
namespace {

TEST(Syntax, a_whole_script_has_no_errors_and_its_parts_know_their_places) {
  const Syntax syntax("param($Secrets)\n$a = 'x'\nGet-Thing -Name $a | Where-Object -FilterScript { ($_.B -eq 1) }\n");
  EXPECT_TRUE(syntax.errors().empty());
  EXPECT_EQ(syntax.root().kind(), "program");
  const Node last = syntax.root().child("statement_list").children().at(1);
  EXPECT_EQ(last.kind(), "pipeline");
  EXPECT_EQ(last.place(), (Place{3, 1}));
  EXPECT_EQ(last.children().at(0).child("command_name").text(), "Get-Thing");
}

TEST(Syntax, what_cannot_be_read_is_told_with_line_and_column) {
  const Syntax syntax("$a = 1\nif ($x) { 'a'\n");
  ASSERT_FALSE(syntax.errors().empty());
  EXPECT_EQ(syntax.errors().front().place.line, 2u) << to_text(syntax.errors().front().place);
  for (const std::string script : {"$a = 'open", "$a = (1 + 2", "foreach ($x of $y) { }", "@{ 'a' = }", "& "}) {
    EXPECT_FALSE(Syntax(script).errors().empty()) << script;
  }
}

TEST(Syntax, comments_are_no_part_of_the_tree) {
  const Syntax syntax("# first\n$a = 1 # last\n");
  EXPECT_TRUE(syntax.errors().empty());
  EXPECT_EQ(syntax.root().children().size(), 1u);
}

TEST(Syntax, typographic_quotes_and_dashes_are_what_powershell_takes_them_for) {
  EXPECT_EQ(folded("\u2018a\u2019\u201A\u201B \u201Cb\u201D\u201E \u2013\u2014\u2015"), "'a''' \"b\"\" ---");
  const Syntax syntax("$a = \u2018é\u2019\u201Bx'\nStop-Service \u2013Name 'b'");
  EXPECT_TRUE(syntax.errors().empty());
  const Node second = syntax.root().child("statement_list").children().at(1);
  EXPECT_EQ(second.place(), (Place{2, 1}));
  EXPECT_EQ(second.text(), "Stop-Service \u2013Name 'b'");
  EXPECT_EQ(second.folded(), "Stop-Service -Name 'b'");
  EXPECT_EQ(syntax.root().child("statement_list").children().at(0).text(), "$a = \u2018é\u2019\u201Bx'");
}

}  // namespace
}  // namespace far_side
