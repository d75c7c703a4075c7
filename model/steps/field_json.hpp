// The values that requests and answers are made of, as JSON and back. One overload a type, so that a field type
// without JSON does not compile. What is written is read back as the equal value, to the nanosecond; of a secret only
// the name is written, and it comes back without its text.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "model/design.hpp"
#include "model/reading.hpp"
#include "model/steps/answer.hpp"
#include "model/steps/failure.hpp"
#include "model/steps/secret.hpp"
#include "model/steps/states.hpp"
#include "model/units.hpp"

namespace rehearse::steps {

using Json = nlohmann::ordered_json;

Json json_of(bool value);
Json json_of(int value);
Json json_of(std::int64_t value);
Json json_of(const std::string& value);
Json json_of(const std::vector<std::string>& value);
Json json_of(Date value);           // "2027-03-01T00:30:00.000000001Z"
Json json_of(Duration value);       // "1m30s"
Json json_of(const Secret& value);  // {"secret": "password of CORP\\svc-ssis"}
Json json_of(const model::MasterSettings& value);
Json json_of(const model::WorkerSettings& value);
Json json_of(const CertificateInfo& value);
Json json_of(const std::vector<CertificateInfo>& value);
Json json_of(StartType value);  // enumerations by their to_text
Json json_of(NodeStart value);
Json json_of(Failback value);
Json json_of(ResourceProperty value);
Json json_of(model::Witness::Kind value);
Json json_of(FailureCode value);
template <class T>
void json_of(const T& value) = delete;

// Each leaves `into` empty after a diagnostic.
void read_field(const model::Value& value, std::optional<bool>& into);
void read_field(const model::Value& value, std::optional<int>& into);
void read_field(const model::Value& value, std::optional<std::int64_t>& into);
void read_field(const model::Value& value, std::optional<std::string>& into);  // of any length
void read_field(const model::Value& value, std::optional<std::vector<std::string>>& into);
void read_field(const model::Value& value, std::optional<Date>& into);
void read_field(const model::Value& value, std::optional<Duration>& into);
void read_field(const model::Value& value, std::optional<Secret>& into);
void read_field(const model::Value& value, std::optional<model::MasterSettings>& into);
void read_field(const model::Value& value, std::optional<model::WorkerSettings>& into);
void read_field(const model::Value& value, std::optional<CertificateInfo>& into);
void read_field(const model::Value& value, std::optional<std::vector<CertificateInfo>>& into);
void read_field(const model::Value& value, std::optional<StartType>& into);
void read_field(const model::Value& value, std::optional<NodeStart>& into);
void read_field(const model::Value& value, std::optional<Failback>& into);
void read_field(const model::Value& value, std::optional<ResourceProperty>& into);
void read_field(const model::Value& value, std::optional<model::Witness::Kind>& into);
void read_field(const model::Value& value, std::optional<FailureCode>& into);

}  // namespace rehearse::steps
