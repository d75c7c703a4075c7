// Record, replay, resume.
#include <gtest/gtest.h>

#include "model/steps/adapters/recording.hpp"
#include "model/steps/adapters/replaying.hpp"
#include "model/steps/deployment.hpp"
#include "model/steps/perform.hpp"
#include "small_farm.hpp"
#include "test_designs.hpp"

namespace rehearse::steps {
namespace {

Performance perform_on(VirtualTime& time, Platform platform, const std::vector<StepPtr>& steps) {
  return run(time, perform_all(steps, platform, {}));
}

Transcript record(const model::Design& design, const std::vector<StepPtr>& steps) {
  SmallFarm farm(design);
  Transcript transcript;
  Recording recording(farm.platform(), transcript);
  const Performance performance = perform_on(farm.time, recording.platform(), steps);
  EXPECT_TRUE(performance.succeeded()) << to_text(performance, steps);
  return transcript;
}

TEST(Transcript, replaying_a_deployment_asks_the_same_questions_in_the_same_order_without_a_world) {
  const model::Design design = joint_design();
  const std::vector<StepPtr> steps = deployment_steps(design);
  const Transcript recorded = record(design, steps);
  ASSERT_GT(recorded.entries().size(), 200U);

  Transcript again;
  Replaying replaying(recorded);
  Recording recording(replaying.platform(), again);
  VirtualTime time;
  const Performance performance = perform_on(time, recording.platform(), steps);

  EXPECT_TRUE(performance.succeeded()) << to_text(performance, steps);
  EXPECT_TRUE(replaying.finished());
  EXPECT_EQ(again, recorded);
}

TEST(Transcript, a_different_question_is_a_broken_invariant_that_names_both) {
  const model::Design design = joint_design();
  const Transcript recorded = record(design, deployment_steps(design));
  model::Design other = design;
  other.cluster.name = "OTHER";

  Replaying replaying(recorded);
  VirtualTime time;
  const std::vector<StepPtr> steps = deployment_steps(other);
  try {
    perform_on(time, replaying.platform(), steps);
    FAIL() << "the replay accepted another cluster";
  } catch (const std::logic_error& error) {
    const std::string text = error.what();
    EXPECT_NE(text.find("Cluster.Exists('SSISCLU')"), std::string::npos) << text;
    EXPECT_NE(text.find("Cluster.Exists('OTHER')"), std::string::npos) << text;
  }
}

TEST(Transcript, a_question_beyond_its_end_is_a_broken_invariant_without_a_live_platform) {
  const model::Design design = joint_design();
  const std::vector<StepPtr> steps = deployment_steps(design);
  const Transcript recorded = record(design, steps);
  Replaying replaying(recorded.until(30));
  VirtualTime time;
  EXPECT_THROW(perform_on(time, replaying.platform(), steps), std::logic_error);
}

TEST(Transcript, a_deployment_stopped_after_any_answer_resumes_on_the_world_it_left) {
  const model::Design design = joint_design(2, 1);
  const std::vector<StepPtr> steps = deployment_steps(design);
  const std::size_t calls = record(design, steps).ended();
  SmallFarm whole(design);
  perform_on(whole.time, whole.platform(), steps);

  for (std::size_t stop = 0; stop < calls; ++stop) {
    SmallFarm farm(design);
    Transcript transcript;
    Recording recording(farm.platform(), transcript);
    run_until(farm.time, perform_all(steps, recording.platform(), {}), [&] { return transcript.ended() >= stop; });

    Replaying replaying(transcript.until(transcript.ended()), farm.platform(), UnderWay::indeterminate);
    const Performance resumed = perform_on(farm.time, replaying.platform(), steps);
    EXPECT_TRUE(replaying.finished()) << "stopped after " << stop << ": " << to_text(resumed, steps);
    if (!resumed.succeeded()) {  // a change was under way: it may have happened, so the step says so
      EXPECT_EQ(resumed.failure()->code(), FailureCode::indeterminate) << resumed.failure()->what();
      const Performance once_more = perform_on(farm.time, farm.platform(), steps);
      EXPECT_TRUE(once_more.succeeded()) << to_text(once_more, steps);
    }
    EXPECT_EQ(farm.state, whole.state) << "stopped after " << stop;
    if (testing::Test::HasFailure()) return;
  }
}

TEST(Transcript, a_change_under_way_is_handed_on_to_a_world_that_knows_it) {
  const model::Design design = joint_design(2, 1);
  const std::vector<StepPtr> steps = deployment_steps(design);
  SmallFarm whole(design);
  perform_on(whole.time, whole.platform(), steps);

  for (std::size_t stop = 0; stop < 60; ++stop) {
    SmallFarm farm(design);
    Transcript transcript;
    Recording recording(farm.platform(), transcript);
    run_until(farm.time, perform_all(steps, recording.platform(), {}), [&] { return transcript.ended() >= stop; });

    // The farm forgets a change whose caller is gone, so handing it on makes it happen once.
    Replaying replaying(transcript, farm.platform(), UnderWay::hand_on);
    const Performance resumed = perform_on(farm.time, replaying.platform(), steps);
    EXPECT_TRUE(resumed.succeeded()) << to_text(resumed, steps);
    EXPECT_EQ(farm.state, whole.state) << "stopped after " << stop;
  }
}

TEST(Transcript, secrets_are_written_by_name_only) {
  const model::Design design = separate_design();
  const Transcript recorded = record(design, deployment_steps(design));
  const std::string text = to_text(recorded);
  EXPECT_NE(text.find("secret 'password of CORP\\svc-ssis'"), std::string::npos);
  EXPECT_EQ(text.find("the text of"), std::string::npos);
}

TEST(Transcript, cutting_it_keeps_the_calls_that_had_begun_and_forgets_later_answers) {
  Transcript transcript;
  const std::size_t first = transcript.begin(ClockRequest(clock::Now()));
  const std::size_t second = transcript.begin(ClockRequest(clock::Sleep(std::chrono::seconds(1))));
  transcript.end(first, Answer(Date()));
  transcript.begin(ClockRequest(clock::Now()));
  transcript.end(second, Answer());
  EXPECT_THROW(transcript.end(second, Answer()), std::logic_error);

  const Transcript none = transcript.until(0);
  EXPECT_EQ(none.entries().size(), 2U);
  EXPECT_EQ(none.ended(), 0U);
  const Transcript one = transcript.until(1);
  EXPECT_EQ(one.entries().size(), 3U);
  EXPECT_TRUE(std::holds_alternative<Answer>(one.entries()[0].outcome));
  EXPECT_TRUE(std::holds_alternative<std::monostate>(one.entries()[1].outcome));
  EXPECT_EQ(transcript.until(2), transcript);
}

}  // namespace
}  // namespace rehearse::steps
