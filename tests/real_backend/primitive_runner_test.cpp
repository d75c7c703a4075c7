// The runner with primitives of the tests' own: which machine gets a script, and what becomes of silence, of lost
// answers and of secrets.
#include "real_backend/primitive_runner.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <map>
#include <string>
#include <vector>

#include "canned_transport.hpp"
#include "real_backend/powershell/answers.hpp"
#include "real_backend/powershell/second_hop.hpp"
#include "run_now.hpp"

namespace rehearse::real {
namespace {

using namespace std::chrono_literals;
using steps::Answer;
using steps::Effect;
using steps::Failure;
using steps::FailureCode;
using steps::Secret;
using testing::HasSubstr;
using testing::Not;

Answer read_text(const std::string& line) {
  return Answer(text_in(line, Effect::change).value_or("nothing"));
}
Answer read_flag(const std::string& line) {
  return Answer(line == value_line("true"));
}

class Runner : public testing::Test {
 protected:
  Runner() {
    for (const char* name : {"SQL1", "SQL2", "SQL3"}) {
      model::Node node;
      node.name = name;
      design.cluster.nodes.push_back(node);
    }
    site.installation_account = "CORP\\installer";
  }

  // What each machine does: an answer line, or a failure of the transport.
  void answers(const std::string& host, const std::string& line) { lines[host] = line; }
  void fails(const std::string& host, FailureCode code) { failures.insert_or_assign(host, code); }

  std::string respond(const RemoteScript& script) {
    if (aborts) throw boost::system::system_error(boost::asio::error::operation_aborted);
    if (const auto failure = failures.find(script.host); failure != failures.end()) {
      throw Failure(failure->second, script.host + " is in trouble");
    }
    const auto line = lines.find(script.host);
    return line == lines.end() ? value_line("\"" + script.host + "\"") : line->second;
  }

  static Primitive anywhere(Where where, const std::string& host = {}) {
    Primitive primitive;
    primitive.where = where;
    primitive.host = host;
    primitive.script.answer(ps::literal("x"));
    return primitive;
  }

  Answer run(const Primitive& primitive, Effect effect = Effect::change) {
    return run(primitive, Question(effect, read_text));
  }
  Answer run(const Primitive& primitive, Question question) {
    return run_now(runner.run([primitive] { return primitive; }, std::move(question)));
  }
  // The failure of it.
  Failure failure_of(const Primitive& primitive, Effect effect = Effect::change) {
    try {
      run(primitive, effect);
    } catch (const Failure& failure) {
      return failure;
    }
    return Failure(FailureCode::cancelled, "it did not fail");
  }

