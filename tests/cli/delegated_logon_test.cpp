// A site that delegates logons, on the way through PowerShell remoting: which account logs on, and with what.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "tests/cli/run_program.hpp"
#include "tests/support/files.hpp"

namespace rehearse::cli {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;

class DelegatedLogons : public testing::Test {
 protected:
  /// `rehearse plan` with that site; PowerShell's place is taken by a program that keeps what it is told and dies.
  Ended plan(const std::string& site, const std::string& before = "") {
    std::ofstream(folder_.path() / "site.json") << site;
    const fs::path shell = folder_.path() / "shell";
    std::ofstream(shell) << "#!/bin/sh\necho '{\"rehearse\":1}'\nhead -n 2 >> '" << asked_.string() << "'\n";
    fs::permissions(shell, fs::perms::owner_all);
    return run_program(folder_.path(),
                       "plan scenarios/designs/reference.json --transport powershell --this-machine JUMP --shell '" +
                           shell.string() + "' --site '" + (folder_.path() / "site.json").string() + "' -o '" +
                           (folder_.path() / "plan.json").string() + "' </dev/null",
                       before);
  }

  tests::TemporaryFolder folder_;
  fs::path asked_ = folder_.path() / "asked";
};

TEST_F(DelegatedLogons, without_an_account_are_refused_before_anything_is_asked) {
  const Ended ended = plan(R"({"media": "D:\\", "second_hop": "delegated"})");
  EXPECT_EQ(ended.exit, 64);
  EXPECT_THAT(ended.err, HasSubstr("installation_account"));
  EXPECT_FALSE(fs::exists(asked_));
}

TEST_F(DelegatedLogons, are_those_of_the_installation_account_whose_password_goes_along) {
  const Ended ended = plan(R"({"media": "D:\\", "second_hop": "delegated", "installation_account": "CORP\\installer",
               "secrets": {"password of CORP\\installer": {"environment": "HOP"}}})",
                           "HOP=tYm-installer-pass");
  EXPECT_EQ(ended.exit, 2) << ended.err;
  const std::string name = "cGFzc3dvcmQgb2YgQ09SUFxpbnN0YWxsZXI=", password = "dFltLWluc3RhbGxlci1wYXNz";
  EXPECT_THAT(tests::content_of(asked_), HasSubstr(name + " " + password));
  EXPECT_THAT(ended.out + ended.err, Not(HasSubstr("tYm-installer-pass")));
}

TEST_F(DelegatedLogons, are_none_where_scheduled_tasks_do_it) {
  plan(R"({"media": "D:\\", "second_hop": "scheduled_task", "installation_account": "CORP\\installer"})");
  EXPECT_THAT(tests::content_of(asked_), Not(HasSubstr("cGFzc3dvcmQg")));
}

}  // namespace
}  // namespace rehearse::cli
