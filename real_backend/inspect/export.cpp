#include "real_backend/inspect/export.hpp"

#include <algorithm>

#include "model/endpoint.hpp"

namespace rehearse::real {

const Property* Properties::find(std::string_view name) const {
  const auto found =
      std::find_if(all.begin(), all.end(), [&](const Property& one) { return model::same_name(one.name, name); });
  return found == all.end() ? nullptr : &*found;
}

std::optional<std::int64_t> Properties::number(std::string_view name) const {
  const Property* const found = find(name);
  if (found == nullptr) return std::nullopt;
  if (const auto* number = std::get_if<std::int64_t>(&found->value)) return *number;
  if (const auto* flag = std::get_if<bool>(&found->value)) return *flag ? 1 : 0;
  return std::nullopt;
}

std::optional<std::string> Properties::text(std::string_view name) const {
  const Property* const found = find(name);
  const auto* const text = found == nullptr ? nullptr : std::get_if<std::string>(&found->value);
  return text == nullptr ? std::nullopt : std::optional(*text);
}

const ExportedMachine* Export::machine(std::string_view name) const {
  const auto found = std::find_if(machines.begin(), machines.end(),
                                  [&](const ExportedMachine& one) { return model::same_name(one.name, name); });
  return found == machines.end() ? nullptr : &*found;
}

}  // namespace rehearse::real
