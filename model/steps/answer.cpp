#include "model/steps/answer.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <utility>

#include "model/steps/failure.hpp"
#include "model/steps/text.hpp"

namespace rehearse::steps {
namespace {

template <class T>
const T& get(const Answer& answer, std::string_view expected) {
  if (const T* value = std::get_if<T>(&answer.value())) return *value;
  throw Failure(FailureCode::indeterminate,
                fmt::format("the answer should be {}, but is: {}", expected, to_text(answer)));
}

}  // namespace

CertificateInfo::CertificateInfo(std::string its_thumbprint, std::vector<std::string> its_names, Date from, Date until,
                                 std::string in_store, bool with_private_key)
    : thumbprint(std::move(its_thumbprint)),
      names(std::move(its_names)),
      not_before(from),
      not_after(until),
      store(std::move(in_store)),
      has_private_key(with_private_key) {}

void Answer::nothing() const {
  get<std::monostate>(*this, "empty");
}
bool Answer::flag() const {
  return get<bool>(*this, "yes or no");
}
std::int64_t Answer::number() const {
  return get<std::int64_t>(*this, "a whole number");
}
const std::string& Answer::text() const {
  return get<std::string>(*this, "a text");
}
const std::vector<std::string>& Answer::list() const {
  return get<std::vector<std::string>>(*this, "a list of texts");
}
Date Answer::date() const {
  return get<Date>(*this, "a date");
}
const model::MasterSettings& Answer::master_settings() const {
  return get<model::MasterSettings>(*this, "MasterSettings");
}
const model::WorkerSettings& Answer::worker_settings() const {
  return get<model::WorkerSettings>(*this, "WorkerSettings");
}
const std::vector<CertificateInfo>& Answer::certificates() const {
  return get<std::vector<CertificateInfo>>(*this, "a list of certificates");
}
const Secret& Answer::secret() const {
  return get<Secret>(*this, "a secret");
}

std::string to_text(const Secret& secret) {
  return secret.empty() ? std::string("no secret") : fmt::format("secret '{}'", secret.name());
}

std::string to_text(const CertificateInfo& certificate) {
  return fmt::format("{} [{}] {} to {} in {}{}", certificate.thumbprint, fmt::join(certificate.names, ", "),
                     model::to_text(certificate.not_before), model::to_text(certificate.not_after), certificate.store,
                     certificate.has_private_key ? " with key" : "");
}

std::string to_text(const model::MasterSettings& settings) {
  return fmt::format(
      "MasterSettings(port {}, certificate '{}', SqlServerName '{}', cleanup {}, sweep {}, heartbeat {}, "
      "SQL timeout {})",
      settings.port, settings.certificate_thumbprint, settings.sql_server_name,
      model::to_text(settings.cleanup_interval), model::to_text(settings.sweep_interval),
      model::to_text(settings.heartbeat_interval), model::to_text(settings.sql_connection_timeout));
}

std::string to_text(const model::WorkerSettings& settings) {
  return fmt::format(
      "WorkerSettings(endpoint '{}', master certificate '{}', worker certificate '{}', agent heartbeat {}, "
      "task heartbeat {}, tolerance {}, lease {}, at most {} tasks, agent '{}')",
      settings.endpoint, settings.master_certificate_thumbprint, settings.worker_certificate_thumbprint,
      model::to_text(settings.agent_heartbeat_interval), model::to_text(settings.task_heartbeat_interval),
      model::to_text(settings.heartbeat_error_tolerance), model::to_text(settings.lease_interval),
      settings.max_task_count, settings.agent_id);
}

std::string to_text(const Answer& answer) {
  return std::visit([](const auto& value) { return text::of(value); }, answer.value());
}

}  // namespace rehearse::steps
