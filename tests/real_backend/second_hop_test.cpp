#include "real_backend/powershell/second_hop.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "cluster_requests.hpp"
#include "script_reading.hpp"

namespace rehearse::real {
namespace {

namespace catalog = steps::catalog;
namespace cluster = steps::cluster;
namespace host = steps::host;
using steps::Secret;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using Kind = model::Witness::Kind;

const Secret password("password of CORP\\installer", "planted password");

class SecondHop : public testing::Test {
 protected:
  SecondHop() { site.installation_account = "CORP\\installer"; }

  Primitive primitive(const std::string& text) const {
    Primitive result;
    result.where = Where::on_cluster;
    result.second_hop = true;
    result.limit = std::chrono::minutes(30);
    result.script.let("words", ps::literal(text)).answer(ps::variable("words"));
    return result;
  }

  Primitive with_secret(const std::string& text) const {
    Primitive result = primitive("words");
    result.script = ps::Block().answer(ps::secret(Secret("inner", text)));
    return result;
  }

  Primitive through(const Primitive& inner) const { return through_scheduled_task(inner, site, password); }

  std::string task_of(const Primitive& outer) const {
    for (const std::string& literal : literals_of(ps::to_text(outer.script))) {
      if (literal.starts_with("rehearse-")) return literal;
    }
    return "";
  }

  Site site;
};

TEST_F(SecondHop, is_named_with_its_source_where_the_sheets_say_so) {
  const auto reason = [](const steps::AnyRequest& request) {
    return std::string(needs_second_hop(request).value_or("none"));
  };
  EXPECT_THAT(reason(steps::ClusterRequest(cluster::Create("C", std::vector<std::string>{"N"}))), HasSubstr("W 8"));
  EXPECT_THAT(reason(steps::ClusterRequest(cluster::SetQuorum(Kind::file_share, "\\\\f\\w"))),
              HasSubstr("real-parts 2"));
  EXPECT_EQ(reason(steps::ClusterRequest(cluster::SetQuorum(Kind::disk, "Disk"))), "none");
  EXPECT_EQ(reason(steps::ClusterRequest(cluster::StartNode("N", steps::NodeStart::usual, Duration::zero()))), "none");
  EXPECT_EQ(reason(steps::CatalogRequest(catalog::EnableScaleOut())), "none");
  EXPECT_EQ(reason(steps::ClockRequest(steps::clock::Now())), "none");
  EXPECT_THAT(reason(steps::HostRequest(host::InstallWorker("N", "S", "A", Secret(), "https://SQLFCI:8391"))),
              HasSubstr("media"));
}

TEST_F(SecondHop, primitives_say_the_same_as_the_plan) {
  const model::Design design = design_named("separate");
  for (const steps::ClusterRequest& request : cluster_requests("SQL1", "10.0.0.60")) {
    EXPECT_EQ(primitive_of(request, {design, site}).second_hop, needs_second_hop(request).has_value())
        << steps::to_text(request);
  }
}

TEST_F(SecondHop, a_task_does_what_the_primitive_does_and_stays_where_it_is) {
  const Primitive outer = through(primitive("hello"));
  EXPECT_EQ(outer.where, Where::on_cluster);
  EXPECT_FALSE(outer.second_hop);
  EXPECT_GT(outer.limit, std::chrono::minutes(30));
  EXPECT_THAT(literals_of(ps::to_text(outer.script)), Contains(ps::to_text(primitive("hello").script)))
      << "the script of the primitive is a file of the task, whole";
}

TEST_F(SecondHop, its_answer_is_the_primitives_own_line) {
  EXPECT_THAT(through(primitive("hello")).script.lines().back(), HasSubstr("'line' = "));
}

TEST_F(SecondHop, the_same_script_is_the_same_task_and_another_one_another) {
  EXPECT_EQ(task_of(through(primitive("hello"))), task_of(through(primitive("hello"))));
  EXPECT_NE(task_of(through(primitive("hello"))), task_of(through(primitive("hello, you"))));
  EXPECT_EQ(task_of(through(with_secret("a"))), task_of(through(with_secret("b"))))
      << "a password that was changed since makes no other task";
}

TEST_F(SecondHop, no_secret_stands_in_the_script_and_all_of_them_come_beside_it) {
  const Primitive outer = through(with_secret("planted inside"));
  EXPECT_THAT(ps::to_text(outer.script), Not(HasSubstr("planted")));
  EXPECT_EQ(outer.script.secrets().size(), 2U);
  const std::vector<std::string> lines = outer.script.lines();
  EXPECT_THAT(lines, Contains(testing::AllOf(HasSubstr("Register-ScheduledTask"), HasSubstr("-User 'CORP\\installer'"),
                                             HasSubstr("-Password $Secrets['password of CORP\\installer']"))));
  EXPECT_THAT(lines, Contains(testing::AllOf(HasSubstr("WriteAllBytes"), HasSubstr("ProtectedData]::Protect("))));
}

TEST_F(SecondHop, what_the_task_is_told_fits_a_command_line) {
  constexpr std::size_t longest_command_line = 32767;  // of CreateProcess
  std::string runner;
  for (const std::string& literal : literals_of(ps::to_text(through(with_secret("x")).script))) {
    if (literal.find("ScriptBlock]::Create") != std::string::npos) runner = literal;
  }
  ASSERT_FALSE(runner.empty());
  EXPECT_LT(runner.size() * 2 * 4 / 3 + 200, longest_command_line) << "in UTF-16, in base64";
}

TEST_F(SecondHop, the_folder_is_closed_before_anything_is_put_into_it) {
  const std::vector<std::string> lines = through(with_secret("x")).script.lines();
  const auto first = [&](const std::string& part) {
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (lines[i].find(part) != std::string::npos) return i;
    }
    return lines.size();
  };
  EXPECT_LT(first("New-Item"), first("icacls.exe"));
  EXPECT_LT(first("icacls.exe"), first("WriteAllBytes"));
  EXPECT_LT(first("icacls.exe"), first("WriteAllText"));
}

TEST_F(SecondHop, a_task_that_runs_is_waited_for_and_left_alone) {
  const std::vector<std::string> lines = through(primitive("hello")).script.lines();
  std::size_t guards = 0;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (lines[i].find("if (-not $runs)") != std::string::npos) ++guards;
    if (lines[i].find("= Register-ScheduledTask") != std::string::npos) {
      EXPECT_EQ(guards, 1U) << "begun only if none runs";
    }
    if (lines[i].find("= Unregister-ScheduledTask") != std::string::npos) {
      EXPECT_EQ(guards, 2U) << "removed only if none runs";
    }
  }
  EXPECT_EQ(guards, 2U);
}

}  // namespace
}  // namespace rehearse::real
