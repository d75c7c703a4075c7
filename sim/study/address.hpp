// Addresses of settings in a design or a scenario, as study files write them: "cluster.properties.SameSubnetThreshold",
// "timeline[0].at", "fci.role.resources[\"SQL Server\"].RestartThreshold". A first word that only scenarios have
// (timeline, start, duration, until, deploy, and the workload of a scenario) means the scenario, every other one the
// design.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace rehearse::sim {

struct Address {
  enum class Document : unsigned char { design, scenario };
  Document document = Document::design;
  std::vector<std::variant<std::string, std::size_t>> steps;  // keys and places
  std::string text;

  /// The first key.
  const std::string& head() const { return std::get<std::string>(steps.front()); }
};

/// nullopt: `problem` says what is wrong with it.
std::optional<Address> parse_address(std::string_view text, std::string& problem);

}  // namespace rehearse::sim
