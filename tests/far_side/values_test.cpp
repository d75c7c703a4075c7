// Values, arrays and operators against PowerShell's documented behaviour (about_Arrays, about_Comparison_Operators,
// about_Arithmetic_Operators, ...), above all where scripts go wrong.
#include <gtest/gtest.h>

#include <string>

#include "tests/far_side/asking.hpp"

namespace far_side {
namespace {

TEST(Values, literals_are_what_they_say) {
  EXPECT_EQ(out("'it''s'; \"a`tb\"; 12; 0x1F; 1.5; 2kb; $true; $null"),
            R"(["it\u0027s","a\tb",12,31,1.5,2048,true,null])");
  EXPECT_EQ(out("'a\u2019\u2019b'"), "[\"a\u2019b\"]");
  EXPECT_EQ(out("'$x `n'"), R"(["$x `n"])");
}

TEST(Values, expandable_strings_take_variables_and_subexpressions) {
  EXPECT_EQ(out("$x = 'v'; $o = @{ 'k' = 2 }; \"a $x.k $($o.k) ${x}b `$x \"\"q\"\"\""), R"(["a v.k 2 vb $x \"q\""])");
  EXPECT_EQ(out("\"[$(@(1, 2))][$null][$(1.5)][$true]\""), R"(["[1 2][][1.5][True]"])");
}

TEST(Variables, one_that_was_never_set_is_null_and_so_are_its_members) {
  EXPECT_EQ(out("$nothing -eq $null; $nothing.a.b -eq $null; $nothing.Count"), "[true,true,0]");
}

TEST(Variables, names_are_blind_to_case) {
  EXPECT_EQ(out("$Ab = 1; $aB + 1"), "[2]");
}

TEST(Variables, blocks_read_outer_ones_and_assign_their_own) {
  EXPECT_EQ(out("$x = 1; & { $x; $x = 2; $x }; $x"), "[1,2,1]");
  EXPECT_EQ(out("$x = 1; if ($true) { $x = 2 }; $x; foreach ($i in @(1)) { $x = 3 }; $x"), "[2,3]");
  EXPECT_EQ(out("$x = 0; @(1, 2) | ForEach-Object { $x = $x + $_ }; $x"), "[3]");
}

TEST(Variables, constants_cannot_be_assigned) {
  EXPECT_EQ(error_in("$host = 'a'").id, "VariableNotWritable");
  EXPECT_THROW(out("$input = 1"), std::logic_error);
}

TEST(Variables, a_type_before_the_name_converts_every_later_value) {
  EXPECT_EQ(out("[int]$x = '5'; $x + 1; $x = '7'; $x + 1"), "[6,8]");
}

TEST(Arrays, one_item_in_a_pipeline_is_no_array_any_more) {
  EXPECT_EQ(out("$a = & { @('x') }; $a -is [string]; $b = @(& { @('x') }); $b.Count"), "[true,1]");
  EXPECT_EQ(out("$a = @('x'); $a -is [array]; $c = ('x', 'y' | Where-Object { $_ -eq 'x' }); $c"), R"([true,"x"])");
}

TEST(Arrays, nothing_is_null_but_a_pipeline_finds_nothing_in_it) {
  EXPECT_EQ(out("$n = & { $null = 1 }; $n -eq $null; @($n).Count"), "[true,0]");
}

TEST(Arrays, null_itself_goes_through_a_pipeline_and_into_a_list) {
  EXPECT_EQ(out("@($null).Count; $null | ForEach-Object { 'ran' }; foreach ($i in $null) { 'never' }"), R"([1,"ran"])");
  EXPECT_EQ(out("$n = (1 | Where-Object { $false }); @($n).Count; $n | ForEach-Object { 'never' }"), "[0]");
}

TEST(Arrays, plus_appends_and_the_left_side_decides) {
  EXPECT_EQ(out("(@(1) + 2).Count; (@() + @(1, 2)).Count; 'a' + 1; 1 + '2'; @(1, 2) + $null"),
            "[2,2,\"a1\",3,1,2,null]");
  EXPECT_EQ(error_in("1 + 'a'").category, "InvalidArgument");
}

TEST(Arrays, indexes_count_from_the_end_and_outside_there_is_null) {
  EXPECT_EQ(out("$a = @(1, 2, 3); $a[0]; $a[-1]; $null -eq $a[7]; 'abc'[1]; $a[1] = 9; $a[1]"), "[1,3,true,\"b\",9]");
  EXPECT_EQ(error_in("$n = $null; $n[0]").id, "NullArray");
}

