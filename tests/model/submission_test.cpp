#include "model/submission.hpp"

#include <gtest/gtest.h>

#include <array>

namespace rehearse::model {
namespace {

using namespace std::chrono_literals;

/// The checks in their order: what each defect is, and the error that it gives.
struct Defect {
  SubmissionError error;
  void (*make)(SubmissionFacts&);
};
const std::array<Defect, 5> defects = {{
    {SubmissionError::not_permitted, [](SubmissionFacts& facts) { facts.may_execute = false; }},
    {SubmissionError::sql_login, [](SubmissionFacts& facts) { facts.windows_login = false; }},
    {SubmissionError::lock_timeout, [](SubmissionFacts& facts) { facts.lock_wait = 10s + 1ns; }},
    {SubmissionError::unknown_worker,
     [](SubmissionFacts& facts) {
       facts.names_workers = true;
       facts.workers_have_rows = false;
     }},
    {SubmissionError::any_worker_already,
     [](SubmissionFacts& facts) {
       facts.names_workers = true;
       facts.job_is_any_worker = true;
     }},
}};

TEST(Submission, every_set_of_defects_gives_the_error_of_the_first) {
  for (unsigned set = 0; set < 1U << defects.size(); ++set) {
    SubmissionFacts facts;
    SubmissionError expected = SubmissionError::none;
    for (std::size_t i = defects.size(); i-- > 0;) {
      if ((set >> i & 1U) == 0) continue;
      defects[i].make(facts);
      expected = defects[i].error;
    }
    EXPECT_EQ(judge(facts, 10s), expected) << "defects " << set;
  }
}

TEST(Submission, waits_for_the_lock_as_long_as_patience_goes) {
  SubmissionFacts facts;
  facts.lock_wait = 10s;
  EXPECT_EQ(judge(facts, 10s), SubmissionError::none);
}

TEST(Submission, nobody_asks_about_named_workers_of_a_job_that_names_none) {
  SubmissionFacts facts;
  facts.workers_have_rows = false;
  facts.job_is_any_worker = true;
  EXPECT_EQ(judge(facts, 10s), SubmissionError::none);
}

TEST(Submission, errors_carry_the_catalogs_numbers) {
  EXPECT_EQ(static_cast<int>(SubmissionError::lock_timeout), 27195);
  EXPECT_EQ(to_text(SubmissionError::any_worker_already).substr(0, 5), "27251");
}

}  // namespace
}  // namespace rehearse::model