  model::Design design;
  Site site;
  std::map<std::string, std::string> lines;
  std::map<std::string, FailureCode> failures;
  bool aborts = false;  // whoever waits for the answer gives up
  CannedTransport transport{[this](const RemoteScript& script) { return respond(script); }};
  KnowingOperator person{{{"master key", "open sesame"}, {"password of CORP\\installer", "let me in"}}};
  PrimitiveRunner runner{transport, person, Surroundings{design, site}, {1ms}};
};

// ---- which machine

TEST_F(Runner, a_script_for_a_host_goes_to_that_host_with_its_limit) {
  Primitive primitive = anywhere(Where::on_host, "WRK7");
  primitive.limit = 3min;
  EXPECT_EQ(run(primitive).text(), "WRK7");
  ASSERT_EQ(transport.sent.size(), 1u);
  EXPECT_EQ(transport.sent[0].limit, 3min);
  EXPECT_EQ(transport.sent[0].text, ps::to_text(primitive.script));
}

TEST_F(Runner, the_cluster_is_asked_through_its_first_node_and_then_through_the_last_that_answered) {
  EXPECT_EQ(run(anywhere(Where::on_cluster)).text(), "SQL1");
  fails("SQL1", FailureCode::unreachable);
  EXPECT_EQ(run(anywhere(Where::on_cluster)).text(), "SQL2");
  failures.clear();
  EXPECT_EQ(run(anywhere(Where::on_cluster)).text(), "SQL2");
  EXPECT_EQ(transport.hosts(), "SQL1 SQL1 SQL2 SQL2");
}

TEST_F(Runner, a_node_that_does_not_answer_for_the_cluster_is_passed_over_also_by_a_change) {
  answers("SQL1", failure_line("unreachable", "The cluster service does not run"));
  EXPECT_EQ(run(anywhere(Where::on_cluster)).text(), "SQL2");
}

TEST_F(Runner, before_there_is_a_cluster_the_first_node_is_asked_first_every_time) {
  fails("SQL1", FailureCode::unreachable);
  EXPECT_EQ(run(anywhere(Where::on_first_node)).text(), "SQL2");
  failures.clear();
  EXPECT_EQ(run(anywhere(Where::on_first_node)).text(), "SQL1");
}

TEST_F(Runner, when_nobody_answers_every_silence_is_told) {
  for (const char* host : {"SQL1", "SQL2", "SQL3"}) fails(host, FailureCode::unreachable);
  const Failure failure = failure_of(anywhere(Where::on_cluster));
  EXPECT_EQ(failure.code(), FailureCode::unreachable);
  EXPECT_EQ(failure.message(), "SQL1: SQL1 is in trouble; SQL2: SQL2 is in trouble; SQL3: SQL3 is in trouble");
  EXPECT_EQ(transport.hosts(), "SQL1 SQL2 SQL3");
}

TEST_F(Runner, what_one_node_can_only_affirm_is_denied_by_all) {
  Question question(Effect::query, read_flag);
  question.affirmed_by_any = true;
  answers("SQL1", value_line("false"));
  answers("SQL2", value_line("true"));
  EXPECT_TRUE(run(anywhere(Where::on_first_node), question).flag());
  EXPECT_EQ(transport.hosts(), "SQL1 SQL2");
  answers("SQL2", value_line("false"));
  fails("SQL3", FailureCode::unreachable);
  EXPECT_FALSE(run(anywhere(Where::on_first_node), question).flag());
  EXPECT_EQ(transport.hosts(), "SQL1 SQL2 SQL1 SQL2 SQL3");
}

// ---- the owner of the instance

TEST_F(Runner, the_owner_of_the_instance_is_found_and_remembered) {
  for (const char* host : {"SQL1", "SQL2"}) answers(host, failure_line("elsewhere", "sql3"));
  EXPECT_EQ(run(anywhere(Where::on_sql_owner)).text(), "SQL3");
  EXPECT_EQ(run(anywhere(Where::on_sql_owner)).text(), "SQL3");
  EXPECT_EQ(transport.hosts(), "SQL1 SQL3 SQL3") << "by the design's name";
}

TEST_F(Runner, an_owner_that_falls_silent_is_looked_for_anew) {
  answers("SQL1", failure_line("elsewhere", "SQL3"));
  run(anywhere(Where::on_sql_owner));
  fails("SQL3", FailureCode::unreachable);
  lines.clear();
  EXPECT_EQ(run(anywhere(Where::on_sql_owner)).text(), "SQL1");
  EXPECT_EQ(transport.hosts(), "SQL1 SQL3 SQL3 SQL1");
}

TEST_F(Runner, an_owner_that_is_silent_while_the_others_still_name_it_is_unreachable) {
  for (const char* host : {"SQL1", "SQL2"}) answers(host, failure_line("elsewhere", "SQL3"));
  fails("SQL3", FailureCode::unreachable);
  const Failure failure = failure_of(anywhere(Where::on_sql_owner));
  EXPECT_EQ(failure.code(), FailureCode::unreachable);
  EXPECT_EQ(failure.node(), "SQL3");
  EXPECT_EQ(transport.hosts(), "SQL1 SQL3 SQL2") << "it is not asked again within one request";
}

TEST_F(Runner, who_fell_silent_is_not_asked_first_again) {
  answers("SQL1", failure_line("elsewhere", "SQL3"));
  run(anywhere(Where::on_sql_owner));
  for (const char* host : {"SQL1", "SQL2", "SQL3"}) fails(host, FailureCode::unreachable);
  failure_of(anywhere(Where::on_sql_owner));
  transport.sent.clear();
  failure_of(anywhere(Where::on_cluster));
  EXPECT_EQ(transport.hosts(), "SQL1 SQL2 SQL3");
}

TEST_F(Runner, a_role_that_is_always_elsewhere_ends_the_chase) {
  answers("SQL1", failure_line("elsewhere", "SQL2"));
  answers("SQL2", failure_line("elsewhere", "SQL1"));
  EXPECT_EQ(failure_of(anywhere(Where::on_sql_owner)).code(), FailureCode::unreachable);
  EXPECT_LE(transport.sent.size(), 8u);
}

// ---- what may be sent twice

TEST_F(Runner, a_change_whose_answer_was_lost_is_never_sent_to_a_second_node) {
  for (const FailureCode code : {FailureCode::indeterminate, FailureCode::timed_out}) {
    transport.sent.clear();
    fails("SQL1", code);
    const Failure failure = failure_of(anywhere(Where::on_cluster));
    EXPECT_EQ(failure.code(), code);
    EXPECT_EQ(failure.node(), "SQL1");
    EXPECT_EQ(transport.hosts(), "SQL1");
  }
}

TEST_F(Runner, a_question_that_got_lost_goes_to_the_next_node) {
  fails("SQL1", FailureCode::indeterminate);
  fails("SQL2", FailureCode::timed_out);
  EXPECT_EQ(run(anywhere(Where::on_cluster), Effect::query).text(), "SQL3");
  const Failure failure = failure_of(anywhere(Where::on_host, "SQL1"), Effect::query);
  EXPECT_EQ(failure.code(), FailureCode::unreachable) << "a question that nobody answers";
}

TEST_F(Runner, what_a_script_refuses_is_refused_by_all) {
  answers("SQL1", failure_line("refused", "not today"));
  const Failure failure = failure_of(anywhere(Where::on_cluster), Effect::query);
  EXPECT_EQ(failure.code(), FailureCode::refused);
  EXPECT_EQ(failure.message(), "not today");
  EXPECT_EQ(failure.node(), "SQL1");
  EXPECT_EQ(transport.hosts(), "SQL1");
}

TEST_F(Runner, an_answer_that_is_none_ends_the_request_too) {
  answers("SQL1", "garbage");
  EXPECT_EQ(failure_of(anywhere(Where::on_cluster)).code(), FailureCode::indeterminate);
  EXPECT_EQ(transport.hosts(), "SQL1");
}

TEST_F(Runner, the_machine_that_the_request_names_is_the_one_a_failure_tells_of) {
  answers("SQL1", failure_line("refused", "no"));
  Question question(Effect::change, read_text);
  question.names_node = true;
  try {
    run(anywhere(Where::on_cluster), question);
    FAIL();
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.node(), "") << "left to the port's helper";
  }
  try {
    run(anywhere(Where::on_host, "SQL1"), question);
    FAIL();
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.node(), "SQL1") << "of an exchange between two machines, the one that it happened on";
  }
}

