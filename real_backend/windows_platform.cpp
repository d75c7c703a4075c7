#include "real_backend/windows_platform.hpp"

#include <boost/asio/awaitable.hpp>

#include <stdexcept>
#include <type_traits>
#include <utility>
#include <variant>

#include "real_backend/real_clock.hpp"

namespace rehearse::real {
namespace {

namespace cluster = steps::cluster;
using steps::Answer;
using steps::AnyRequest;
using steps::Awaitable;
using steps::Failure;
using steps::FailureCode;

template <class Wanted, class... Requests>
const Wanted* is_one(const std::variant<Requests...>& request) {
  if constexpr ((std::is_same_v<Wanted, Requests> || ...)) return std::get_if<Wanted>(&request);
  return nullptr;
}

template <class Wanted>
const Wanted* is_a(const AnyRequest& request) {
  return std::visit([](const auto& of_port) { return is_one<Wanted>(of_port); }, request);
}

/// Whether nobody answering is an answer: the request asks just that.
bool asks_who_answers(const AnyRequest& request) {
  return is_a<steps::host::Answers>(request) || is_a<cluster::Answers>(request);
}

/// What lies on one node and may be unknown to another: the configuration of a cluster, which a node that was never in
/// it does not have, and the report of a validation.
bool is_affirmed_by_any(const AnyRequest& request) {
  return is_a<cluster::Exists>(request) || is_a<cluster::Validated>(request);
}

Question question_of(const AnyRequest& request) {
  Question question(steps::effect_of(request),
                    [request](const std::string& line) { return read_answer(request, line); });
  question.names_node = !steps::node_of(request).empty();
  question.affirmed_by_any = is_affirmed_by_any(request);
  return question;
}

struct Primitives {
  const Surroundings& around;

  template <class Request>
  Primitive operator()(const Request& request) const {
    return primitive_of(request, around);
  }
  Primitive operator()(const steps::ClockRequest&) const { throw std::logic_error("no script for the clock"); }
  Primitive operator()(const steps::OperatorRequest&) const { throw std::logic_error("no script for the operator"); }
};

}  // namespace

WindowsPlatform::WindowsPlatform(Transport& transport, steps::Operator& person, const model::Design& design,
                                 const Site& site, PrimitiveRunner::Options options)
    : person_(person), around_{design, site}, runner_(transport, person, around_, options) {}

// Not a coroutine where another one's answer is handed on.
Awaitable<Answer> WindowsPlatform::call(AnyRequest request) {
  if (const auto* of_clock = std::get_if<steps::ClockRequest>(&request)) return answer_of_clock(*of_clock);
  if (const auto* of_operator = std::get_if<steps::OperatorRequest>(&request)) return person_.call(*of_operator);
  return perform(std::move(request));
}

Awaitable<Answer> WindowsPlatform::perform(AnyRequest request) {
  std::function<Primitive()> first = [request, around = around_] { return std::visit(Primitives{around}, request); };
  Question question = question_of(request);
  try {
    Answer answer = co_await runner_.run(std::move(first), std::move(question));
    co_return answer;
  } catch (const Failure& failure) {
    if (failure.code() != FailureCode::unreachable || !asks_who_answers(request)) throw;
  }
  co_return Answer(false);
}

}  // namespace rehearse::real
