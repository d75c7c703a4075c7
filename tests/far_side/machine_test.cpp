// One machine: what PowerShell says of calls that cannot be, files and their access rules, services, tasks, updates.
#include "tests/far_side/machine.hpp"

#include <gtest/gtest.h>

#include "tests/far_side/access.hpp"
#include "tests/far_side/bare_farm.hpp"
#include "tests/far_side/clockwork.hpp"

namespace far_side {
namespace {

/// The error that ends the script: "type|category|id|message".
std::string error_of(FarWorld& world, const std::string& script, Logon logon = Logon::delegated) {
  return look(world, "SQL1",
              "try { $null = & { " + script +
                  " }; 'no error' } catch { @([string]$_.CategoryInfo.Category, "
                  "$_.FullyQualifiedErrorId, $_.Exception.Message) -join '|' }",
              logon);
}

class Machines : public testing::Test {
 protected:
  FarWorld world = bare_farm();
};

// ---- calls

TEST_F(Machines, do_not_recognize_a_cmdlet_that_windows_has_not) {
  EXPECT_EQ(error_of(world, "Get-Clutser"),
            "ObjectNotFound|CommandNotFoundException|The term 'Get-Clutser' is not recognized as the name of a cmdlet, "
            "function, script file, or operable program. Check the spelling of the name, or if a path was included, "
            "verify that the path is correct and try again.");
}

TEST_F(Machines, know_no_cluster_cmdlet_before_the_feature_with_its_tools_is_there) {
  EXPECT_EQ(error_of(world, "Get-Cluster").substr(0, 39), "ObjectNotFound|CommandNotFoundException");
  look(world, "SQL1", "$null = Install-WindowsFeature -Name Failover-Clustering");  // without -IncludeManagementTools
  begin_shutdown(world, "SQL1", true);
  pass(world, 3min);
  EXPECT_EQ(error_of(world, "Get-Cluster").substr(0, 39), "ObjectNotFound|CommandNotFoundException");
}

TEST_F(Machines, bind_parameters_by_name_alias_and_clear_prefix_only) {
  EXPECT_EQ(
      error_of(world, "Get-Service -Nmae 'WinRM'"),
      "InvalidArgument|NamedParameterNotFound,Get-Service|A parameter cannot be found that matches parameter name "
      "'Nmae'.");
  EXPECT_EQ(error_of(world, "Get-ScheduledTask -Task 'x'").substr(0, 49),
            "InvalidArgument|AmbiguousParameter,Get-ScheduledT");
  EXPECT_EQ(look(world, "SQL1", "[string](Get-Service -Na 'WinRM').Status"), "Running");
  EXPECT_EQ(error_of(world, "Start-Sleep -Seconds 'soon'").substr(0, 46),
            "InvalidArgument|CannotConvertArgumentNoMessage");
}

TEST_F(Machines, name_the_gap_when_windows_has_a_cmdlet_that_they_do_not_know) {
  EXPECT_THROW(look(world, "SQL1", "Get-Volume"), std::logic_error);
}

// ---- time

TEST_F(Machines, let_time_go_by_when_a_script_sleeps) {
  const Instant before = world.now;
  look(world, "SQL1", "Start-Sleep -Seconds 90");
  EXPECT_GE(world.now - before, 90s);
  EXPECT_LT(world.now - before, 92s);
}

TEST_F(Machines, have_a_local_time_that_is_not_utc) {
  EXPECT_EQ(look(world, "SQL1", "(Get-Date).Hour - [datetime]::UtcNow.Hour"), "2");
}

// ---- restarts

TEST_F(Machines, lose_a_script_that_runs_when_they_go_down) {
  EXPECT_THROW(look(world, "SQL1", "Restart-Computer -Force; Start-Sleep -Seconds 60"), PowerLost);
  EXPECT_FALSE(world.machines.at("SQL1").on);
  pass(world, 5min);
  EXPECT_TRUE(world.machines.at("SQL1").on);
}

TEST_F(Machines, refuse_a_second_shutdown) {
  EXPECT_EQ(look(world, "SQL1",
                 "$null = & 'shutdown.exe' '/r' '/t' '5'; $first = $LASTEXITCODE; $null = & 'shutdown.exe' '/s'; "
                 "$first; $LASTEXITCODE"),
            "0|1190");
}

TEST_F(Machines, use_a_feature_only_after_the_restart_that_it_asks_for) {
  EXPECT_EQ(look(world, "SQL1",
                 "$done = Install-WindowsFeature -Name 'Failover-Clustering' -IncludeManagementTools; "
                 "[string]$done.RestartNeeded; [string](Get-WindowsFeature -Name 'Failover-Clustering').InstallState; "
                 "(Get-Service -Name 'ClusSvc' -ErrorAction SilentlyContinue) -eq $null"),
            "Yes|InstallPending|True");
  begin_shutdown(world, "SQL1", true);
  pass(world, 3min);
  EXPECT_EQ(look(world, "SQL1", "[string](Get-Service -Name 'ClusSvc').StartType"), "Disabled");
}

TEST_F(Machines, install_updates_in_a_task_and_finish_them_in_a_restart) {
  world.machines.at("SQL1").missing_updates = 3;
  const std::string install =
      "$s = New-Object -ComObject Microsoft.Update.Session; $u = $s.CreateUpdateSearcher().Search('').Updates; "
      "$u.Count; "
      "$i = $s.CreateUpdateInstaller(); $i.Updates = $u; $i.Install().ResultCode";
  EXPECT_EQ(error_of(world, install, Logon::network).substr(0, 12), "NotSpecified");
  EXPECT_EQ(look(world, "SQL1", install), "3|2");
  EXPECT_TRUE(world.machines.at("SQL1").restart_pending);
}

// ---- files

TEST_F(Machines, keep_files_and_say_what_is_not_there_as_dotnet_does) {
  EXPECT_EQ(
      look(world, "SQL1",
           "[System.IO.File]::WriteAllText('C:\\Windows\\Temp\\a.txt', 'one'); "
           "[System.IO.File]::Move('C:\\Windows\\Temp\\a.txt', 'C:\\Windows\\Temp\\b.txt'); "
           "Get-Content -LiteralPath 'C:\\Windows\\Temp\\B.TXT'; Test-Path -LiteralPath 'C:\\Windows\\Temp\\a.txt'"),
      "one|False");
  EXPECT_EQ(error_of(world, "[System.IO.File]::ReadAllBytes('C:\\no')"),
            "NotSpecified|FileNotFoundException|Exception calling \"ReadAllBytes\" with \"1\" argument(s): \"Could not "
            "find file 'C:\\no'.\"");
  EXPECT_EQ(error_of(world, "Get-Item -LiteralPath 'C:\\no'").substr(0, 27), "ObjectNotFound|PathNotFound");
}

TEST_F(Machines, write_utf16_with_its_mark_where_the_encoding_says_so) {
  look(world, "SQL1", "[System.IO.File]::WriteAllText('C:\\Windows\\Temp\\u', 'ab', [System.Text.Encoding]::Unicode)");
  EXPECT_EQ(world.machines.at("SQL1").files.at("C:\\Windows\\Temp\\u").bytes, std::string("\xFF\xFE"
                                                                                          "a\0b\0",
                                                                                          6));
  EXPECT_EQ(look(world, "SQL1", "[System.IO.File]::ReadAllText('C:\\Windows\\Temp\\u')"), "ab");
}

TEST_F(Machines, inherit_access_rules_until_a_folder_takes_none) {
  EXPECT_EQ(look(world, "SQL1",
                 "$null = New-Item -ItemType Directory -Path 'C:\\Windows\\mine'; "
                 "$null = & 'icacls.exe' 'C:\\Windows\\mine' '/inheritance:r' '/grant:r' '*S-1-5-18:(OI)(CI)F'; "
                 "[System.IO.File]::WriteAllText('C:\\Windows\\mine\\f', 'x'); $LASTEXITCODE"),
            "0");
  const Machine& machine = world.machines.at("SQL1");
  EXPECT_TRUE(may_read(machine, "C:\\Windows\\mine\\f", "LocalSystem"));
  EXPECT_FALSE(may_read(machine, "C:\\Windows\\mine\\f", "BUILTIN\\Users"));
  EXPECT_TRUE(may_read(machine, "C:\\Windows", "BUILTIN\\Users"));
  EXPECT_EQ(look(world, "SQL1", "(Get-Acl -LiteralPath 'C:\\Windows\\mine').AreAccessRulesProtected"), "True");
}

TEST_F(Machines, know_no_account_that_the_domain_does_not_know) {
  EXPECT_EQ(look(world, "SQL1", "$null = & 'icacls.exe' 'C:\\Windows\\Temp' '/grant' 'CORP\\nobody:R'; $LASTEXITCODE"),
            "1332");
}

// ---- services

TEST_F(Machines, show_a_service_as_it_was_until_it_is_refreshed) {
  EXPECT_EQ(look(world, "SQL1",
                 "$s = Get-Service -Name 'W32Time'; Stop-Service -Name 'W32Time'; [string]$s.Status; $s.Refresh(); "
                 "[string]$s.Status"),
            "Running|Stopped");
}

TEST_F(Machines, do_not_start_a_disabled_service) {
  look(world, "SQL1", "Stop-Service -Name 'W32Time'; Set-Service -Name 'W32Time' -StartupType Disabled");
  EXPECT_EQ(error_of(world, "Start-Service -Name 'W32Time'"),
            "OpenError|StartServiceFailed,Microsoft.PowerShell.Commands.StartServiceCommand|Failed to start service "
            "'Windows Time (W32Time)'.");
}

TEST_F(Machines, write_pending_states_of_services_with_a_blank_in_wmi) {
  start_service(world, "SQL1", "W32Time");
  stop_service(world, "SQL1", "W32Time");
  EXPECT_EQ(look(world, "SQL1", "(Get-CimInstance -ClassName Win32_Service -Filter \"Name='W32Time'\").State"),
            "Stop Pending");
}

// ---- the second hop

TEST_F(Machines, reach_no_share_from_a_network_logon) {
  EXPECT_EQ(look(world, "SQL1", "Test-Path -LiteralPath '\\\\FS1\\sql2019\\setup.exe'"), "True");
  EXPECT_EQ(
      error_of(world, "[System.IO.File]::ReadAllBytes('\\\\FS1\\sql2019\\setup.exe')", Logon::network).substr(0, 40),
      "NotSpecified|UnauthorizedAccessException");
}

std::string task(const std::string& password, const std::string& inner) {
  return "$text = '" + inner +
         "'; $code = [System.Convert]::ToBase64String([System.Text.Encoding]::Unicode.GetBytes($text)); "
         "$do = New-ScheduledTaskAction -Execute 'C:\\Windows\\System32\\WindowsPowerShell\\v1.0\\powershell.exe' "
         "-Argument ('-NoProfile -EncodedCommand ' + $code); "
         "$null = Register-ScheduledTask -TaskName 'T' -Action $do -User 'CORP\\installer' -Password \"" +
         password +
         "\" -RunLevel Highest -Force; Start-ScheduledTask -TaskName 'T'; Start-Sleep -Seconds 5; "
         "(Get-ScheduledTaskInfo -TaskName 'T').LastTaskResult; "
         "[System.IO.File]::Exists('C:\\Windows\\Temp\\there')";
}

TEST_F(Machines, reach_shares_from_a_scheduled_task_with_a_password) {
  const std::string inner =
      "$null = [System.IO.File]::ReadAllBytes(''\\\\FS1\\sql2019\\setup.exe''); "
      "[System.IO.File]::WriteAllText(''C:\\Windows\\Temp\\there'', ''x'')";
  EXPECT_EQ(look(world, "SQL1", task("installer's word", inner), Logon::network), "0|True");
}

TEST_F(Machines, register_no_task_under_a_wrong_password) {
  EXPECT_EQ(error_of(world, task("wrong", "1")).substr(0, 78),
            "AuthenticationError|HRESULT 0x8007052e,Register-ScheduledTask|The user name or");
}

TEST_F(Machines, unprotect_only_what_was_protected_on_the_same_machine) {
  const std::string protect =
      "$b = [System.Security.Cryptography.ProtectedData]::Protect([System.Text.Encoding]::UTF8.GetBytes('a secret'), "
      "$null, 'LocalMachine'); [System.IO.File]::WriteAllBytes('C:\\Windows\\Temp\\p', $b)";
  const std::string unprotect =
      "[System.Text.Encoding]::UTF8.GetString([System.Security.Cryptography.ProtectedData]::Unprotect("
      "[System.IO.File]::ReadAllBytes('C:\\Windows\\Temp\\p'), $null, 'LocalMachine'))";
  look(world, "SQL1", protect);
  const std::string& kept = world.machines.at("SQL1").files.at("C:\\Windows\\Temp\\p").bytes;
  EXPECT_EQ(kept.find("a secret"), std::string::npos);
  EXPECT_EQ(look(world, "SQL1", unprotect), "a secret");
  world.machines.at("SQL2").files["C:\\Windows\\Temp\\p"].bytes = kept;
  EXPECT_NE(look(world, "SQL2", unprotect), "a secret");
}

// ---- the firewall

TEST_F(Machines, let_in_what_a_rule_allows_and_none_blocks) {
  look(world, "SQL1",
       "$null = New-NetFirewallRule -Name 'r' -DisplayName 'd' -Direction Inbound -Action Allow -Protocol TCP "
       "-LocalPort "
       "'8000-9000'");
  EXPECT_TRUE(lets_in(world.machines.at("SQL1"), "8391"));
  EXPECT_FALSE(lets_in(world.machines.at("SQL1"), "1433"));
  look(world, "SQL1",
       "$null = New-NetFirewallRule -DisplayName 'b' -Direction Inbound -Action Block -Protocol TCP -LocalPort 8391");
  EXPECT_FALSE(lets_in(world.machines.at("SQL1"), "8391"));
  EXPECT_EQ(error_of(world, "New-NetFirewallRule -Name 'r' -DisplayName 'd'").substr(0, 14), "ResourceExists");
  EXPECT_EQ(error_of(world, "New-NetFirewallRule -DisplayName 'p' -LocalPort 80").substr(0, 15), "InvalidArgument");
}

}  // namespace
}  // namespace far_side
