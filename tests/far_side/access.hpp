// Who may do what on a machine: access rules of files, network logons that cannot reach further, the firewall.
#pragma once

#include <optional>
#include <string>

#include "tests/far_side/world.hpp"

namespace far_side {

/// The rules that hold for a file: its own, and those of the folders above unless it takes none.
std::vector<AccessRule> rules_of(const Named<FileEntry>& files, const std::string& path);
/// Whether the account may read the file. SYSTEM and administrators' rules count for LocalSystem.
bool may_read(const Machine& machine, const std::string& path, const std::string& account);

/// Whether the firewall lets connections to a TCP port in: an enabled allowing rule, and no blocking one.
bool lets_in(const Machine& machine, const std::string& port);

/// What http.sys shows at a port, as the registry keeps it (S 3).
struct SslBinding {
  std::string thumbprint, store;
};
std::optional<SslBinding> binding_of(const Machine& machine, const std::string& ip_port);
/// The registry key of a binding of http.sys.
std::string binding_key(const std::string& ip_port);

/// "C:\folder\file" without a trailing backslash, forward slashes turned; the parent folder, empty for a drive.
std::string normal_path(const std::string& path);
std::string parent_of(const std::string& path);
std::string leaf_of(const std::string& path);

}  // namespace far_side
