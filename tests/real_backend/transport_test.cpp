// What every transport owes, told of a local process and of one behind a real sshd.
#include "real_backend/transport/transport.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <filesystem>
#include <memory>

#include "real_backend/base64.hpp"
#include "real_backend/transport/local_transport.hpp"
#include "real_backend/transport/ssh_transport.hpp"
#include "tests/real_backend/asking.hpp"
#include "tests/real_backend/loopback_sshd.hpp"

namespace rehearse::real {
namespace {

using steps::FailureCode;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

RemoteScript script(std::string text, Duration limit = 30s, std::vector<steps::Secret> secrets = {}) {
  return RemoteScript("NODE1", std::move(text), std::move(secrets), limit);
}

enum class Way { local, ssh };

class EveryTransport : public testing::TestWithParam<Way> {
 protected:
  EveryTransport() {
    if (GetParam() == Way::ssh) sshd_.emplace();
  }

  /// To a far end that is called by this name (peer.cpp).
  std::unique_ptr<Transport> to(const std::string& peer, Patience patience = Patience(60s, 5s)) {
    if (GetParam() == Way::local) {
      LocalOptions options("node1");
      options.shell = folder_.peer(peer);
      options.patience = patience;
      return std::make_unique<LocalTransport>(options);
    }
    SshOptions options;
    options.config = sshd_->client_config();
    options.shell = folder_.peer(peer);
    options.patience = patience;
    return std::make_unique<SshTransport>(options);
  }
  std::string file(const std::string& name) const { return folder_.path(name); }
  std::function<bool()> signed_in(const std::string& name) const {
    return [path = file(name)] { return std::filesystem::exists(path); };
  }
  static bool is_local() { return GetParam() == Way::local; }

