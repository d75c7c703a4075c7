// How the typed helpers of the ports ask: one call, its answer converted to what the helper promises, its failure
// completed with the primitive and the node. Only the ports' own .cpp files include it, after Asio's awaitable: it
// writes coroutines.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "model/steps/failure.hpp"
#include "model/steps/platform.hpp"

namespace rehearse::steps {

/// Answer -> what the helper promises. A text that is no state, or a list of the wrong length, makes no sense.
template <class T>
T convert(const Answer& answer) {
  if (const auto state = parse_state<T>(answer.text())) return *state;
  throw Failure(FailureCode::indeterminate, "the answer is no state that we know: '" + answer.text() + "'");
}
template <>
inline void convert<void>(const Answer& answer) {
  answer.nothing();
}
template <>
inline bool convert<bool>(const Answer& answer) {
  return answer.flag();
}
template <>
inline std::int64_t convert<std::int64_t>(const Answer& answer) {
  return answer.number();
}
template <>
inline std::string convert<std::string>(const Answer& answer) {
  return answer.text();
}
template <>
inline std::vector<std::string> convert<std::vector<std::string>>(const Answer& answer) {
  return answer.list();
}
template <>
inline Date convert<Date>(const Answer& answer) {
  return answer.date();
}
template <>
inline Secret convert<Secret>(const Answer& answer) {
  return answer.secret();
}
template <>
inline model::MasterSettings convert<model::MasterSettings>(const Answer& answer) {
  return answer.master_settings();
}
template <>
inline model::WorkerSettings convert<model::WorkerSettings>(const Answer& answer) {
  return answer.worker_settings();
}
template <>
inline std::vector<CertificateInfo> convert<std::vector<CertificateInfo>>(const Answer& answer) {
  return answer.certificates();
}
template <>
inline HttpBinding convert<HttpBinding>(const Answer& answer) {
  const std::vector<std::string>& parts = answer.list();
  if (parts.empty()) return HttpBinding({}, {});
  if (parts.size() == 2) return HttpBinding(parts[0], parts[1]);
  throw Failure(FailureCode::indeterminate, "a binding is [thumbprint, store], the answer is " + to_text(answer));
}
template <>
inline cluster::QuorumSetting convert<cluster::QuorumSetting>(const Answer& answer) {
  const std::vector<std::string>& parts = answer.list();
  if (parts.size() == 2) {
    if (const auto kind = parse_state<model::Witness::Kind>(parts[0])) return cluster::QuorumSetting(*kind, parts[1]);
  }
  throw Failure(FailureCode::indeterminate, "a quorum setting is [kind, path], the answer is " + to_text(answer));
}

/// One call: what fails learns which primitive failed and where.
template <class Result, class Port, class Request>
Awaitable<Result> ask_port(Port& port, Request request) {
  const AnyRequest any(request);
  try {
    const Answer answer = co_await port.call(std::move(request));
    co_return convert<Result>(answer);
  } catch (Failure& failure) {
    failure.attach_place(name_of(any), node_of(any));
    throw;
  }
}

}  // namespace rehearse::steps
