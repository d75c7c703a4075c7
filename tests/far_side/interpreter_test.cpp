// Statements, errors and commands against PowerShell's documented behaviour (about_Scopes, about_Try_Catch_Finally,
// about_Pipelines, ...), above all where scripts go wrong.
#include <gtest/gtest.h>

#include <string>

#include "tests/far_side/asking.hpp"

namespace far_side {
namespace {

TEST(Flow, conditions_and_loops) {
  EXPECT_EQ(out("if ($false) { 1 } elseif (2 -gt 1) { 2 } else { 3 }"), "[2]");
  EXPECT_EQ(out("$i = 0; while ($i -lt 9) { $i = $i + 1; if ($i -eq 2) { continue }; if ($i -gt 3) { break }; $i }"),
            "[1,3]");
  EXPECT_EQ(out("foreach ($i in @('a', 'b')) { $i }; $i"), R"(["a","b","b"])");
  EXPECT_EQ(out("$x = if ($true) { 'yes' } else { 'no' }; $x; $one = 1; ($one..3); $i = 5; $i++; $i"),
            R"(["yes",1,2,3,6])");
}

TEST(Flow, return_ends_its_block_only) {
  EXPECT_EQ(out("$a = & { 1; return 2; 3 }; $a; @(1, 2) | ForEach-Object { if ($_ -eq 1) { return 'one' }; 'more' }"),
            R"([1,2,"one","more"])");
  EXPECT_EQ(out("1; return; 2"), "[1]");
  EXPECT_EQ(out("$r = & { return @{ 'value' = @('x') } }; $r.value.Count; $r.ContainsKey('value')"), "[1,true]");
}

TEST(Flow, break_outside_of_a_loop_is_not_taken_for_good) {
  EXPECT_THROW(out("1 | ForEach-Object { break }"), std::logic_error);
}

TEST(Errors, catch_sees_the_record) {
  EXPECT_EQ(out("try { throw 'boom' } catch { $_.Exception.Message; [string]$_.CategoryInfo.Category; "
                "$_.FullyQualifiedErrorId; \"$_\" }"),
            R"(["boom","OperationStopped","boom","boom"])");
}

TEST(Errors, of_net_come_wrapped_and_keep_what_was_thrown_inside) {
  EXPECT_EQ(out("try { [System.IO.File]::ReadAllBytes('x') } catch { $_.Exception.Message; $_.FullyQualifiedErrorId; "
                "$_.Exception.InnerException.Message; $_.Exception.InnerException.HResult; "
                "$_.InvocationInfo.MyCommand.Name }"),
            R"(["Exception calling \"ReadAllBytes\" with \"1\" argument(s): \"Could not find file \u0027x\u0027.\"",)"
            R"("FileNotFoundException","Could not find file \u0027x\u0027.",-2147024894,null])");
}

TEST(Errors, catch_blocks_choose_by_type) {
  EXPECT_EQ(out("try { [System.IO.File]::ReadAllBytes('x') } catch [System.ArgumentException] { 'argument' } "
                "catch [System.IO.IOException] { 'io' } catch { 'any' }"),
            R"(["io"])");
}

TEST(Errors, of_cmdlets_obey_error_action_unless_they_end_the_statement) {
  SmallMachine machine;
  machine.cmdlets["Get-It"] = [](const Call&) -> Array {
    throw Error("Cannot find it.", "ObjectNotFound", "NotFound,Microsoft.Get");
  };
  const auto all = [&](const std::string& script) { return to_json(Value(run(script, machine)), 3, true); };
  EXPECT_EQ(all("$x = Get-It -ErrorAction SilentlyContinue; $null -eq $x; $Error.Count"), "[true,1]");
  EXPECT_EQ(all("Get-It; 'went on'"), R"(["went on"])");
  EXPECT_EQ(all("try { Get-It; 'went on' } catch { 'caught' }"), R"(["went on"])");
  EXPECT_EQ(
      all("try { Get-It -ErrorAction Stop } catch { $_.InvocationInfo.MyCommand.Name; $_.FullyQualifiedErrorId }"),
      R"(["Get-It","NotFound,Microsoft.Get"])");
  EXPECT_EQ(all("$ErrorActionPreference = 'Stop'; try { Get-It } catch { \"$_\" }"), R"(["Cannot find it."])");
  EXPECT_EQ(all("try { No-Such -ErrorAction SilentlyContinue } catch { $_.FullyQualifiedErrorId }"),
            R"(["CommandNotFoundException"])");
  EXPECT_TRUE(machine.calls.at(0).named.empty()) << "common parameters are not the machine's";
}

TEST(Errors, finally_runs_whatever_happens) {
  EXPECT_EQ(out("$l = [System.Collections.ArrayList]::new(); try { try { throw 'a' } finally { $null = $l.Add('f') } } "
                "catch { $null = $l.Add('c') }; & { try { return 1 } finally { $null = $l.Add('r') } }; $l"),
            R"([1,"f","c","r"])");
}

TEST(Errors, methods_of_null_and_methods_that_are_not_there) {
  EXPECT_EQ(error_in("$n.Go()").id, "InvokeMethodOnNull");
  EXPECT_EQ(error_in("$h = @{}; $h.Go()").id, "MethodNotFound");
  EXPECT_EQ(error_in("'a'.Member = 1").id, "PropertyNotFound");
}

TEST(Commands, get_their_arguments_from_the_tree) {
  SmallMachine machine;
  machine.cmdlets["Set-It"] = [](const Call&) -> Array { return {}; };
  run("$v = @{ 'k' = 'deep' }; Set-It -Name 'a b' -Force -Wait 0 -List @('x', 'y') -At $v.k -On:$false 'place' Bare "
      "-Low -5 -Sum (1 + 2)",
      machine);
  const Call& call = machine.calls.at(0);
  EXPECT_EQ(call["name"].text(), "a b");
  EXPECT_EQ(call["Wait"].whole(), 0);
  EXPECT_TRUE(call["Force"].truth());
  EXPECT_EQ(call["List"].items().size(), 2u);
  EXPECT_EQ(call["At"].text(), "deep");
  EXPECT_FALSE(call["On"].truth());
  EXPECT_TRUE(call.has("On"));
  EXPECT_EQ(call["Low"].whole(), -5);
  EXPECT_EQ(call["Sum"].whole(), 3);
  EXPECT_EQ(Value(call.positional).text(), "place Bare");
  EXPECT_EQ(error_in("Set-It -A 1 -A 2").id, "ParameterAlreadyBound,Set-It");
}

TEST(Commands, hand_their_output_on_and_are_not_run_for_nothing) {
  SmallMachine machine;
  machine.cmdlets["Get-Two"] = [](const Call&) -> Array { return {1, 2}; };
  machine.cmdlets["Stop-It"] = [](const Call& call) { return call.input; };
  EXPECT_EQ(to_json(Value(run("Get-Two | Where-Object -FilterScript { ($_ -gt 1) } | Stop-It", machine)), 3, true),
            "[2]");
  EXPECT_EQ(machine.calls.size(), 2u);
  run("Get-Two | Where-Object { $_ -gt 5 } | Stop-It", machine);
  EXPECT_EQ(machine.calls.size(), 3u) << "nothing came through the pipeline";
  EXPECT_EQ(to_json(Value(run("$n = 'Get-Two'; (& $n).Count", machine)), 3, true), "[2]");
}

TEST(Commands, splatted_tables_are_named_arguments) {
  SmallMachine machine;
  machine.cmdlets["Set-It"] = [](const Call&) -> Array { return {}; };
  run("$how = @{ 'Name' = 'n'; 'Force' = $true }; Set-It @how", machine);
  EXPECT_EQ(machine.calls.at(0)["Name"].text(), "n");
}

TEST(Commands, programs_get_words_and_leave_an_exit_code) {
  SmallMachine machine;
  const std::string script =
      "$t = & { $ErrorActionPreference = 'Continue'; & 'netsh.exe' 'http' 'ipport=0.0.0.0:8391' @('a', 'b') 2>&1 | "
      "ForEach-Object { [string]$_ } }; $t.Count; $LASTEXITCODE; $ErrorActionPreference";
  EXPECT_EQ(to_json(Value(run(script, machine)), 3, true), R"([2,3,"Continue"])");
  EXPECT_EQ(machine.programs.at(0), "netsh.exe [http] [ipport=0.0.0.0:8391] [a] [b]");
}

TEST(Commands, sorting_selecting_measuring) {
  EXPECT_EQ(
      out("@(3, 1, 2) | Sort-Object; @('b', 'A', 'a') | Sort-Object -Unique; (@(1, 2, 3) | Measure-Object).Count"),
      R"([1,2,3,"A","b",3])");
  EXPECT_EQ(out("$o = @(@{ 'n' = 2; 't' = 'x' }, @{ 'n' = 1; 't' = 'y' }); ($o | Sort-Object -Property 'n').t; "
                "$o | Select-Object -First 1 -ExpandProperty 't'; (@(1, 2) | Measure-Object -Sum).Sum"),
            R"(["y","x","x",3.0])");
  EXPECT_EQ(error_in("@(1) | Sort-Object -Desending").id,
            "NamedParameterNotFound,Microsoft.PowerShell.Commands.Sort-Object");
}

TEST(Blocks, bind_their_parameters) {
  EXPECT_EQ(
      out("$b = { param($a, [int]$n = 4, [switch]$s) \"$a $n $s\" }; & $b 'x'; & $b -n '7' -a 'y' -s; & $b 'z' 5"),
      R"(["x 4 False","y 7 True","z 5 False"])");
  EXPECT_EQ(out("function Add-Up($x, $y) { $x + $y }; Add-Up 1 2; & { $args.Count } 1 2"), "[3,2]");
  EXPECT_EQ(error_in("$b = { param($a) $a }; & $b -c 1").id, "NamedParameterNotFound");
  EXPECT_EQ(out("& ([scriptblock]::Create('param($a) $a + 1')) 2"), "[3]");
}

TEST(Objects, tables_and_custom_objects) {
  EXPECT_EQ(out("$h = @{ 'A' = 1; b = 2 }; $h['a']; $h.B; $h.Count; $h.c = 3; $h['d'] = 4; $h.Keys.Count; "
                "$h.ContainsKey('D'); $h.Remove('A'); $h.Count"),
            "[1,2,2,4,true,3]");
  EXPECT_EQ(out("$o = [pscustomobject]@{ 'n' = 1 }; $o.n = 2; $o.n; $null -eq $o.Count"), "[2,true]");
  EXPECT_EQ(error_in("$o = [pscustomobject]@{ 'n' = 1 }; $o.m = 2").id, "PropertyNotFound");
  EXPECT_EQ(out("@{ 'a' = 1 } | ForEach-Object { $_.Count }; foreach ($e in @{ 'k' = 'v' }.GetEnumerator()) { $e.Key + "
                "$e.Value }"),
            R"([1,"kv"])");
}

TEST(Net, texts_bytes_and_encodings) {
  EXPECT_EQ(out("[System.Convert]::ToBase64String([System.Text.Encoding]::UTF8.GetBytes('é'))"), R"(["w6k="])");
  EXPECT_EQ(out("[System.Text.Encoding]::Unicode.GetString([Convert]::FromBase64String('YQDpAA=='))"), R"(["aé"])");
  EXPECT_EQ(
      out("'a,b;c'.Split(',;').Count; 'abc'.Substring(1, 1); ' x '.Trim(); 'é😀'.Length; [string]::Join('-', @(1, 2))"),
      R"([3,"b","x",3,"1-2"])");
  EXPECT_EQ(out("[version]'10.0.2' -lt [version]'10.0.17763'; ([byte[]]@(1, 255)).Count; '{0:x2}-{1}' -f 10, 'b'"),
            R"([true,2,"0a-b"])");
  EXPECT_EQ(out("[guid]'{4DC3E181-E14B-4a21-B022-59FC669B0914}' -eq '4dc3e181-e14b-4a21-b022-59fc669b0914'"), "[true]");
}

TEST(Net, local_time_is_not_utc) {
  EXPECT_EQ(
      out("$d = [datetime]'2027-03-01T10:00:00Z'; $d.Hour; $d.ToUniversalTime().ToString('s'); $d.Kind -eq 'Local'"),
      R"([12,"2027-03-01T10:00:00",true])");
  EXPECT_EQ(out("$a = [datetime]'2027-01-01'; $b = $a.AddDays(1.5); ($b - $a).TotalHours; $b -gt $a; "
                "$b.ToString('yyyy-MM-dd HH:mm')"),
            R"([36.0,true,"2027-01-02 12:00"])");
  EXPECT_EQ(out("ConvertTo-Json -InputObject @{ 'd' = [DateTime]::new(2027, 1, 1, 0, 0, 0, 'Utc') } -Compress"),
            R"(["{\"d\":\"\\/Date(1798761600000)\\/\"}"])");
}

TEST(Json, arrays_stay_arrays_and_what_lies_deep_becomes_text) {
  EXPECT_EQ(out("ConvertTo-Json -InputObject @{ 'v' = @('a'); 'n' = $null; 'e' = @() } -Compress"),
            R"(["{\"e\":[],\"n\":null,\"v\":[\"a\"]}"])");
  EXPECT_EQ(out("ConvertTo-Json -InputObject @{ 'a' = @{ 'b' = @{ 'c' = @{ 'd' = 1 } } } } -Compress"),
            R"(["{\"a\":{\"b\":{\"c\":\"System.Collections.Hashtable\"}}}"])");
  EXPECT_EQ(out("@(1) | ConvertTo-Json -Compress; @(1, 2) | ConvertTo-Json -Compress"), R"(["1","[1,2]"])");
  EXPECT_EQ(out("$o = '{\"a\":[1],\"b\":null}' | ConvertFrom-Json; $o.a.Count; $null -eq $o.b"), "[1,true]");
}

TEST(Limits, what_is_not_known_is_told_with_its_place) {
  try {
    out("$a = 1\nswitch ($a) { 1 { 2 } }");
    FAIL() << "no error";
  } catch (const std::logic_error& error) {
    EXPECT_EQ(std::string(error.what()).substr(0, 3), "2:1") << error.what();
  }
  for (const std::string script : {"1..3 | ForEach-Object { $_ }", "Get-It > 'file'", "$a::B", "[System.Odd]::Thing",
                                   "'a'.NoSuchMethod()", "$script = 1; trap { 1 }"}) {
    EXPECT_THROW(out(script), std::logic_error) << script;
  }
}

TEST(Limits, a_script_that_cannot_be_parsed_is_not_run) {
  EXPECT_THROW(out("'a'; if ("), std::invalid_argument);
}

}  // namespace
}  // namespace far_side
