// Product defaults by version: what a cluster, an instance and a Scale Out farm do when the design says nothing else.
// And the documented common properties of a cluster, by Windows' own names and in Windows' own units, which are
// milliseconds, seconds, minutes or counts from one property to the next: the classic mistake (W 11, 20).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "model/design.hpp"
#include "model/parameters.hpp"

namespace rehearse::model {

/// The defaults of the table in parameters.cpp with what differs by version and edition filled in.
Parameters defaults_for(WindowsVersion windows, SqlVersion sql, Edition edition);

enum class PropertyUnit : unsigned char { milliseconds, seconds, minutes, count, flag, choice };
std::string_view to_text(PropertyUnit unit);

struct ClusterProperty {
  std::string_view name;  // as `(Get-Cluster).<name>` has it
  PropertyUnit unit;
  std::int64_t min, max;
  std::optional<Setting> setting;  // what it means to the simulated world; nothing: the world does not depend on it
  std::string_view source;
  WindowsVersion since = WindowsVersion::v2012r2;  // the first version that has it
};

/// The properties that a design may set, by name.
std::span<const ClusterProperty> cluster_properties();

/// nullptr: no such property (or one that cannot be set).
const ClusterProperty* find_cluster_property(std::string_view name);

/// "must be 3 to 120 (count), not 2": why the value is refused; empty: it is in range.
std::string problem_of(const ClusterProperty& property, std::int64_t value);

/// Puts a value that is in range into its setting, converted from the property's unit, with origin `given`; nothing
/// happens where the property has no setting. Throws std::logic_error for a value out of range.
void apply(const ClusterProperty& property, std::int64_t value, Parameters& parameters);

}  // namespace rehearse::model
