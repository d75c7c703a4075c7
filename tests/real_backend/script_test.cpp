#include "real_backend/powershell/script.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <stdexcept>
#include <string>
#include <vector>

namespace rehearse::real::ps {
namespace {

using steps::Secret;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

Block say(const Expression& value) {
  return Block().emit(value);
}

Expression x() {
  return variable("x");
}

// ---- values

TEST(Script, values_are_written_as_powershell_reads_them) {
  EXPECT_EQ(literal("it's").text(), "'it''s'");
  EXPECT_EQ(number(5).text(), "5");
  EXPECT_EQ(flag(true).text(), "$true");
  EXPECT_EQ(null().text(), "$null");
  EXPECT_EQ(list({}).text(), "@()");
  EXPECT_EQ(list_of({"a", "b'"}).text(), "@('a', 'b''')");
  EXPECT_EQ(table({}).text(), "@{}");
  EXPECT_EQ(table({{"a b", number(1)}, {"c", null()}}).text(), "@{ 'a b' = 1; 'c' = $null }");
  EXPECT_EQ(item().member("Name").text(), "$_.Name");
  EXPECT_EQ(x().method("Add", {number(1), literal("a")}).at(number(0)).text(), "$x.Add(1, 'a')[0]");
}

TEST(Script, what_would_be_read_otherwise_carries_brackets) {
  EXPECT_EQ(number(-5).text(), "(-5)");
  EXPECT_EQ(number(5).member("Length").text(), "((5).Length)");
  EXPECT_EQ(number(-5).member("Length").text(), "((-5).Length)");
  EXPECT_EQ(type_member("System.Environment", "MachineName").text(), "([System.Environment]::MachineName)")
      << "as the argument of a command, the type would be a bare word";
  EXPECT_EQ(literal("a").member("Length").text(), "('a'.Length)");
  EXPECT_EQ(value_of(Command("Get-ClusterNode")).member("Name").text(), "((Get-ClusterNode).Name)");
  EXPECT_EQ(cast("string", x().member("State")).text(), "([string]$x.State)");
  EXPECT_EQ(cast("string", x()).member("Length").text(), "(([string]$x).Length)");
  EXPECT_EQ(list({cast("byte[]", x()), binary(x(), Operator::plus, number(1))}).text(), "@(([byte[]]$x), ($x + 1))")
      << "a comma binds more tightly than an operator";
  EXPECT_EQ(negate(binary(x(), Operator::equal, number(1))).text(), "(-not ($x -eq 1))");
}

TEST(Script, operators_keep_the_order_in_which_they_were_put_together) {
  const Expression sum = binary(number(1), Operator::plus, number(2));
  EXPECT_EQ(binary(sum, Operator::minus, sum).text(), "((1 + 2) - (1 + 2))");
  EXPECT_EQ(binary(binary(x(), Operator::in, list({})), Operator::both, negate(x())).text(),
            "(($x -in @()) -and (-not $x))");
}

TEST(Script, a_secret_is_a_name_and_its_text_goes_beside_the_script) {
  const Secret password("password of CORP\\o'brien", "hunter2");
  const Block block =
      Block().run(Command("ConvertTo-SecureString").with("String", secret(password)).flag("AsPlainText").flag("Force"));
  EXPECT_THAT(block.secrets(), ElementsAre(password));
  EXPECT_EQ(block.secrets()[0].reveal(), "hunter2");
  EXPECT_THAT(to_text(block), HasSubstr("-String $Secrets['password of CORP\\o''brien'] -AsPlainText"));
  EXPECT_THAT(to_text(block), Not(HasSubstr("hunter2")));
}

TEST(Script, a_secret_is_found_wherever_it_is_used_and_once) {
  const Secret a("a", "1"), b("b", "2"), c("c", "3"), d("d", "4"), e("e", "5");
  Block inner;
  inner.when(secret(a), Block().let("x", list({secret(b)})), Block().run(x().method("Add", {secret(c)})));
  inner.for_each("y", table({{"k", secret(d)}}), Block().append(say(secret(a))));
  const Command where = Command("Where-Object").with("FilterScript", inner);
  const Block block = Block().attempt(Block().run(pipeline(secret(e), {where})), Block());
  EXPECT_THAT(block.secrets(), ElementsAre(e, a, b, c, d));
}

// ---- commands

TEST(Script, commands_name_their_parameters) {
  Command move("Move-ClusterGroup");
  move.with("Name", literal("SQL Server (MSSQLSERVER)")).with("Node", x()).flag("IgnoreLocked");
  EXPECT_EQ(move.text(), "Move-ClusterGroup -Name 'SQL Server (MSSQLSERVER)' -Node $x -IgnoreLocked");
  EXPECT_EQ(Command("Get-Service").with("ErrorAction", literal("SilentlyContinue")).text(),
            "Get-Service -ErrorAction 'SilentlyContinue'");
}

TEST(Script, script_blocks_stand_on_one_line_or_on_several) {
  const Command filter = Command("Where-Object").with("FilterScript", say(item().member("Enabled")));
  EXPECT_EQ(filter.text(), "Where-Object -FilterScript { $_.Enabled }");
  const Command each = Command("ForEach-Object").with("Process", Block().let("y", item()).emit(variable("y")));
  EXPECT_EQ(each.text(), "ForEach-Object {\n  $y = $_\n  $y\n}");
  EXPECT_EQ(pipeline(Command("Get-Disk"), {filter, each}).text(),
            "(Get-Disk | Where-Object -FilterScript { $_.Enabled } | ForEach-Object {\n  $y = $_\n  $y\n})");
}

TEST(Script, a_program_answers_all_that_it_writes) {
  const Expression path = binary(x(), Operator::plus, literal("\\Setup.exe"));
  EXPECT_EQ(native(path, {literal("/Q"), x()}).text(),
            "(& { $ErrorActionPreference = 'Continue'; @() | & ($x + '\\Setup.exe') '/Q' $x 2>&1 | "
            "ForEach-Object { [string]$_ } })");
  EXPECT_NO_THROW(native(type_method("System.IO.Path", "Combine", {x(), literal("setup.exe")}), {}));
}

// ---- statements

TEST(Script, statements_are_plain_powershell) {
  Block block;
  block.let("x", number(1)).run(Command("Get-Disk")).run(x().method("Close")).set_member(x(), "Name", literal("a"));
  block.when(x(), Block().answer(list({x()})));
  block.when(binary(x(), Operator::equal, number(2)), Block().fail("refused", literal("no")),
             Block().let("y", number(3)));
  block.for_each("z", x(), Block().repeat_while(variable("z"), Block().let("z", null())));
  block.and_finally(Block().attempt(Block(), Block().run(item().member("Exception"))), Block().run(x()));
  EXPECT_THAT(block.lines(),
              ElementsAre("$x = 1", "$null = Get-Disk", "$null = $x.Close()", "$x.Name = 'a'", "if ($x) {",
                          "  return @{ 'value' = @($x) }", "}", "if ($x -eq 2) {",
                          "  return @{ 'code' = 'refused'; 'message' = [string]'no' }", "} else {", "  $y = 3", "}",
                          "foreach ($z in $x) {", "  while ($z) {", "    $z = $null", "  }", "}", "try {", "  try {",
                          "  } catch {", "    $null = $_.Exception", "  }", "} finally {", "  $null = $x", "}"));
}

TEST(Script, the_text_of_a_literal_is_never_indented) {
  const Block deep = Block().when(flag(true), Block().when(flag(true), Block().answer(literal("a\n  b"))));
  EXPECT_THAT(to_text(deep), HasSubstr("\n      return @{ 'value' = 'a\n  b' }\n"));
}

TEST(Script, the_whole_script_stops_at_errors_and_never_asks) {
  const std::string text = to_text(Block().answer(flag(true)));
  EXPECT_TRUE(
      text.starts_with("param($Secrets)\n$global:ErrorActionPreference = 'Stop'\n$global:ConfirmPreference = 'None'\n"))
      << text;
  EXPECT_TRUE(text.ends_with("}\n$Line\n")) << text;
  EXPECT_THAT(text, HasSubstr("$Body = {\n  return @{ 'value' = $true }\n}\n"));
}

// ---- what is refused

struct Refusal {
  std::string what;
  std::function<void()> build;
};

TEST(Script, what_windows_does_not_have_cannot_be_written) {
  const std::vector<Refusal> refusals = {
      {"no cmdlet Move-ClusterGroop", [] { Command("Move-ClusterGroop"); }},
      {"no cmdlet move-clustergroup", [] { Command("move-clustergroup"); }},
      {"no parameter Move-ClusterGroup -Waitt", [] { Command("Move-ClusterGroup").with("Waitt", number(0)); }},
      {"no parameter Move-ClusterGroup -Force", [] { Command("Move-ClusterGroup").flag("Force"); }},
      {"-IgnoreLocked is a switch", [] { Command("Move-ClusterGroup").with("IgnoreLocked", flag(true)); }},
      {"-Wait is no switch", [] { Command("Move-ClusterGroup").flag("Wait"); }},
      {"twice: Get-Disk -Number", [] { Command("Get-Disk").with("Number", number(1)).with("Number", number(2)); }},
      {"-Name takes no script block", [] { Command("Get-Service").with("Name", say(item())); }},
      {"no type System.IO.Fil", [] { type_method("System.IO.Fil", "ReadAllBytes", {null()}); }},
      {"no System.IO.File::ReadBytes", [] { type_method("System.IO.File", "ReadBytes", {null()}); }},
      {"no System.IO.File::ReadAllBytes with 2 arguments",
       [] {
         type_method("System.IO.File", "ReadAllBytes", {null(), null()});
       }},
      {"no System.DateTime::UtcNew", [] { type_member("System.DateTime", "UtcNew"); }},
      {"no System.Data.SqlClient.SqlConnection::new with 3",
       [] {
         new_object("System.Data.SqlClient.SqlConnection", {null(), null(), null()});
       }},
      {"no type strnig", [] { cast("strnig[]", null()); }},
      {"no program 'format.com'", [] { native(literal("C:\\Windows\\format.com"), {}); }},
      {"no program ''", [] { native(x(), {}); }},
  };
  for (const Refusal& refusal : refusals) {
    EXPECT_THAT(refusal.build, testing::ThrowsMessage<std::logic_error>(HasSubstr(refusal.what)));
  }
}

TEST(Script, what_would_be_wrong_everywhere_cannot_be_written) {
  const std::vector<Refusal> refusals = {
      {"no name for a script: 'a b'", [] { variable("a b"); }},
      {"no name for a script: 'x;y'", [] { x().member("x;y"); }},
      {"no name for a script: ''", [] { x().method(""); }},
      {"no name for a script: '1a'", [] { Block().let("1a", null()); }},
      {"own variable Host", [] { Block().let("Host", null()); }},
      {"own variable secrets", [] { Block().for_each("secrets", null(), Block()); }},
      {"empty secret", [] { secret(Secret()); }},
      {"would hold a secret",
       [] { native(literal("netsh.exe"), {binary(literal("p="), Operator::plus, secret(Secret("p", "t")))}); }},
      {"cannot hand this to a program: '\"'", [] { native(literal("netsh.exe"), {literal("\"")}); }},
      {"cannot hand this to a program: ''", [] { native(literal("netsh.exe"), {literal("")}); }},
      {"cannot end the script", [] { Command("Where-Object").with("FilterScript", Block().answer(null())); }},
      {"cannot end the script",
       [] { Block().and_finally(Block(), Block().when(flag(true), Block().fail("refused", literal("")))); }},
      {"a code outside the list: forbidden", [] { Block().fail("forbidden", literal("")); }},
      {"cannot be written", [] { Command("ForEach-Object").with("MemberName", literal("Name")); }},
      {"reads what it never assigns: x, y",
       [] { to_text(Block().let("z", x()).when(variable("y"), Block().answer(variable("Z")))); }},
      {"beside its answer", [] { to_text(Block().when(flag(true), say(literal("a")))); }},
  };
  for (const Refusal& refusal : refusals) {
    EXPECT_THAT(refusal.build, testing::ThrowsMessage<std::logic_error>(HasSubstr(refusal.what)));
  }
  EXPECT_THROW(literal(std::string_view("\0", 1)), std::invalid_argument);
}

TEST(Script, every_code_of_the_closed_list_can_be_failed_with) {
  for (const char* code :
       {"refused", "not found", "conflict", "unreachable", "timed out", "cancelled", "indeterminate", "elsewhere"}) {
    EXPECT_NO_THROW(Block().fail(code, literal("")));
  }
  EXPECT_EQ(Block().fail(steps::FailureCode::not_found, literal("")).lines(),
            Block().fail("not found", literal("")).lines());
}

}  // namespace
}  // namespace rehearse::real::ps
