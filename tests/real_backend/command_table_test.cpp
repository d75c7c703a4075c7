#include "real_backend/powershell/command_table.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace rehearse::real {
namespace {

std::string type_of(const std::string& cmdlet, const std::string& parameter) {
  const Cmdlet* known = command_table().cmdlet(cmdlet);
  if (!known) return "no such cmdlet";
  const std::string* type = command_table().parameter(*known, parameter);
  return type ? *type : "no such parameter";
}

TEST(CommandTable, knows_cmdlets_of_real_machines_with_the_types_of_their_parameters) {
  EXPECT_EQ(type_of("Move-ClusterGroup", "Wait"), "int");
  EXPECT_EQ(type_of("Suspend-ClusterNode", "Wait"), "switch") << "of all cluster cmdlets only this one has it so";
  EXPECT_EQ(type_of("New-NetFirewallRule", "LocalPort"), "string[]");
  EXPECT_EQ(type_of("Get-WindowsFeature", "ErrorAction"), "ActionPreference");
  EXPECT_EQ(type_of("Export-PfxCertificate", "Password"), "SecureString");
  EXPECT_EQ(command_table().cmdlet("Export-PfxCertificate")->module, "PKI");
}

TEST(CommandTable, does_not_know_what_is_misspelled) {
  EXPECT_EQ(type_of("Move-ClusterGroup", "Waitt"), "no such parameter");
  EXPECT_EQ(type_of("Get-ClusterLog", "TimeSpn"), "no such parameter");
  EXPECT_EQ(type_of("Add-ClusterGenericServiceRoll", "Name"), "no such cmdlet");
}

TEST(CommandTable, knows_static_members_and_how_many_arguments_they_take) {
  const NetType* file = command_table().type("System.IO.File");
  ASSERT_NE(file, nullptr);
  EXPECT_THAT(file->methods.at("Replace"), testing::ElementsAre(3, 4));
  EXPECT_EQ(file->methods.count("new"), 0u);
  EXPECT_TRUE(command_table().type("System.DateTime")->members.contains("UtcNow"));
  EXPECT_TRUE(command_table().type("System.Data.SqlDbType")->members.contains("NVarChar"));
}

TEST(CommandTable, finds_programs_as_windows_does) {
  EXPECT_TRUE(command_table().program("netsh.exe"));
  EXPECT_TRUE(command_table().program("SETUP.EXE"));
  EXPECT_FALSE(command_table().program("netsh"));
}

TEST(CommandTable, continues_entries_over_lines_and_skips_comments) {
  const CommandTable table(
      "# facts\n[cmdlets of Some.Module 1.0]\nGet-It Name=string[]\n  Force\n\n# more\n[types]\nA.B new/0/2 X\n"
      "[programs]\nit.exe\n[common parameters]\nVerbose\nDebug\n");
  const Cmdlet* get = table.cmdlet("Get-It");
  ASSERT_NE(get, nullptr);
  EXPECT_EQ(get->module, "Some.Module");
  EXPECT_THAT(get->parameters,
              testing::ElementsAre(testing::Pair("Force", "switch"), testing::Pair("Name", "string[]")));
  EXPECT_EQ(*table.parameter(*get, "Debug"), "switch");
  EXPECT_THAT(table.type("A.B")->methods.at("new"), testing::ElementsAre(0, 2));
  EXPECT_TRUE(table.program("It.exe"));
}

TEST(CommandTable, refuses_facts_that_are_none) {
  for (const std::string facts :
       {"[sayings]\na b\n", "Get-It Name\n", "  Name\n", "[types\nA.B X\n", "[types]\nA.B X\nA.B Y\n",
        "[cmdlets of M 1]\nGet-It Name Name=int\n", "[programs]\na.exe\nA.EXE\n"}) {
    EXPECT_THROW(CommandTable{facts}, std::logic_error) << facts;
  }
}

}  // namespace
}  // namespace rehearse::real