TEST(Arrays, a_member_of_an_array_is_that_of_its_items) {
  EXPECT_EQ(out("$a = @(@{ 'n' = 1 }, @{ 'n' = 2 }); $a.n; $a.Count; ($a.n).Count"), "[1,2,2,2]");
}

TEST(Arrays, lists_tell_the_index_of_what_they_take) {
  EXPECT_EQ(out("$l = [System.Collections.ArrayList]::new(); $l.Add('a'); $null = $l.Add('b'); $l.Count; $l"),
            R"([0,2,"a","b"])");
}

TEST(Comparisons, are_blind_to_case_unless_they_say_so) {
  EXPECT_EQ(out("'Up' -eq 'uP'; 'Up' -ceq 'uP'; 'a' -lt 'B'; 'SQL1' -in @('sql1'); @('X') -contains 'x'"),
            "[true,false,true,true,true]");
}

TEST(Comparisons, the_left_side_decides_about_the_type) {
  EXPECT_EQ(out("1 -eq '1'; '1' -eq 1; '01' -eq 1; 1 -eq '01'; 10 -gt '9'; '10' -gt 9; $true -eq 'False'"),
            "[true,true,false,true,true,false,true]");
  EXPECT_EQ(out("$null -eq ''; '' -eq $null; $null -eq 0; 0 -eq ''"), "[false,false,false,true]");
}

TEST(Comparisons, an_array_on_the_left_is_filtered) {
  EXPECT_EQ(out("(@(1, 2, 1) -eq 1).Count; @('a', 'b') -ne 'a'; (@() -eq $null).Count"), "[2,\"b\",0]");
  EXPECT_EQ(out("if (@() -eq $null) { 'null' } else { 'not' }; if (@($null, $null) -eq $null) { 'two' }"),
            R"(["not","two"])");
  EXPECT_EQ(out("if (@('Up', 'Down') -ne 'Up') { 'some are not' }"), R"(["some are not"])");
}

TEST(Comparisons, wildcards_and_regular_expressions) {
  EXPECT_EQ(out("'SSISScaleOutMaster150' -like 'ssis*1?0'; 'a[b' -like 'a`[b'; 'x' -notlike 'y*'"), "[true,true,true]");
  EXPECT_EQ(out("'state is Up (2)' -match '\\((?<n>\\d+)\\)'; $Matches[0]; $Matches['n']; 'a' -match 'b'"),
            R"j([true,"(2)","2",false])j");
  EXPECT_EQ(out("'a.b' -replace '\\.', '-'; ('a, b,c' -split ',\\s*').Count; @('x', 'y') -join '+'"),
            R"(["a-b",3,"x+y"])");
  EXPECT_EQ(out("@('ab', 'cd') -match 'c'; 'a.b'.Replace('.', '$')"), R"(["cd","a$b"])");
}

TEST(Comparisons, enumerations_are_equal_to_their_names_and_numbers) {
  SmallMachine machine;
  machine.cmdlets["Get-State"] = [](const Call&) -> Array {
    return {make_object("Thing", {{"State", enumeration("States", "Online", 2)}})};
  };
  const std::string script =
      "$s = (Get-State).State; $s -eq 'online'; $s -eq 2; 'Online' -eq $s; [string]$s; [int]$s; @('Online') -contains "
      "$s";
  EXPECT_EQ(to_json(Value(run(script, machine)), 3, true), R"([true,true,true,"Online",2,true])");
  EXPECT_EQ(to_json(Value(run("ConvertTo-Json -InputObject (Get-State) -Compress", machine)), 3, true),
            R"(["{\"State\":2}"])");
}

TEST(Logic, truth_of_values) {
  EXPECT_EQ(out("[bool]''; [bool]'False'; [bool]0; [bool]@(); [bool]@(0); [bool]@(0, 0); [bool]@{}; -not $null"),
            "[false,true,false,false,false,true,true,true]");
}

TEST(Logic, and_and_or_do_not_look_at_what_does_not_matter) {
  EXPECT_EQ(out("$false -and $n.Boom(); $true -or $n.Boom(); -not ($true -and $false)"), "[false,true,true]");
}

TEST(Arithmetic, whole_numbers_stay_whole_where_they_can) {
  EXPECT_EQ(out("7 / 2; 6 / 2; 7 % 4; 2 * 3; 'ab' * 2; -3 + 1; [int]2.5; [int]3.5"), "[3.5,3,3,6,\"abab\",-2,2,4]");
  EXPECT_EQ(error_in("[int]5000000000").category, "InvalidArgument");
  EXPECT_EQ(error_in("1 / 0").what(), std::string("Attempted to divide by zero."));
}

}  // namespace
}  // namespace far_side