// ---- several scripts

TEST_F(Runner, an_exchange_goes_on_with_what_the_first_script_answered) {
  Primitive first = anywhere(Where::on_host, "SQL1");
  first.next = [](const std::string& line) {
    Primitive second = anywhere(Where::on_host, "SQL2");
    second.script = ps::Block().answer(ps::literal(*text_in(line, Effect::query)));
    return second;
  };
  EXPECT_EQ(run(first).text(), "SQL2");
  EXPECT_THAT(transport.sent.at(1).text, HasSubstr("return @{ 'value' = 'SQL1' }"));
}

TEST_F(Runner, only_the_last_script_of_an_exchange_changes_anything) {
  Primitive first = anywhere(Where::on_host, "SQL1");
  first.next = [](const std::string&) { return anywhere(Where::on_host, "SQL2"); };
  fails("SQL2", FailureCode::indeterminate);
  EXPECT_EQ(failure_of(first).code(), FailureCode::indeterminate);
  fails("SQL1", FailureCode::indeterminate);
  EXPECT_EQ(failure_of(first).code(), FailureCode::unreachable);
}

TEST_F(Runner, a_value_that_no_script_can_hold_is_refused) {
  Primitive first = anywhere(Where::on_host, "SQL1");
  first.next = [](const std::string&) {
    Primitive second;
    second.script.answer(ps::literal(std::string(1, '\0')));
    return second;
  };
  EXPECT_EQ(failure_of(first).code(), FailureCode::refused);
}

