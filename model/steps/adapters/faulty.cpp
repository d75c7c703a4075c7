#include "model/steps/adapters/faulty.hpp"

#include <boost/asio/awaitable.hpp>

#include <utility>

#include "model/steps/failure.hpp"
#include "model/steps/gate.hpp"

namespace rehearse::steps {
namespace {

// Never what the request promises: no request answers a number where this one answers a text, or the other way round.
Answer nonsense_instead_of(const Answer& answer) {
  if (std::holds_alternative<std::int64_t>(answer.value())) return Answer("\xEF\xBF\xBDnonsense");
  return Answer(std::int64_t{-1});
}

}  // namespace

Faulty::Faulty(Platform inner, std::size_t index, FaultKind kind) : inner_(inner), index_(index), kind_(kind) {}

Awaitable<Answer> Faulty::call(AnyRequest request) {
  const bool fails = calls_++ == index_;
  if (fails && kind_ == FaultKind::before) throw Failure(FailureCode::unreachable, "no connection (injected)");
  if (fails && kind_ == FaultKind::hang) {
    Gate never;
    co_await never.wait();
  }
  Answer answer = co_await forward(inner_, std::move(request));
  if (fails && kind_ == FaultKind::answer_lost) {
    throw Failure(FailureCode::indeterminate, "the connection broke before the answer came (injected)");
  }
  if (fails && kind_ == FaultKind::garbage) co_return nonsense_instead_of(answer);
  co_return answer;
}

}  // namespace rehearse::steps
