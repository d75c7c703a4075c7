// Scripts by way of a scheduled task, performed on a machine of the far side: what comes back, and what is left.
#include "real_backend/powershell/second_hop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/far_side/machine.hpp"

namespace far_side {
namespace {

namespace real = rehearse::real;
namespace ps = rehearse::real::ps;
using rehearse::steps::Secret;
using testing::HasSubstr;

class ByTask : public testing::Test {
 protected:
  ByTask() {
    BareMachines given;
    given.now = Instant(std::chrono::seconds(1795000000));
    given.machines = {{"SQL1", "10.0.0.1"}};
    given.accounts = {{"CORP\\installer", "right"}};
    given.shares = {"\\\\FS1\\media"};
    world = bare_world(given);
    site.installation_account = "CORP\\installer";
    files_before = world.machines.at("SQL1").files.size();
  }

  /// The answer line of the block, performed by a task that is registered with this password.
  std::string run(const ps::Block& block, const std::string& password = "right") {
    real::Primitive inner;
    inner.script = block;
    const Secret secret("password of CORP\\installer", password);
    const ps::Block outer = real::through_scheduled_task(inner, site, secret).script;
    const auto secrets = make_object("System.Collections.Hashtable", {});
    for (const Secret& one : outer.secrets()) secrets->members[one.name()] = one.reveal();
    FarMachine at(world, "SQL1", Logon::network);
    const Array lines = interpret(ps::to_text(outer), {{"Secrets", secrets}}, at);
    return lines.empty() ? "" : lines.back().text();
  }

  void expect_nothing_left() const {
    const Machine& machine = world.machines.at("SQL1");
    EXPECT_TRUE(machine.tasks.empty());
    EXPECT_EQ(machine.files.size(), files_before);
  }

  FarWorld world;
  real::Site site;
  std::size_t files_before = 0;
};

ps::Block reach_the_share() {
  const ps::Command look = ps::Command("Get-ChildItem").with("LiteralPath", ps::literal("\\\\FS1\\media"));
  return ps::Block().run(look).answer(ps::literal("reached"));
}

TEST_F(ByTask, a_script_reaches_what_a_network_logon_does_not) {
  const std::string line = run(reach_the_share());
  EXPECT_EQ(line, R"({"ok":true,"value":"reached"})");
  expect_nothing_left();
}

TEST_F(ByTask, secrets_arrive_whole_and_are_nowhere_afterwards) {
  const std::string text = "p'\u2019\"$x\né";
  const std::string line =
      run(ps::Block().answer(ps::binary(ps::secret(Secret("inner", text)), ps::Operator::equal, ps::literal(text))));
  EXPECT_EQ(line, R"({"ok":true,"value":true})");
  expect_nothing_left();
}

TEST_F(ByTask, failures_of_windows_come_back_with_all_that_windows_says) {
  const std::string line = run(ps::Block().run(ps::Command("Get-Service").with("Name", ps::literal("Nonsense"))));
  EXPECT_THAT(line, HasSubstr("\"category\":\"ObjectNotFound\""));
  EXPECT_THAT(line, HasSubstr("\"cmdlet\":\"Get-Service\""));
  expect_nothing_left();
}

TEST_F(ByTask, a_wrong_password_is_refused_by_windows_and_leaves_nothing) {
  const std::string line = run(reach_the_share(), "wrong");
  EXPECT_THAT(line, HasSubstr("\"ok\":false"));
  expect_nothing_left();
}

}  // namespace
}  // namespace far_side
