// What the readers of roles share: of SQL Server's role, of the master's own, and of further roles of the cluster. A
// role's settings stand where the role does; settings of single resources name resources that are known only when the
// whole design has been read, so they are read last.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/design_reading.hpp"

namespace rehearse::model {

/// The properties of a role among the keys of `object` (W 4.2), all but "resources".
void read_role_settings(const Object& object, RoleSettings& settings, DesignReading& reading);

/// The common properties of a resource among the keys of `object`, in Windows' units (W 3.3).
void read_resource_settings(const Object& object, ResourceSettings& settings, const DesignReading& reading);

/// RegisterAllProvidersIP and HostRecordTTL of a network name (W 6.1).
void read_name_settings(const Object& object, std::optional<bool>& register_all_ips,
                        std::optional<Duration>& record_ttl);

/// The addresses of one client access point: at most one a subnet when there are several (W 6.2).
std::vector<std::string> read_addresses(const Value& value, DesignReading& reading);

/// The keys of "ssisdb" that make an availability group: its listener, replicas and timeouts.
void read_availability_group(const Object& ssisdb, DesignReading& reading);
/// Tells the keys that only an availability group has, and those of an instance that an availability group has not.
void refuse_group_keys(const Object& ssisdb);
void refuse_instance_keys(const Object& fci);

/// 0 or 1, or false or true.
std::optional<bool> read_flag(const Value& value);

}  // namespace rehearse::model
