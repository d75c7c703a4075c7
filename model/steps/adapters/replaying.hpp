// Answers from a transcript, in the order in which the recorded calls ended, and checks that the steps ask the same
// questions. When the transcript is over it goes on with a live platform, if there is one: that is how a procedure
// resumes.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <vector>

#include "model/steps/adapters/any_port.hpp"
#include "model/steps/adapters/transcript.hpp"
#include "model/steps/gate.hpp"

namespace rehearse::steps {

/// What a change becomes that was under way when the transcript ended. Queries are always asked again.
enum class UnderWay : unsigned char {
  indeterminate,  // a failure: it may have happened, so perform() asks
  hand_on,        // given to the live platform, which knows the call and re-attaches to it (a forked world)
};

class Replaying final : public AnyPort {
 public:
  /// Without a live platform a call beyond the transcript is a broken invariant (std::logic_error).
  explicit Replaying(Transcript transcript);
  Replaying(Transcript transcript, Platform live, UnderWay under_way);

  /// Throws std::logic_error, naming both, when the request is not the recorded one. Secrets are asked of the live
  /// platform where there is one: transcripts that were stored have lost them.
  Awaitable<Answer> call(AnyRequest request) override;

  /// Everything recorded has been asked and answered.
  bool finished() const;

 private:
  Awaitable<Answer> answer_from(std::size_t index);
  Awaitable<Answer> answer_under_way(AnyRequest request);
  void mark_ended(std::size_t rank);
  void open_what_is_due();

  Transcript transcript_;
  std::optional<Platform> live_;
  UnderWay under_way_ = UnderWay::indeterminate;

  // The rank of a call is the how-manyth it was to end, from 1.
  struct Rank {
    std::size_t entry = 0;
    std::size_t begun_before = 0;  // how many calls had begun when it ended
    bool has_ended = false;
  };
  std::vector<Rank> ranks_;
  std::size_t next_ = 0;                 // entries begun so far
  std::size_t ended_ = 0;                // all ranks up to this one have ended
  std::map<std::size_t, Gate> waiting_;  // by rank
};

}  // namespace rehearse::steps