  TestFolder folder_;
  std::optional<LoopbackSshd> sshd_;
};

INSTANTIATE_TEST_SUITE_P(, EveryTransport, testing::Values(Way::local, Way::ssh),
                         [](const auto& way) { return way.param == Way::local ? "local" : "ssh"; });

TEST_P(EveryTransport, brings_the_answer_back) {
  const auto transport = to("peer");
  EXPECT_EQ(ask(*transport, script("answer {\"ok\":true,\"value\":\"Gr\u00FC\u00DFe\"}")).text(),
            "answer: {\"ok\":true,\"value\":\"Gr\u00FC\u00DFe\"}");
}

TEST_P(EveryTransport, carries_a_script_of_a_megabyte) {
  const auto transport = to("peer");
  std::string text = "measure\n";
  text.resize(std::size_t{1} << 20, '\'');
  EXPECT_EQ(ask(*transport, script(text)).text(), "answer: 1048576");
}

TEST_P(EveryTransport, carries_secrets_of_any_characters) {
  const auto transport = to("peer");
  const steps::Secret secret("master account", "a b'$(x)\"%PATH%");
  EXPECT_EQ(ask(*transport, script("secret master account", 30s, {secret})).text(), "answer: %HTAP%\")x($'b a");
}

TEST_P(EveryTransport, skips_what_logon_scripts_write_before_the_greeting) {
  const auto transport = to("peer-noisy");
  EXPECT_EQ(ask(*transport, script("answer {}")).text(), "answer: {}");
}

TEST_P(EveryTransport, takes_an_answer_of_eight_mebibytes_and_none_that_is_longer) {
  const auto transport = to("peer");
  EXPECT_EQ(ask(*transport, script("long 8388608")).answer.size(), 8388608u);
  EXPECT_THAT(ask(*transport, script("long 8388609")).text(),
              AllOf(HasSubstr("indeterminate"), HasSubstr("longer than 8 MiB")));
}

// ---- nothing was begun

TEST_P(EveryTransport, quotes_a_far_end_that_ends_before_it_greets) {
  const auto transport = to("peer-broken");
  EXPECT_THAT(ask(*transport, script("answer {}")).text(), AllOf(HasSubstr("unreachable"), HasSubstr("exit code 3"),
                                                                 HasSubstr("cannot load ?[31mthe engine / reason: ?")));
}

TEST_P(EveryTransport, gives_up_on_a_far_end_that_never_greets) {
  const auto transport = to("peer-silent", Patience(2s, 5s));
  EXPECT_THAT(ask(*transport, script("answer {}")).text(),
              AllOf(HasSubstr("unreachable"), HasSubstr("did not answer within 2s")));
}

TEST_P(EveryTransport, does_not_take_a_flood_for_a_greeting) {
  const auto transport = to("peer-flooding");
  EXPECT_THAT(ask(*transport, script("answer {}")).text(),
              AllOf(HasSubstr("unreachable"), HasSubstr("something that is not PowerShell")));
}

// ---- it may have happened

TEST_P(EveryTransport, does_not_know_what_became_of_a_script_without_an_answer) {
  EXPECT_THAT(ask(*to("peer-dying"), script("answer {}")).text(),
              AllOf(HasSubstr("indeterminate"), HasSubstr("without an answer")));
}

TEST_P(EveryTransport, does_not_take_half_a_line_for_an_answer) {
  EXPECT_THAT(ask(*to("peer"), script("half {\"ok\":true}")).text(),
              AllOf(HasSubstr("indeterminate"), HasSubstr("in the middle of its answer")));
}

TEST_P(EveryTransport, does_not_choose_between_two_answers) {
  EXPECT_THAT(ask(*to("peer"), script("twice {\"ok\":true}")).text(),
              AllOf(HasSubstr("indeterminate"), HasSubstr("more than one line")));
}

TEST_P(EveryTransport, refuses_answers_that_are_not_utf_8) {
  const auto transport = to("peer");
  for (const std::string bytes : {"a\xFF", "\xC0\xAF", "\xED\xA0\x80", "\xE2\x82"}) {
    EXPECT_THAT(ask(*transport, script("bytes " + to_base64(bytes))).text(),
                AllOf(HasSubstr("indeterminate"), HasSubstr("not UTF-8")));
  }
}

TEST_P(EveryTransport, ends_a_flood) {
  EXPECT_THAT(ask(*to("peer", Patience(60s, 200ms)), script("flood")).text(),
              AllOf(HasSubstr("indeterminate"), HasSubstr("longer than 8 MiB")));
}

TEST_P(EveryTransport, does_not_wait_for_ever_on_a_far_end_that_reads_nothing) {
  const auto transport = to("peer-deaf", Patience(60s, 200ms));
  std::string text = "measure\n";
  text.resize(std::size_t{1} << 20, 'x');
  EXPECT_THAT(ask(*transport, script(text, 1s)).text(), AllOf(HasSubstr("timed out"), HasSubstr("not known")));
}

TEST_P(EveryTransport, hides_secrets_in_what_it_quotes) {
  const Outcome outcome =
      ask(*to("peer"), script("whisper logon with ", 30s, {steps::Secret("master account", "tYm-pass")}));
  EXPECT_THAT(outcome.text(),
              AllOf(HasSubstr("indeterminate"), HasSubstr("logon with <secret 'master account'> is wrong"),
                    Not(HasSubstr("tYm-pass"))));
}

TEST_P(EveryTransport, takes_a_whole_answer_from_a_far_end_that_does_not_end) {
  const auto transport = to("peer", Patience(60s, 200ms));
  EXPECT_EQ(ask(*transport, script("linger " + file("pid"))).text(), "answer: {}");
  const int pid = signature_in(file("pid")).pid;
  EXPECT_FALSE(is_local() && is_running(pid));
  ::kill(pid, SIGKILL);
}

// ---- the far end ends

TEST_P(EveryTransport, ends_the_remote_process_when_the_limit_comes) {
  const auto transport = to("peer");
  EXPECT_THAT(ask(*transport, script("hang " + file("pid"), 500ms)).text(),
              AllOf(HasSubstr("timed out"), HasSubstr("within 500ms"), HasSubstr("the script was stopped")));
  EXPECT_FALSE(is_running(signature_in(file("pid")).pid));
}

TEST_P(EveryTransport, ends_the_remote_process_when_its_caller_is_cancelled) {
  const auto transport = to("peer");
  bool ran = false;
  const Outcome outcome = ask_and_cancel(*transport, script("hang " + file("pid")), [&] {
    ran = is_running(signature_in(file("pid")).pid) && signature_in(file("pid")).pid != 0;
    return ran;
  });
  EXPECT_TRUE(ran);
  EXPECT_EQ(outcome.text(), "aborted");
  EXPECT_FALSE(is_running(signature_in(file("pid")).pid));
}

TEST_P(EveryTransport, ends_the_remote_process_when_its_caller_is_destroyed) {
  const auto transport = to("peer");
  ask_and_leave(*transport, script("hang " + file("pid")), signed_in("pid"));
  EXPECT_TRUE(eventually([&] { return !is_running(signature_in(file("pid")).pid); }));
}

TEST_P(EveryTransport, can_be_cancelled_before_the_greeting) {
  const auto transport = to("peer-silent");
  const auto runs = [&] { return stands_in_a_command_line(folder_.path("peer-silent")); };
  EXPECT_EQ(ask_and_cancel(*transport, script("answer {}"), runs).text(), "aborted");
  EXPECT_TRUE(eventually([&] { return !runs(); }));
}

TEST_P(EveryTransport, waits_for_nothing_where_nothing_was_begun) {
  const auto transport = to("peer-mute", Patience(60s, 60s));
  const auto began = std::chrono::steady_clock::now();
  const Outcome outcome = ask_and_cancel(*transport, script("answer {}"),
                                         [&] { return stands_in_a_command_line(folder_.path("peer-mute")); });
  EXPECT_EQ(outcome.text(), "aborted");
  EXPECT_LT(std::chrono::steady_clock::now() - began, 30s);
}

TEST_P(EveryTransport, serves_the_next_call_after_one_that_failed) {
  const auto transport = to("peer");
  EXPECT_NE(ask(*transport, script("half {")).text(), "answer: {");
  EXPECT_EQ(ask(*transport, script("answer {}")).text(), "answer: {}");
}

TEST_P(EveryTransport, serves_a_caller_that_was_cancelled_and_still_asks) {
  const auto transport = to("peer");
  EXPECT_EQ(
      ask_and_cancel_and_ask(*transport, script("hang " + file("pid")), script("answer {}"), signed_in("pid")).text(),
      "answer: {}");
}

TEST_P(EveryTransport, serves_calls_at_the_same_time) {
  const auto transport = to("peer");
  const std::vector<Outcome> outcomes =
      ask_together(*transport, {script("answer 1"), script("answer 2"), script("half 3"), script("answer 4")});
  EXPECT_EQ(outcomes[0].text(), "answer: 1");
  EXPECT_EQ(outcomes[1].text(), "answer: 2");
  EXPECT_THAT(outcomes[2].text(), HasSubstr("in the middle of its answer"));
  EXPECT_EQ(outcomes[3].text(), "answer: 4");
}

// ---- nothing stays, nothing leaks

TEST_P(EveryTransport, leaves_neither_descriptors_nor_processes_behind) {
  const std::size_t descriptors = open_descriptors();
  const std::vector<int> children = children_of_this_process();
  {
    const auto transport = to("peer", Patience(60s, 1s));
    ask(*transport, script("answer {}"));
    ask(*transport, script("half {"));
    ask(*transport, script("flood"));
    ask(*transport, script("hang " + file("late"), 100ms));
    ask_and_cancel(*transport, script("hang " + file("pid")), signed_in("pid"));
    ask_and_leave(*transport, script("hang " + file("left")), signed_in("left"));
    EXPECT_EQ(open_descriptors(), descriptors);
    EXPECT_EQ(children_of_this_process(), children);
  }
  EXPECT_EQ(open_descriptors(), descriptors);
  EXPECT_EQ(children_of_this_process(), children);
  EXPECT_TRUE(eventually([&] { return !stands_in_a_command_line(folder_.path("peer")); }));
}

TEST_P(EveryTransport, shows_secrets_in_no_command_line_and_no_log) {
  const std::string password = "tYm0ur-Passw0rd";
  const auto transport = to("peer");
  bool looked = false;
  ask_and_cancel(*transport, script("hang " + file("pid"), 30s, {steps::Secret("master account", password)}), [&] {
    if (!std::filesystem::exists(file("pid"))) return false;
    looked = stands_in_a_command_line("-EncodedCommand");
    EXPECT_FALSE(stands_in_a_command_line(password));
    EXPECT_FALSE(stands_in_a_command_line(to_base64(password)));
    return true;
  });
  EXPECT_TRUE(looked) << "the call was not seen in the list of processes";
  const std::string log = sshd_ ? sshd_->log() : "";
  EXPECT_THAT(log, AllOf(Not(HasSubstr(password)), Not(HasSubstr(to_base64(password)))));
}

}  // namespace
}  // namespace rehearse::real
