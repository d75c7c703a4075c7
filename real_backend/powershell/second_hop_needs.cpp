#include <type_traits>
#include <variant>

#include "real_backend/powershell/second_hop.hpp"

namespace rehearse::real {
namespace {

namespace cluster = steps::cluster;
namespace host = steps::host;
using Reason = std::optional<std::string_view>;

template <class Request, class... Others>
constexpr bool is_one_of = (std::is_same_v<Request, Others> || ...);

template <class Request>
Reason reason_of(const Request& request) {
  if constexpr (std::is_same_v<Request, cluster::Validate>) {
    return "Test-Cluster logs on to the other nodes (W 8, real-parts 2)";
  } else if constexpr (std::is_same_v<Request, cluster::Create>) {
    return "New-Cluster joins the other nodes and makes a computer object in Active Directory (W 8, real-parts 2)";
  } else if constexpr (std::is_same_v<Request, cluster::AddNode>) {
    return "Add-ClusterNode logs on to the new node (W 8)";
  } else if constexpr (std::is_same_v<Request, cluster::ClearQuarantine>) {
    return "Start-ClusterNode wants delegated credentials (W 8)";
  } else if constexpr (std::is_same_v<Request, cluster::SetQuorum>) {
    if (request.kind == model::Witness::Kind::file_share) {
      return "Set-ClusterQuorum reaches the file share and gives the cluster its rights there (real-parts 2)";
    }
    return std::nullopt;
  } else if constexpr (is_one_of<Request, host::InstallFci, host::AddFciNode, host::InstallMaster,
                                 host::InstallWorker>) {
    return "setup reads its media from a share, looks up accounts and asks the other nodes (real-parts 2)";
  } else if constexpr (std::is_same_v<Request, host::InstallPatches>) {
    return "Windows Update installs nothing for a network logon (documentation of the update agent)";
  } else {
    return std::nullopt;
  }
}

}  // namespace

std::optional<std::string_view> needs_second_hop(const steps::AnyRequest& request) {
  return std::visit(
      [](const auto& of_port) { return std::visit([](const auto& one) { return reason_of(one); }, of_port); }, request);
}

}  // namespace rehearse::real
