// Findings and weaknesses of two designs, told by hand.
#include "sim/diff/paper_differences.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/rules/rule.hpp"

namespace rehearse::sim {
namespace {

using model::rules::CheckResult;
using model::rules::Level;
using model::rules::Told;
using testing::IsEmpty;
using testing::SizeIs;

Told finding(const std::string& rule, const std::string& pointer, const std::string& file, int line = 1) {
  Told told;
  told.rule = model::rules::find_rule(rule);
  told.level = Level::warning;
  told.file = file;
  told.place = {line, 1, pointer};
  return told;
}

CheckResult checked(const std::string& file, std::vector<Told> findings) {
  CheckResult result;
  result.file = file;
  result.findings = std::move(findings);
  return result;
}

TEST(RuleDifferences, a_finding_is_the_same_wherever_its_line_and_its_file_are) {
  const auto a = checked("a.json", {finding("SET-001", "/x", "a.json", 7), finding("CERT-002", "/", "one/W.config")});
  const auto b = checked("b.json", {finding("SET-001", "/x", "b.json", 9), finding("CERT-002", "/", "two/W.config")});
  EXPECT_TRUE(rule_differences(a, b).empty());
}

TEST(RuleDifferences, another_place_or_another_level_is_another_finding) {
  const auto a = checked("a.json", {finding("SET-001", "/x", "a.json"), finding("CERT-002", "/z", "a.json")});
  auto b = checked("b.json", {finding("SET-001", "/y", "b.json"), finding("CERT-002", "/z", "b.json")});
  b.findings[1].level = Level::error;
  const RuleDifferences told = rule_differences(a, b);
  EXPECT_THAT(told.only_a, SizeIs(2));
  EXPECT_THAT(told.only_b, SizeIs(2));
}

TEST(RuleDifferences, of_several_alike_as_many_are_told_as_there_are_more) {
  const Told one = finding("SET-001", "/x", "a.json");
  const RuleDifferences told = rule_differences(checked("a.json", {one, one, one}), checked("a.json", {one}));
  EXPECT_THAT(told.only_a, SizeIs(2));
  EXPECT_THAT(told.only_b, IsEmpty());
}

TEST(RuleDifferences, what_a_design_accepts_is_no_finding_of_it) {
  Told accepted = finding("SET-001", "/x", "a.json");
  accepted.accepted = "we know";
  const RuleDifferences told =
      rule_differences(checked("a.json", {accepted}), checked("a.json", {finding("SET-001", "/x", "a.json")}));
  EXPECT_THAT(told.only_a, IsEmpty());
  EXPECT_THAT(told.only_b, SizeIs(1));
}

}  // namespace
}  // namespace rehearse::sim