// ---- secrets

TEST_F(Runner, secrets_go_beside_the_script_and_no_failure_tells_them) {
  Primitive primitive = anywhere(Where::on_host, "SQL1");
  primitive.script = ps::Block().answer(ps::secret(Secret("log on", "hunter2")));
  answers("SQL1", failure_line("refused", "the password hunter2 is too short"));
  const Failure failure = failure_of(primitive);
  EXPECT_THAT(failure.message(), Not(HasSubstr("hunter2")));
  EXPECT_THAT(failure.message(), HasSubstr("log on"));
  ASSERT_EQ(transport.sent.at(0).secrets.size(), 1u);
  EXPECT_EQ(transport.sent[0].secrets[0].reveal(), "hunter2");
  EXPECT_THAT(transport.sent[0].text, Not(HasSubstr("hunter2")));
}

TEST_F(Runner, secrets_of_an_earlier_script_of_the_exchange_stay_secret) {
  Primitive first = anywhere(Where::on_host, "SQL1");
  first.script = ps::Block().answer(ps::secret(Secret("one", "hunter2")));
  first.next = [](const std::string&) -> Primitive { throw Failure(FailureCode::refused, "it said hunter2"); };
  EXPECT_THAT(failure_of(first).message(), Not(HasSubstr("hunter2")));
}

TEST_F(Runner, what_the_request_does_not_bring_along_the_operator_is_asked_for) {
  Primitive primitive = anywhere(Where::on_host, "SQL1");
  primitive.script = ps::Block().answer(ps::secret(Secret("master key", "")));
  primitive.asks = {"master key"};
  run(primitive);
  EXPECT_EQ(transport.sent.at(0).secrets.at(0).reveal(), "open sesame");
}

TEST_F(Runner, a_secret_that_nobody_knows_ends_the_request_before_anything_is_sent) {
  Primitive primitive = anywhere(Where::on_host, "SQL1");
  primitive.script = ps::Block().answer(ps::secret(Secret("nobody's", "")));
  primitive.asks = {"nobody's"};
  EXPECT_EQ(failure_of(primitive).code(), FailureCode::not_found);
  EXPECT_TRUE(transport.sent.empty());
}

// ---- more rights than a network logon has

TEST_F(Runner, a_second_hop_goes_through_a_task_under_the_installation_account) {
  Primitive primitive = anywhere(Where::on_host, "SQL1");
  primitive.second_hop = true;
  EXPECT_EQ(run(primitive).text(), "SQL1");
  EXPECT_NE(transport.sent.at(0).text, ps::to_text(primitive.script));
  EXPECT_THAT(transport.sent[0].text, HasSubstr("Register-ScheduledTask"));
  EXPECT_THAT(transport.sent[0].text, Not(HasSubstr("let me in")));
  EXPECT_THAT(transport.sent[0].secrets,
              testing::Contains(testing::ResultOf([](const Secret& s) { return s.reveal(); }, "let me in")));
}

TEST_F(Runner, a_delegated_logon_needs_no_task_unless_windows_takes_nothing_else) {
  site.second_hop = SecondHop::delegated;
  Primitive primitive = anywhere(Where::on_host, "SQL1");
  primitive.second_hop = true;
  run(primitive);
  EXPECT_EQ(transport.sent.at(0).text, ps::to_text(primitive.script));
  primitive.task_only = true;
  run(primitive);
  EXPECT_THAT(transport.sent.at(1).text, HasSubstr("Register-ScheduledTask"));
}

