#include "model/diagnostic.hpp"

#include <gtest/gtest.h>

namespace rehearse::model {
namespace {

TEST(Diagnostic, says_where_what_and_how_to_mend_it) {
  const Diagnostic full = {
      Severity::error, "designs/a.json", {12, 7, "/cluster/nodez"}, "unknown key 'nodez'", "did you mean 'nodes'?"};
  EXPECT_EQ(to_text(full),
            "designs/a.json:12:7: error: unknown key 'nodez' (at /cluster/nodez)\n    did you mean 'nodes'?");
}

TEST(Diagnostic, leaves_out_what_is_not_known) {
  EXPECT_EQ(to_text({Severity::warning, "a.cer", {}, "empty file", ""}), "a.cer: warning: empty file");
  EXPECT_EQ(to_text({Severity::error, "", {3, 1, ""}, "bad", "mend"}), "3:1: error: bad\n    mend");
  EXPECT_EQ(to_text({Severity::error, "", {}, "bad", ""}), "error: bad");
}

TEST(Diagnostic, warnings_alone_are_no_error) {
  Diagnostic warning;
  warning.severity = Severity::warning;
  EXPECT_FALSE(has_errors({}));
  EXPECT_FALSE(has_errors({warning}));
  EXPECT_TRUE(has_errors({warning, Diagnostic()}));
}

TEST(DidYouMean, finds_slips_of_the_pen) {
  const std::vector<std::string> keys = {"nodes", "networks", "quorum", "properties", "SameSubnetThreshold", "at"};
  EXPECT_EQ(did_you_mean("nodez", keys), "nodes");     // another letter
  EXPECT_EQ(did_you_mean("nodse", keys), "nodes");     // neighbours exchanged
  EXPECT_EQ(did_you_mean("node", keys), "nodes");      // a letter missing
  EXPECT_EQ(did_you_mean("quorrum", keys), "quorum");  // a letter too many
  EXPECT_EQ(did_you_mean("NODES", keys), "nodes");     // case
  EXPECT_EQ(did_you_mean("AT", keys), "at");
  EXPECT_EQ(did_you_mean("at", {"At"}), "At");
  EXPECT_EQ(did_you_mean("SameSubnetTreshhold", keys), "SameSubnetThreshold");
}

TEST(DidYouMean, is_silent_when_nothing_is_near) {
  const std::vector<std::string> keys = {"nodes", "networks", "at"};
  EXPECT_EQ(did_you_mean("workers", keys), "");
  EXPECT_EQ(did_you_mean("by", keys), "");
  EXPECT_EQ(did_you_mean("quantum", {"quorum"}), "");
  EXPECT_EQ(did_you_mean("", keys), "");
  EXPECT_EQ(did_you_mean("nodes", {}), "");
}

TEST(DidYouMean, an_exchange_of_neighbours_is_one_slip_and_the_first_of_equals_wins) {
  EXPECT_EQ(did_you_mean("abc", {"acb"}), "acb");
  EXPECT_EQ(did_you_mean("abc", {"bca"}), "");
  EXPECT_EQ(did_you_mean("cats", {"cots", "cuts"}), "cots");
}

}  // namespace
}  // namespace rehearse::model
