// The inside of an inspection: who is who in an exported cluster. Found first, so that every part of the design can
// ask: which role holds SSISDB, which holds the master, what a design calls their resources, and which subnets there
// are.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/design.hpp"
#include "model/endpoint.hpp"
#include "model/parameters.hpp"
#include "real_backend/inspect/export.hpp"
#include "real_backend/inspect/remarks.hpp"

namespace rehearse::real {

// The types of resources that mean something here, by Windows' own names.
namespace resource_type {
inline constexpr std::string_view address = "IP Address";
inline constexpr std::string_view name = "Network Name";
inline constexpr std::string_view disk = "Physical Disk";
inline constexpr std::string_view service = "Generic Service";
inline constexpr std::string_view sql = "SQL Server";
inline constexpr std::string_view agent = "SQL Server Agent";
inline constexpr std::string_view group = "SQL Server Availability Group";
}  // namespace resource_type

/// The subnets that the design states, and who has which address in them.
class Addresses {
 public:
  void add(const model::Subnet& subnet, bool for_clients, std::string network);
  /// Takes the address for somebody; tells why it cannot be stated and returns false otherwise.
  bool take(const std::string& address, const Spot& spot, Remarks& remarks);
  /// The same for the addresses of one name, of which a design has one a subnet.
  std::vector<std::string> take_all(const std::vector<const ExportedResource*>& resources, Remarks& remarks);

 private:
  struct Known {
    model::Subnet subnet;
    bool for_clients;
    std::string network;
  };
  const Known* subnet_of(std::uint32_t address) const;

  std::vector<Known> known_;
  model::NameSet taken_;
};

struct Survey {
  Survey(const Export& everything, const ExportedCluster& of_cluster) : exported(everything), cluster(of_cluster) {}

  const Export& exported;
  const ExportedCluster& cluster;
  Remarks remarks;
  Addresses addresses;

  std::optional<model::WindowsVersion> windows;
  std::optional<model::SqlVersion> sql_version;
  std::optional<model::Edition> edition;
  model::Parameters defaults;                // of these versions
  std::vector<std::string> nodes;            // by id, as designs count them
  std::map<std::string, std::string> sites;  // node to site; only where every node has one
  std::vector<std::string> workers;          // that the design states

  const ExportedResource* instance = nullptr;  // SQL Server, or the availability group, that holds SSISDB
  const ExportedGroup* instance_role = nullptr;
  const ExportedResource* master = nullptr;  // the Generic Service of the Scale Out Master
  const ExportedGroup* master_role = nullptr;
  std::string master_service;  // "SSISScaleOutMaster150"

  /// What a design calls the resources that Setup and the steps make, by what Windows calls them here.
  std::map<std::string, std::string, model::NameLess> design_names;

  bool has_availability_group() const { return instance != nullptr && instance->type == resource_type::group; }
  bool is_joint() const { return master_role != nullptr && master_role == instance_role; }
  std::vector<const ExportedResource*> resources_of(const ExportedGroup& group, std::string_view type = {}) const;
  const ExportedGroup* group(std::string_view name) const;
  /// The node's name as the cluster spells it; nullptr: no node.
  const std::string* node(std::string_view name) const;
  bool has_site(std::string_view site) const;
  /// What a design calls the master's resource: Windows names it by the service's display name.
  std::string master_name() const;
};

/// Finds the above. Versions that cannot be told, a missing instance and a missing master block the design.
void look_over(Survey& survey);

}  // namespace rehearse::real