TEST_F(Runner, a_task_that_may_go_on_is_named_with_its_machine_however_the_wait_for_it_ends) {
  Primitive primitive = anywhere(Where::on_cluster);
  primitive.second_hop = true;
  const std::string task = task_name(primitive);
  const auto names_it = testing::AllOf(HasSubstr("scheduled task " + task), HasSubstr("on SQL1"), HasSubstr("waits"));
  for (const FailureCode code : {FailureCode::timed_out, FailureCode::indeterminate}) {
    fails("SQL1", code);
    const Failure failure = failure_of(primitive);
    EXPECT_EQ(failure.code(), code);
    EXPECT_THAT(failure.message(), names_it);
    EXPECT_THAT(failure.message(), HasSubstr("SQL1 is in trouble"));
  }
  failures.clear();
  aborts = true;
  const Failure given_up = failure_of(primitive);
  EXPECT_EQ(given_up.code(), FailureCode::cancelled);
  EXPECT_THAT(given_up.message(), names_it);
  EXPECT_THAT(transport.sent.back().text, HasSubstr(task));
}

TEST_F(Runner, what_needs_no_task_leaves_none_behind) {
  const Primitive primitive = anywhere(Where::on_host, "SQL1");
  fails("SQL1", FailureCode::timed_out);
  EXPECT_THAT(failure_of(primitive).message(), Not(HasSubstr("scheduled task")));
  failures.clear();
  aborts = true;
  EXPECT_THROW(run(primitive), boost::system::system_error);
}

TEST_F(Runner, without_an_installation_account_what_needs_a_task_is_refused) {
  site.installation_account.clear();
  Primitive primitive = anywhere(Where::on_host, "SQL1");
  primitive.second_hop = true;
  const Failure failure = failure_of(primitive);
  EXPECT_EQ(failure.code(), FailureCode::refused);
  EXPECT_THAT(failure.message(), HasSubstr("installation_account"));
  EXPECT_TRUE(transport.sent.empty());
}

// ---- machines that restart

class Restarting : public Runner {
 protected:
  static Primitive leaving(After after) {
    Primitive primitive = anywhere(Where::on_host, "SQL1");
    primitive.after = after;
    primitive.within = 10s;
    return primitive;
  }
};

TEST_F(Restarting, a_restart_is_done_when_the_machine_tells_another_time_of_its_boot) {
  answers("SQL1", value_line("\"monday\""));
  int looks = 0;
  transport = CannedTransport([&](const RemoteScript&) {
    switch (looks++) {
      case 0:
      case 1: return value_line("\"monday\"");
      case 2: throw Failure(FailureCode::unreachable, "away");
      case 3: return failure_line("refused", "still booting");
      default: return value_line("\"tuesday\"");
    }
  });
  run(leaving(After::restarted));
  EXPECT_EQ(transport.sent.size(), 5u);
}

TEST_F(Restarting, a_restart_that_is_not_needed_is_not_waited_for) {
  answers("SQL1", value_line("null"));
  run(leaving(After::restarted));
  EXPECT_EQ(transport.sent.size(), 1u);
}

TEST_F(Restarting, a_shutdown_is_done_when_the_machine_no_longer_answers) {
  int looks = 0;
  transport = CannedTransport([&](const RemoteScript&) {
    switch (looks++) {
      case 1: return failure_line("refused", "I am shutting down");
      case 2: throw Failure(FailureCode::timed_out, "it hangs");
      case 3: throw Failure(FailureCode::unreachable, "off");
      default: return value_line("null");
    }
  });
  run(leaving(After::powered_off));
  EXPECT_EQ(transport.sent.size(), 4u) << "neither a refusal nor a silence within a call is a machine that is off";
}

TEST_F(Restarting, a_machine_that_stays_away_is_timed_out_with_its_last_words) {
  int looks = 0;
  transport = CannedTransport([&](const RemoteScript&) -> std::string {
    if (looks++ == 0) return value_line("\"monday\"");
    throw Failure(FailureCode::unreachable, "no route");
  });
  Primitive primitive = leaving(After::restarted);
  primitive.within = 20ms;
  const Failure failure = failure_of(primitive);
  EXPECT_EQ(failure.code(), FailureCode::timed_out);
  EXPECT_EQ(failure.message(), "SQL1 has not restarted after 20ms; last: no route");
}

}  // namespace
}  // namespace rehearse::real
