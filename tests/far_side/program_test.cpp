// The far side as a process in the place of powershell.exe, behind the program's own transport: bootstrap, script and
// answer take the way that they take to a real machine.
#include <gtest/gtest.h>

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <vector>

#include "model/steps/failure.hpp"
#include "real_backend/powershell/script.hpp"
#include "real_backend/transport/local_transport.hpp"
#include "real_backend/transport/ssh_transport.hpp"
#include "tests/far_side/world_file.hpp"
#include "tests/real_backend/asking.hpp"
#include "tests/real_backend/loopback_sshd.hpp"

namespace far_side {
namespace {

namespace real = rehearse::real;
namespace ps = rehearse::real::ps;
namespace steps = rehearse::steps;
using namespace std::chrono_literals;

std::string told(const real::Outcome& outcome) {
  return outcome.failure ? std::string(steps::to_text(outcome.failure->code())) : outcome.answer;
}

class Program : public testing::Test {
 protected:
  Program() : transport_(options()) {
    BareMachines given;
    given.now = Instant(1'795'000'000s);
    given.machines = {{"SQL1", "10.0.0.1"}, {"SQL2", "10.0.0.2"}};
    WorldFile(world_).save(bare_world(given));
    ::setenv("FAR_SIDE_WORLD", world_.c_str(), 1);
    ::setenv("FAR_SIDE_NODE", "SQL1", 1);
  }
  ~Program() override {
    ::unsetenv("FAR_SIDE_WORLD");
    ::unsetenv("FAR_SIDE_NODE");
  }

  /// The answer line, or the code of the failure.
  std::string ask(const std::string& script, rehearse::Duration limit = 60s, std::vector<steps::Secret> secrets = {}) {
    return told(real::ask(transport_, real::RemoteScript("SQL1", script, std::move(secrets), limit)));
  }

  const real::TestFolder folder_;
  const std::string world_ = folder_.path("world.json");

 private:
  static real::LocalOptions options() {
    real::LocalOptions options("SQL1");
    options.shell = FAR_SIDE_POWERSHELL;
    return options;
  }

  real::LocalTransport transport_;
};

TEST_F(Program, answers_and_leaves_what_it_did_in_the_world) {
  ps::Block make;
  make.run(ps::Command("New-Item").with("Path", ps::literal("C:\\é'x")).with("ItemType", ps::literal("Directory")));
  EXPECT_EQ(ask(ps::to_text(make)), R"({"ok":true,"value":null})");
  ps::Block look;
  look.answer(ps::type_method("System.IO.Directory", "Exists", {ps::literal("C:\\é'x")}));
  EXPECT_EQ(ask(ps::to_text(look)), R"({"ok":true,"value":true})");
  ps::Block fail;
  fail.fail("refused", ps::binary(ps::literal("not on "), ps::Operator::plus,
                                  ps::type_member("System.Environment", "MachineName")));
  EXPECT_EQ(ask(ps::to_text(fail)), R"({"code":"refused","message":"not on SQL1","ok":false})");
}

TEST_F(Program, is_given_secrets_beside_the_script) {
  const steps::Secret secret("password of CORP\\svc", "p'ä\"ss");
  ps::Block block;
  block.answer(ps::secret(secret));
  EXPECT_EQ(ask(ps::to_text(block), 60s, {secret}), R"({"ok":true,"value":"p\u0027ä\"ss"})");
}

TEST_F(Program, is_ended_with_its_script_and_lets_the_next_one_in) {
  const std::string endless = "param($Secrets)\nwhile ($true) { $x = [System.IO.Directory]::Exists('C:\\x') }";
  EXPECT_EQ(ask(endless, 2s), "timed out");
  EXPECT_EQ(ask("param($Secrets)\n'still there'"), "still there");
}

TEST_F(Program, falls_silent_when_its_machine_goes_down) {
  const std::string script =
      "param($Secrets)\n$null = & 'shutdown.exe' '/s' '/f' '/t' '0'\nStart-Sleep -Seconds 3600\n'late'";
  EXPECT_EQ(ask(script), "indeterminate");
}

TEST_F(Program, is_a_machine_behind_a_real_sshd) {
  std::string config;
  std::vector<std::unique_ptr<real::LoopbackSshd>> servers;
  for (const std::string node : {"SQL1", "SQL2"}) {
    servers.push_back(std::make_unique<real::LoopbackSshd>(
        std::vector<std::string>{node}, std::vector<std::string>{"FAR_SIDE_NODE=" + node, "FAR_SIDE_WORLD=" + world_}));
    config += real::text_of_file(servers.back()->client_config());
  }
  real::SshOptions options;
  options.config = folder_.path("ssh");
  std::ofstream(options.config) << config;
  options.shell = FAR_SIDE_POWERSHELL;
  real::SshTransport transport(options);
  const std::string who = "param($Secrets)\n[System.Environment]::MachineName";
  EXPECT_EQ(told(real::ask(transport, real::RemoteScript("SQL1", who, {}, 60s))), "SQL1");
  EXPECT_EQ(told(real::ask(transport, real::RemoteScript("SQL2", who, {}, 60s))), "SQL2");
}

TEST_F(Program, does_not_answer_where_it_does_not_know_what_is_asked_for) {
  const std::string outcome = ask("param($Secrets)\n$ErrorActionPreference = 'Stop'\nGet-Service -Odd 1");
  EXPECT_NE(outcome.find("Odd"), outcome.npos) << outcome;
  EXPECT_EQ(ask("param($Secrets)\nswitch (1) { 1 { 'one' } }"), "indeterminate");
}

}  // namespace
}  // namespace far_side
