#include "tests/agreement/listening.hpp"

#include <boost/asio/awaitable.hpp>

#include "model/steps/requests.hpp"

namespace rehearse::agreement {

Listening::Listening(steps::Platform to, std::set<std::string>& asked) : to_(to), asked_(asked) {}

steps::Awaitable<steps::Answer> Listening::call(steps::AnyRequest request) {
  asked_.insert(steps::name_of(request));
  steps::Answer answer = co_await steps::forward(to_, std::move(request));
  co_return answer;
}

}  // namespace rehearse::agreement
