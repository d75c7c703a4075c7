#include "real_backend/transport/ssh_transport.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <filesystem>
#include <stdexcept>

#include "tests/real_backend/asking.hpp"
#include "tests/real_backend/loopback_sshd.hpp"

namespace rehearse::real {
namespace {

using steps::FailureCode;
using testing::AllOf;
using testing::HasSubstr;
using namespace std::chrono_literals;

class SshTransportTest : public testing::Test {
 protected:
  SshOptions options() const {
    SshOptions result;
    result.config = sshd_.client_config();
    result.shell = sshd_.folder().peer("peer");
    result.patience = Patience(60s, 5s);
    return result;
  }
  static RemoteScript script(std::string text, std::string host = "NODE1") {
    return RemoteScript(std::move(host), std::move(text), {}, 30s);
  }
  std::string file(const std::string& name) const { return sshd_.folder().path(name); }

  LoopbackSshd sshd_;
};

TEST_F(SshTransportTest, logs_on_once_for_all_calls_to_a_machine) {
  SshTransport transport(options());
  for (int call = 0; call < 5; ++call) EXPECT_EQ(ask(transport, script("answer {}")).text(), "answer: {}");
  EXPECT_EQ(sshd_.logons(), 1);
}

TEST_F(SshTransportTest, keeps_the_shared_connection_when_one_call_is_cancelled) {
  SshTransport transport(options());
  ask_and_cancel(transport, script("hang " + file("pid")), [&] { return std::filesystem::exists(file("pid")); });
  EXPECT_EQ(ask(transport, script("answer {}")).text(), "answer: {}");
  EXPECT_EQ(sshd_.logons(), 1);
}

TEST_F(SshTransportTest, closes_the_shared_connection_at_its_end) {
  const auto closed = [&] { return sshd_.log().find("Disconnected from") != std::string::npos; };
  {
    SshTransport transport(options());
    ask(transport, script("answer {}"));
    EXPECT_FALSE(closed()) << "it waits for the next call";
  }
  EXPECT_TRUE(eventually(closed)) << sshd_.log();
}

TEST_F(SshTransportTest, refuses_a_host_key_that_has_changed) {
  sshd_.change_expected_host_key();
  SshTransport transport(options());
  EXPECT_THAT(ask(transport, script("answer {}")).text(),
              AllOf(HasSubstr("unreachable: ssh to NODE1"), HasSubstr("REMOTE HOST IDENTIFICATION HAS CHANGED"),
                    HasSubstr("Host key verification failed.")));
  EXPECT_EQ(sshd_.logons(), 0);
}

TEST_F(SshTransportTest, refuses_a_host_key_that_nobody_has_accepted) {
  sshd_.forget_host_key();
  SshTransport transport(options());
  EXPECT_THAT(ask(transport, script("answer {}")).text(),
              AllOf(HasSubstr("unreachable"), HasSubstr("Host key verification failed.")));
  EXPECT_FALSE(std::filesystem::exists(file("known_hosts"))) << "nothing is accepted on the way";
}

TEST_F(SshTransportTest, says_why_a_machine_cannot_be_reached) {
  sshd_.stop();
  SshTransport transport(options());
  EXPECT_THAT(ask(transport, script("answer {}")).text(),
              AllOf(HasSubstr("unreachable"), HasSubstr("Connection refused")));
  EXPECT_THAT(ask(transport, script("answer {}", "no-such-machine.invalid")).text(),
              AllOf(HasSubstr("unreachable"), HasSubstr("Could not resolve hostname")));
}

TEST_F(SshTransportTest, does_not_know_what_became_of_a_script_when_the_connection_dies) {
  SshTransport transport(options());
  const auto session_of_the_server = [&] { return signature_in(file("pid")).parent; };
  Outcome outcome = ask_and_cancel(transport, script("hang " + file("pid")), [&, killed = false]() mutable {
    if (!killed && session_of_the_server() != 0) killed = ::kill(session_of_the_server(), SIGKILL) == 0;
    return false;
  });
  EXPECT_THAT(outcome.text(), AllOf(HasSubstr("indeterminate"), HasSubstr("without an answer")));
  EXPECT_TRUE(eventually([&] { return !is_running(signature_in(file("pid")).pid); }));
  EXPECT_EQ(ask(transport, script("answer {}")).text(), "answer: {}") << "the next call connects anew";
  EXPECT_EQ(sshd_.logons(), 2);
}

TEST_F(SshTransportTest, gives_ssh_no_host_name_that_is_more_than_a_name) {
  SshTransport transport(options());
  for (const std::string host : {"", "-oProxyCommand=touch", "a b", "a;b", "a'b", "$(a)", "root@a", "a/b", "a\nb"}) {
    EXPECT_THAT(ask(transport, script("answer {}", host)).text(), HasSubstr("refused")) << host;
  }
  EXPECT_EQ(sshd_.logons(), 0);
}

TEST_F(SshTransportTest, refuses_options_that_cannot_be_given_to_ssh) {
  for (const std::string user : {"-oProxyCommand=touch", "a b", "a;b", "a`b`", "a\nb", "CORP\\"}) {
    SshOptions wrong = options();
    wrong.user = user;
    EXPECT_THROW(SshTransport{wrong}, std::invalid_argument) << user;
  }
  for (const std::string shell : {"", "-x", "C:\\Program Files\\pwsh.exe", "a;b", "$(a)", "a'b"}) {
    SshOptions wrong = options();
    wrong.shell = shell;
    EXPECT_THROW(SshTransport{wrong}, std::invalid_argument) << shell;
  }
  SshOptions right = options();
  right.user = "CORP\\installer";
  right.shell = "C:\\PROGRA~1\\PowerShell\\7\\pwsh.exe";
  EXPECT_NO_THROW(SshTransport{right});
}

TEST_F(SshTransportTest, logs_on_as_the_user_of_the_options) {
  SshOptions options = this->options();
  options.user = "nobody-like-this";
  SshTransport transport(options);
  EXPECT_THAT(ask(transport, script("answer {}")).text(),
              AllOf(HasSubstr("unreachable"), HasSubstr("nobody-like-this"), HasSubstr("Permission denied")));
}

}  // namespace
}  // namespace rehearse::real
