#include "model/steps/adapters/recording.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <utility>

namespace rehearse::steps {

Recording::Recording(Platform recorded, Transcript& transcript) : recorded_(recorded), transcript_(transcript) {}

Awaitable<Answer> Recording::call(AnyRequest request) {
  const std::size_t index = transcript_.begin(request);
  try {
    Answer answer = co_await forward(recorded_, std::move(request));
    transcript_.end(index, answer);
    co_return answer;
  } catch (const Failure& failure) {
    transcript_.end(index, failure);
    throw;
  } catch (const boost::system::system_error&) {
    transcript_.end(index, Abandoned{});
    throw;
  }
}

}  // namespace rehearse::steps
