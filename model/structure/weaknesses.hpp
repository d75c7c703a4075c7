// What the cut sets of a design mean: which services go with which components, in what way, and how the many that are
// alike are told as one ("any two of the 3 workers").
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/structure/requirements.hpp"

namespace rehearse::model::structure {

/// Services as a set: bit i is the service of that number.
class ServiceSet {
 public:
  bool has(Service service) const { return (bits_ >> static_cast<unsigned>(service) & 1U) != 0; }
  void add(Service service) { bits_ = static_cast<std::uint8_t>(bits_ | 1U << static_cast<unsigned>(service)); }
  bool empty() const { return bits_ == 0; }
  int size() const;
  std::vector<Service> list() const;
  friend auto operator<=>(const ServiceSet&, const ServiceSet&) = default;

 private:
  std::uint8_t bits_ = 0;
};
std::string to_text(const ServiceSet& services);  // "ssisdb, package_execution"

enum class Way : std::uint8_t {
  until_restarted,  // the cluster starts it again: an interruption
  until_moved,      // the cluster does not see it: out while the role is there, back when somebody moves it away
  until_repaired    // nothing but a repair helps
};
std::string_view to_text(Way way);

/// Components whose loss at one instant costs services, none of which the loss of fewer of them costs. `lost` has all
/// that goes with them; `minimal` those for which every one of the components counts.
struct CutSet {
  std::vector<int> components;  // one or two, ascending
  ServiceSet lost, minimal;
  Way way = Way::until_repaired;

  /// What it costs, and how, if an unknown switch has its other value; nothing lost: all of it comes back by itself.
  struct Otherwise {
    ServiceSet lost;
    Way way = Way::until_repaired;
    friend auto operator<=>(const Otherwise&, const Otherwise&) = default;
  };
  std::optional<Otherwise> otherwise;  // only where that differs
  friend bool operator==(const CutSet&, const CutSet&) = default;
};

/// Those of one component first, each kind in the order of its components. `otherwise`: what the same design needs if
/// an unknown switch has its other value, with the same components.
std::vector<CutSet> cut_sets_of(const Requirements& requirements, const Requirements* otherwise = nullptr);

/// Cut sets of one meaning, told together: of `groups` any `chosen` fail, of each of these any one component.
struct Weakness {
  std::vector<std::vector<int>> groups;
  int chosen = 1;
  std::uint64_t count = 0;  // of cut sets that this stands for and no weakness before it does
  CutSet example;           // the first of them
  std::string text;         // "any two of WRK1, WRK2, WRK3 (machine, service)"
};

/// Every cut set is told by a weakness. Those of one component first; then what costs most services.
std::vector<Weakness> weaknesses_of(const Requirements& requirements, const std::vector<CutSet>& cut_sets);

/// Services that the design does not have even with every component at work, for example because no node can have an
/// address of the role.
ServiceSet never_there(const Requirements& requirements);

/// When the loss shows, each way once, for people: "at once", "when a worker opens a connection".
std::vector<std::string_view> shows_when(const Requirements& requirements, const Weakness& weakness);

}  // namespace rehearse::model::structure
