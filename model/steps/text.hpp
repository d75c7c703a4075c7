// Values of requests and answers as text for transcripts: one overload a type, so that a new field type without a text
// does not compile.
#pragma once

#include <concepts>
#include <cstdint>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/design.hpp"
#include "model/steps/answer.hpp"
#include "model/steps/secret.hpp"
#include "model/steps/states.hpp"
#include "model/units.hpp"

namespace rehearse::steps::text {

inline std::string of(std::monostate) {
  return "done";
}
inline std::string of(std::same_as<bool> auto value) {
  return value ? "yes" : "no";
}
inline std::string of(std::int64_t value) {
  return std::to_string(value);
}
inline std::string of(int value) {
  return std::to_string(value);
}
inline std::string of(const std::string& value) {
  return "'" + value + "'";
}
inline std::string of(Date value) {
  return model::to_text(value);
}
inline std::string of(Duration value) {
  return model::to_text(value);
}
inline std::string of(const Secret& value) {
  return to_text(value);
}
inline std::string of(const model::MasterSettings& value) {
  return to_text(value);
}
inline std::string of(const model::WorkerSettings& value) {
  return to_text(value);
}
inline std::string of(const CertificateInfo& value) {
  return to_text(value);
}

template <class Enum>
requires std::is_enum_v<Enum> std::string of(Enum value) {
  return std::string(to_text(value));
}

template <class Item>
std::string of(const std::vector<Item>& items) {
  std::string result = "[";
  for (const Item& item : items) {
    if (result.size() > 1) result += ", ";
    result += of(item);
  }
  return result + "]";
}

}  // namespace rehearse::steps::text
