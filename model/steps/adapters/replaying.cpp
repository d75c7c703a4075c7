#include "model/steps/adapters/replaying.hpp"

#include <boost/asio/awaitable.hpp>

#include <stdexcept>
#include <utility>

namespace rehearse::steps {
namespace {

bool asks_for_secret(const AnyRequest& request) {
  const auto* of_person = std::get_if<OperatorRequest>(&request);
  return of_person && std::holds_alternative<ask::ReadSecret>(*of_person);
}

}  // namespace

Replaying::Replaying(Transcript transcript) : transcript_(std::move(transcript)) {
  ranks_.resize(transcript_.ended() + 2);  // the last one never ends: nothing comes after the end
  const auto& entries = transcript_.entries();
  for (std::size_t index = 0; index < entries.size(); ++index) {
    if (entries[index].ended_as != 0) ranks_[entries[index].ended_as].entry = index;
  }
  std::size_t begun = 0;
  for (std::size_t rank = 1; rank <= transcript_.ended(); ++rank) {
    while (begun < entries.size() && entries[begun].began_after < rank) ++begun;
    ranks_[rank].begun_before = begun;
  }
}

Replaying::Replaying(Transcript transcript, Platform live, UnderWay under_way) : Replaying(std::move(transcript)) {
  live_.emplace(live);
  under_way_ = under_way;
}

bool Replaying::finished() const {
  return next_ == transcript_.entries().size() && ended_ == transcript_.ended();
}

Awaitable<Answer> Replaying::call(AnyRequest request) {
  if (next_ == transcript_.entries().size()) {
    if (!live_) throw std::logic_error("the transcript is over, the steps ask " + to_text(request));
    Answer answer = co_await forward(*live_, std::move(request));
    co_return answer;
  }

  const std::size_t index = next_++;
  const Transcript::Entry& entry = transcript_.entries()[index];
  if (!(entry.request == request)) {
    throw std::logic_error("the transcript has " + to_text(entry.request) + ", the steps ask " + to_text(request));
  }
  open_what_is_due();
  if (entry.ended_as == 0) {
    Answer answer = co_await answer_under_way(std::move(request));
    co_return answer;
  }
  Answer answer = co_await answer_from(index);
  if (live_ && asks_for_secret(request)) answer = co_await forward(*live_, std::move(request));
  co_return answer;
}

Awaitable<Answer> Replaying::answer_under_way(AnyRequest request) {
  if (effect_of(request) == Effect::change && (!live_ || under_way_ == UnderWay::indeterminate)) {
    throw Failure(FailureCode::indeterminate, "it was under way when the transcript ended");
  }
  if (!live_) throw std::logic_error("the transcript ends while this is under way: " + to_text(request));
  Answer answer = co_await forward(*live_, std::move(request));
  co_return answer;
}

Awaitable<Answer> Replaying::answer_from(std::size_t index) {
  const Transcript::Entry& entry = transcript_.entries()[index];
  const std::size_t rank = entry.ended_as;
  Gate& gate = waiting_[rank];
  open_what_is_due();
  try {
    co_await gate.wait();
  } catch (...) {  // the caller was cancelled; a recorded call that was abandoned ends here
    mark_ended(rank);
    throw;
  }
  mark_ended(rank);
  if (const Failure* failure = std::get_if<Failure>(&entry.outcome)) throw Failure(*failure);
  co_return std::get<Answer>(entry.outcome);
}

void Replaying::mark_ended(std::size_t rank) {
  waiting_.erase(rank);
  ranks_[rank].has_ended = true;
  while (ranks_[ended_ + 1].has_ended) ++ended_;
  open_what_is_due();
}

void Replaying::open_what_is_due() {
  const std::size_t rank = ended_ + 1;
  if (next_ < ranks_[rank].begun_before) return;
  const auto found = waiting_.find(rank);
  if (found == waiting_.end()) return;
  const Transcript::Entry& entry = transcript_.entries()[ranks_[rank].entry];
  if (!std::holds_alternative<Abandoned>(entry.outcome)) found->second.open();
}

}  // namespace rehearse::steps
