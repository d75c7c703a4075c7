#include "real_backend/transport/local_transport.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "real_backend/powershell/quoting.hpp"
#include "tests/real_backend/asking.hpp"

namespace rehearse::real {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

class LocalTransportTest : public testing::Test {
 protected:
  LocalOptions options() const {
    LocalOptions result("NODE1");
    result.shell = folder_.peer("peer");
    result.patience = Patience(60s, 300ms);
    return result;
  }
  static RemoteScript script(std::string text, std::string host = "NODE1", Duration limit = 30s) {
    return RemoteScript(std::move(host), std::move(text), {}, limit);
  }
  std::string file(const std::string& name) const { return folder_.path(name); }

  TestFolder folder_;
};

TEST_F(LocalTransportTest, says_that_there_is_no_powershell) {
  LocalOptions wrong = options();
  wrong.shell = "/no/such/powershell";
  LocalTransport transport(wrong);
  EXPECT_EQ(ask(transport, script("answer {}")).text(),
            "unreachable: cannot start '/no/such/powershell': No such file or directory");
}

TEST_F(LocalTransportTest, ends_what_the_shell_has_started) {
  LocalTransport transport(options());
  EXPECT_EQ(ask(transport, script("beget " + file("child"))).text(), "answer: {}");
  EXPECT_TRUE(eventually([&] { return !is_running(signature_in(file("child")).pid); }));
}

TEST_F(LocalTransportTest, kills_a_shell_that_heeds_neither_the_end_of_its_input_nor_a_request_to_end) {
  LocalTransport transport(options());
  EXPECT_THAT(ask(transport, script("stubborn " + file("pid"), "NODE1", 300ms)).text(),
              AllOf(HasSubstr("timed out"), HasSubstr("not known")));
  EXPECT_FALSE(is_running(signature_in(file("pid")).pid));
}

TEST_F(LocalTransportTest, reaches_other_machines_by_remoting) {
  LocalTransport transport(options());
  EXPECT_EQ(ask(transport, script("answer {}", "node1")).text(), "answer: {}");
  // The peer knows no remoting: it is given another script than the one for NODE2.
  EXPECT_THAT(ask(transport, script("answer {}", "NODE2")).text(),
              AllOf(HasSubstr("indeterminate"), HasSubstr("remoting to NODE2"), HasSubstr("no command 'param")));
}

TEST(Remoting, hands_the_script_over_as_one_literal) {
  const std::string text = "'a'\nRemove-Item \u2018x\u2019; $(b)";
  const RemoteScript wrapped =
      through_remoting(RemoteScript("O'Brien", text, {steps::Secret("sa", "pw")}, 30s), std::nullopt);
  EXPECT_THAT(wrapped.text, AllOf(HasSubstr(single_quoted(text)), HasSubstr("'ComputerName' = 'O''Brien' }"),
                                  HasSubstr("-ArgumentList $Secrets"), Not(HasSubstr("Credssp"))));
  EXPECT_EQ(wrapped.host, "O'Brien");
  EXPECT_EQ(wrapped.secrets.size(), 1u);
  EXPECT_EQ(wrapped.limit, 30s);
}

TEST(Remoting, keeps_the_password_of_the_delegated_logon_out_of_the_script) {
  const DelegatedLogon logon("CORP\\installer", steps::Secret("password of CORP\\installer", "tYm-pass"));
  const RemoteScript wrapped = through_remoting(RemoteScript("NODE2", "'a'", {}, 30s), logon);
  EXPECT_THAT(wrapped.text, AllOf(HasSubstr("'Authentication' = 'Credssp'"), HasSubstr("'CORP\\installer'"),
                                  HasSubstr("$Secrets['password of CORP\\installer']"), Not(HasSubstr("tYm-pass"))));
  ASSERT_EQ(wrapped.secrets.size(), 1u);
  EXPECT_EQ(wrapped.secrets.front().reveal(), "tYm-pass");

  const RemoteScript same = through_remoting(RemoteScript("NODE2", "'a'", {logon.password}, 30s), logon);
  EXPECT_EQ(same.secrets.size(), 1u);
}

}  // namespace
}  // namespace rehearse::real
