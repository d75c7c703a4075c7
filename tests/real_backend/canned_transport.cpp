#include "canned_transport.hpp"

#include <boost/asio/awaitable.hpp>

#include <nlohmann/json.hpp>
#include <variant>

#include "model/steps/failure.hpp"

namespace rehearse::real {

steps::Awaitable<std::string> CannedTransport::run(RemoteScript script) {
  sent.push_back(script);
  co_return respond_(script);
}

std::string CannedTransport::hosts() const {
  std::string text;
  for (const RemoteScript& script : sent) text += (text.empty() ? "" : " ") + script.host;
  return text;
}

std::string value_line(const std::string& json) {
  return R"({"ok":true,"value":)" + json + "}";
}

std::string failure_line(const std::string& code, const std::string& message) {
  nlohmann::json line;
  line["ok"] = false;
  line["code"] = code;
  line["message"] = message;
  return line.dump();
}

steps::Awaitable<steps::Answer> KnowingOperator::call(steps::OperatorRequest request) {
  const auto* read = std::get_if<steps::ask::ReadSecret>(&request);
  if (!read) co_return steps::Answer(true);
  const auto known = secrets_.find(read->secret);
  if (known == secrets_.end()) {
    throw steps::Failure(steps::FailureCode::not_found, "nobody knows " + read->secret);
  }
  co_return steps::Answer(steps::Secret(read->secret, known->second));
}

}  // namespace rehearse::real
