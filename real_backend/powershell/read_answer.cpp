// What the value of a script's answer means for each request. Windows' own words for states are turned into the model's
// here, so that scripts can answer what the cmdlets say.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <type_traits>
#include <utility>

#include "model/artefacts/settings_file.hpp"
#include "model/artefacts/x509.hpp"
#include "model/dependency_expression.hpp"
#include "real_backend/base64.hpp"
#include "real_backend/powershell/answers.hpp"
#include "real_backend/powershell/phrases.hpp"
#include "real_backend/powershell/primitives.hpp"

namespace rehearse::real {
namespace {

namespace catalog = steps::catalog;
namespace certificate_store = steps::certificate_store;
namespace cluster = steps::cluster;
namespace host = steps::host;
using nlohmann::json;
using steps::Answer;

template <class Request, class... Others>
constexpr bool is_one_of = (std::is_same_v<Request, Others> || ...);

template <class Request>
constexpr bool answers_flag =
    is_one_of<Request, host::FeatureInstalled, host::FciInstalled, host::ServiceInstalled, host::FirewallOpen,
              host::Answers, certificate_store::KeyAccess, cluster::Answers, cluster::Exists, cluster::Validated,
              cluster::DataMoves, catalog::Exists, catalog::ScaleOutEnabled, catalog::LogLoginEnabled,
              catalog::StartupProcedureSet, catalog::IsAdmin, catalog::WorkerEnabled>;
template <class Request>
constexpr bool answers_number = is_one_of<Request, cluster::Property, cluster::QueryProperty>;
template <class Request>
constexpr bool answers_text = is_one_of<Request, cluster::RoleOwner, catalog::MasterAddress>;
template <class Request>
constexpr bool answers_list = is_one_of<Request, cluster::Nodes, cluster::Quorum, cluster::Roles, cluster::Resources>;
template <class Request>
constexpr bool answers_date = is_one_of<Request, catalog::MasterLastOnline, catalog::WorkerLastOnline>;
template <class Request>
constexpr bool answers_done =
    Request::effect == steps::Effect::change && !std::is_same_v<Request, certificate_store::Create>;

const std::string& text_of(const json& value) {
  if (!value.is_string()) throw senseless("a text", value);
  return value.get_ref<const std::string&>();
}

std::int64_t number_of(const json& value) {
  const bool too_large = value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX;
  if (!value.is_number_integer() || too_large) throw senseless("a whole number", value);
  return value.get<std::int64_t>();
}

std::vector<std::string> list_of(const json& value) {
  std::vector<std::string> list;
  if (!value.is_array()) throw senseless("a list of texts", value);
  for (const json& item : value) {
    if (!item.is_string()) throw senseless("a list of texts", value);
    list.push_back(item.get<std::string>());
  }
  return list;
}

/// A date in ISO 8601; the epoch for null, which is "never".
Date date_of(const json& value) {
  if (value.is_null()) return Date();
  const std::optional<Date> date = value.is_string() ? model::parse_date(value.get<std::string>()) : std::nullopt;
  if (!date) throw senseless("a date", value);
  return *date;
}

// ---- states
/// "OnlinePending" -> "online pending", as the model's texts of states are spelled.
std::string in_words(std::string_view windows_name) {
  std::string words;
  for (const char c : windows_name) {
    const auto letter = static_cast<unsigned char>(c);
    if (std::isupper(letter) != 0 && !words.empty() && words.back() != ' ') words += ' ';
    words += static_cast<char>(std::tolower(letter));
  }
  return words;
}

/// The model's state that the text names, in the model's words or in Windows'.
template <class State>
Answer state_of(const json& value) {
  std::string words = in_words(text_of(value));
  if (std::is_same_v<State, steps::RoleState> && words == "partial online") words = "partially online";  // W 4.1
  if (!steps::parse_state<State>(words)) throw senseless("a state", value);
  return Answer(std::move(words));
}

/// Win32_Service.State; null: there is no such service. Whatever is neither running nor stopped has a process.
Answer service_state_of(const json& value) {
  if (value.is_null()) return Answer(to_text(steps::ServiceState::absent));
  const std::string& state = text_of(value);
  if (state == "Stopped") return Answer(to_text(steps::ServiceState::stopped));
  for (const char* other :
       {"Running", "Paused", "Start Pending", "Stop Pending", "Continue Pending", "Pause Pending"}) {
    if (state == other) return Answer(to_text(steps::ServiceState::running));
  }
  throw senseless("a service's state", value);
}

/// Win32_Service.StartMode. "Auto" is also the delayed start.
Answer start_type_of(const json& value) {
  const std::string& mode = text_of(value);
  if (mode == "Auto") return Answer(to_text(steps::StartType::automatic));
  if (mode == "Manual") return Answer(to_text(steps::StartType::manual));
  if (mode == "Disabled") return Answer(to_text(steps::StartType::disabled));
  throw senseless("a service's start mode", value);
}

// ---- files and certificates
template <class Settings>
Answer settings_of(model::SettingsFile<Settings> file) {
  if (file.settings) return Answer(std::move(*file.settings));
  refuse(errors_in(file.diagnostics));
}

/// One entry a copy: {"store": ..., "raw": base64 of its DER form, "key": whether the private key lies beside it}. What
/// is no certificate that names anybody is left out: Root holds authorities without a common name, which no handshake
/// of a Scale Out farm can mean.
Answer certificates_of(const json& value) {
  if (!value.is_array()) throw senseless("a list of certificates", value);
  std::vector<steps::CertificateInfo> certificates;
  for (const json& copy : value) {
    const bool formed = copy.is_object() && copy.contains("store") && copy.contains("raw") && copy.contains("key") &&
                        copy["key"].is_boolean();
    if (!formed) throw senseless("a copy of a certificate", copy);
    model::X509Result read = model::read_x509(bytes_of(copy["raw"]));
    if (!read.facts) continue;
    certificates.emplace_back(std::move(read.facts->thumbprint), std::move(read.facts->common_names),
                              read.facts->not_before, read.facts->not_after, text_of(copy["store"]),
                              copy["key"].get<bool>());
  }
  return Answer(std::move(certificates));
}

/// Upper case, as the model has thumbprints.
std::string thumbprint_of(const json& value) {
  std::string thumbprint = text_of(value);
  const auto is_hex = [](unsigned char c) { return std::isxdigit(c) != 0; };
  constexpr std::size_t sha1_digits = 40;
  if (thumbprint.size() != sha1_digits || !std::all_of(thumbprint.begin(), thumbprint.end(), is_hex)) {
    throw senseless("a thumbprint", value);
  }
  std::transform(thumbprint.begin(), thumbprint.end(), thumbprint.begin(),
                 [](unsigned char c) { return std::toupper(c); });
  return thumbprint;
}

/// [thumbprint, store], or an empty list. http.sys knows the stores without regard to case ("MY").
Answer binding_of(const json& value) {
  std::vector<std::string> binding = list_of(value);
  if (binding.empty()) return Answer(std::move(binding));
  if (binding.size() != 2) throw senseless("a binding", value);
  binding[0] = thumbprint_of(value[0]);
  if (binding[1] == "MY" || binding[1] == "My" || binding[1] == "my") binding[1] = "My";
  if (binding[1] == "ROOT" || binding[1] == "Root" || binding[1] == "root") binding[1] = "Root";
  return Answer(std::move(binding));
}

/// The dependency expression as Windows writes it, or the list itself; sorted, each once.
Answer dependencies_of(const json& value) {
  std::vector<std::string> names;
  if (value.is_array()) {
    names = list_of(value);
  } else if (const std::string& text = text_of(value); !text.empty()) {
    const model::DependencyExpression expression = model::parse_dependency(text);
    if (!expression.problem.empty()) throw senseless("a dependency expression", value);
    for (const std::vector<std::string>& any : expression.all_of_any) names.insert(names.end(), any.begin(), any.end());
  }
  std::sort(names.begin(), names.end());
  names.erase(std::unique(names.begin(), names.end()), names.end());
  return Answer(std::move(names));
}

/// Where the platform waits for a restart, the script says when the last boot was: see After in primitives.hpp.
template <class Request>
constexpr bool answers_boot_time = is_one_of<Request, host::InstallFeature, host::RestartMachine>;

template <class Request>
Answer answer_to(const Request& request, const json& value) {
  if constexpr (answers_flag<Request>) {
    if (!value.is_boolean()) throw senseless("yes or no", value);
    return Answer(value.get<bool>());
  } else if constexpr (answers_number<Request>) {
    return Answer(number_of(value));
  } else if constexpr (answers_text<Request>) {
    return Answer(text_of(value));
  } else if constexpr (answers_list<Request>) {
    return Answer(list_of(value));
  } else if constexpr (answers_date<Request>) {
    return Answer(date_of(value));
  } else if constexpr (answers_done<Request>) {
    const bool boot_time_is_said = answers_boot_time<Request> && value.is_string();
    if (!value.is_null() && !boot_time_is_said) throw senseless("empty", value);
    return Answer();
  } else if constexpr (std::is_same_v<Request, host::QueryService>) {
    return service_state_of(value);
  } else if constexpr (std::is_same_v<Request, host::QueryStartType>) {
    return start_type_of(value);
  } else if constexpr (std::is_same_v<Request, host::QueryPatches>) {
    return state_of<steps::PatchState>(value);
  } else if constexpr (std::is_same_v<Request, host::ReadMasterSettings>) {
    return settings_of(model::read_master_settings(bytes_of(value), "MasterSettings.config on " + request.host));
  } else if constexpr (std::is_same_v<Request, host::ReadWorkerSettings>) {
    return settings_of(model::read_worker_settings(bytes_of(value), "WorkerSettings.config on " + request.host));
  } else if constexpr (std::is_same_v<Request, certificate_store::List>) {
    return certificates_of(value);
  } else if constexpr (std::is_same_v<Request, certificate_store::Create>) {
    return Answer(thumbprint_of(value));
  } else if constexpr (std::is_same_v<Request, certificate_store::Binding>) {
    return binding_of(value);
  } else if constexpr (std::is_same_v<Request, cluster::QueryNode>) {
    return state_of<steps::NodeState>(value);
  } else if constexpr (std::is_same_v<Request, cluster::QueryRole>) {
    return state_of<steps::RoleState>(value);
  } else if constexpr (std::is_same_v<Request, cluster::QueryResource>) {
    return state_of<steps::ResourceState>(value);
  } else {
    static_assert(std::is_same_v<Request, cluster::Dependencies>, "every request has a meaning of its answer");
    return dependencies_of(value);
  }
}

/// Answers of scripts come to the ports of machines and of the cluster; clock and operator are nobody's script.
template <class... Requests>
Answer read(const std::variant<Requests...>& request, const json& value) {
  return std::visit([&](const auto& one) { return answer_to(one, value); }, request);
}
Answer read(const steps::ClockRequest&, const json&) {
  throw std::logic_error("no script answers what time it is");
}
Answer read(const steps::OperatorRequest&, const json&) {
  throw std::logic_error("no script answers for the operator");
}

}  // namespace

Answer read_answer(const steps::AnyRequest& request, const std::string& line) {
  const json value = value_in(line, steps::effect_of(request));
  return std::visit([&](const auto& of_port) { return read(of_port, value); }, request);
}

}  // namespace rehearse::real
