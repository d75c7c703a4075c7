// A transport that sends nothing: it keeps what it was given and answers by a function of the test.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "model/steps/platform.hpp"
#include "real_backend/transport/transport.hpp"

namespace rehearse::real {

class CannedTransport final : public Transport {
 public:
  using Respond = std::function<std::string(const RemoteScript& script)>;  // throws Failure

  explicit CannedTransport(Respond respond) : respond_(std::move(respond)) {}

  steps::Awaitable<std::string> run(RemoteScript script) override;

  /// The machines that were asked, in order: "SQL1 SQL2".
  std::string hosts() const;
  std::vector<RemoteScript> sent;

 private:
  Respond respond_;
};

/// Answer lines as scripts write them (script.hpp).
std::string value_line(const std::string& json);
std::string failure_line(const std::string& code, const std::string& message);

/// An operator who knows secrets by their names, and agrees to everything.
class KnowingOperator final : public steps::Operator {
 public:
  explicit KnowingOperator(std::map<std::string, std::string> secrets) : secrets_(std::move(secrets)) {}

  steps::Awaitable<steps::Answer> call(steps::OperatorRequest request) override;

 private:
  std::map<std::string, std::string> secrets_;
};

}  // namespace rehearse::real
