// Requests, answers and failures as values.
#include "model/steps/platform.hpp"

#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>

#include "model/steps/adapters/any_port.hpp"
#include "model/steps/failure.hpp"
#include "virtual_time.hpp"

namespace rehearse::steps {
namespace {

// Answers everything with the same answer.
class Parrot final : public AnyPort {
 public:
  explicit Parrot(Answer answer) : answer_(std::move(answer)) {}
  Awaitable<Answer> call(AnyRequest request) override {
    last = to_text(request);
    co_return answer_;
  }
  std::string last;

 private:
  Answer answer_;
};

template <class T>
T ask(Awaitable<T> question) {
  VirtualTime time;
  return run(time, std::move(question));
}

TEST(Requests, read_like_calls_and_show_secrets_by_name_only) {
  const AnyRequest move =
      ClusterRequest(cluster::MoveRole("SQL Server (MSSQLSERVER)", "SQL2", std::chrono::minutes(10)));
  EXPECT_EQ(to_text(move), "Cluster.MoveRole('SQL Server (MSSQLSERVER)', 'SQL2', 10m)");
  EXPECT_EQ(node_of(move), "SQL2");
  EXPECT_EQ(effect_of(move), Effect::change);

  const AnyRequest add = HostRequest(host::AddFciNode("SQL2", "MSSQLSERVER", Secret("logon", "hunter2")));
  EXPECT_EQ(to_text(add), "Host.AddFciNode('SQL2', 'MSSQLSERVER', secret 'logon')");
  const AnyRequest list = CertificateRequest(certificate_store::List("SQL1"));
  EXPECT_EQ(to_text(list), "CertificateStore.List('SQL1')");
  EXPECT_EQ(effect_of(list), Effect::query);
}

TEST(Requests, are_equal_when_every_field_is_and_secrets_have_the_same_name) {
  const AnyRequest a = HostRequest(host::AddFciNode("SQL2", "I", Secret("logon", "old")));
  const AnyRequest b = HostRequest(host::AddFciNode("SQL2", "I", Secret("logon", "new")));
  const AnyRequest c = HostRequest(host::AddFciNode("SQL2", "J", Secret("logon", "old")));
  EXPECT_TRUE(a == b);
  EXPECT_FALSE(a == c);
  const AnyRequest start = HostRequest(host::StartService("SQL1", "S"));
  const AnyRequest stop = HostRequest(host::StopService("SQL1", "S"));
  EXPECT_FALSE(start == stop) << "the same fields, but not the same request";
}

TEST(Answers, of_a_wrong_type_or_an_unknown_state_are_indeterminate_and_say_where) {
  Parrot number(Answer(std::int64_t{7}));
  Platform platform = number.platform();
  const auto expect_indeterminate = [](auto&& question) {
    try {
      question();
      ADD_FAILURE() << "the nonsense was believed";
    } catch (const Failure& failure) {
      EXPECT_EQ(failure.code(), FailureCode::indeterminate) << failure.what();
      EXPECT_EQ(failure.node(), "SQL1") << failure.what();
    }
  };
  expect_indeterminate([&] { ask(platform.host.fci_installed("SQL1", "I")); });
  expect_indeterminate([&] { ask(platform.host.service_state("SQL1", "S")); });
  expect_indeterminate([&] { ask(platform.certificates.binding("SQL1", 8391)); });
  Parrot text(Answer("asleep"));
  expect_indeterminate([&] { ask(text.platform().cluster.node_state("SQL1")); });
  expect_indeterminate([&] {
    VirtualTime time;
    run(time, text.platform().host.install_feature("SQL1", "F"));
  });
}

TEST(Answers, arrive_as_what_the_helper_promises) {
  Parrot up(Answer(to_text(NodeState::paused)));
  EXPECT_EQ(ask(up.platform().cluster.node_state("SQL1")), NodeState::paused);
  EXPECT_EQ(up.last, "Cluster.QueryNode('SQL1')");
  std::optional<NodeState> unknown = parse_state<NodeState>("asleep");
  EXPECT_FALSE(unknown);
  for (const ResourceState state : {ResourceState::online, ResourceState::offline, ResourceState::failed,
                                    ResourceState::online_pending, ResourceState::offline_pending}) {
    EXPECT_EQ(parse_state<ResourceState>(to_text(state)), state);
  }
}

TEST(Failures, keep_what_they_know_and_learn_what_they_do_not) {
  Failure failure(FailureCode::refused, "access denied");
  failure.attach_place("Cluster.Create", "SQL1");
  failure.attach_place("Other", "SQL2");
  failure.attach_step("create_cluster");
  EXPECT_STREQ(failure.what(), "create_cluster: Cluster.Create on SQL1: refused: access denied");
}

}  // namespace
}  // namespace rehearse::steps
