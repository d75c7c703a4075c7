#include "real_backend/inspect/survey.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/artefacts/settings_file.hpp"
#include "model/defaults.hpp"

namespace rehearse::real {
namespace {

using model::same_name;

struct Build {
  std::int64_t number;
  model::WindowsVersion version;
};
constexpr Build builds[] = {{9600, model::WindowsVersion::v2012r2},
                            {14393, model::WindowsVersion::v2016},
                            {17763, model::WindowsVersion::v2019},
                            {20348, model::WindowsVersion::v2022}};

void find_windows(Survey& survey) {
  const auto version_of = [&](const ExportedNode& node) -> std::optional<model::WindowsVersion> {
    for (const Build& build : builds) {
      if (build.number == node.build) return build.version;
    }
    survey.remarks.not_understood(node.spot,
                                  fmt::format("{} has Windows of the build {}, which is no Windows Server from 2012 R2 "
                                              "to 2022",
                                              node.name, node.build));
    return std::nullopt;
  };
  for (const ExportedNode& node : survey.cluster.nodes) {
    const auto version = version_of(node);
    if (!version) continue;
    if (survey.windows && *survey.windows != *version) {
      survey.remarks.not_understood(node.spot,
                                    "the nodes have different versions of Windows; the design states the oldest",
                                    "inspect again after the upgrade");
    }
    survey.windows = survey.windows ? std::min(*survey.windows, *version) : *version;
  }
  if (!survey.windows) {
    survey.remarks.missing("the version of Windows on the nodes", "a design has to state it: there is none");
    survey.remarks.block();
  }
}

bool begins(std::string_view text, std::string_view beginning) {
  return same_name(text.substr(0, beginning.size()), beginning);
}

/// The one Generic Service that runs a Scale Out Master.
void find_master(Survey& survey) {
  constexpr std::string_view master = "SSISScaleOutMaster";
  for (const ExportedResource& resource : survey.cluster.resources) {
    const auto service = resource.parameters.text("ServiceName");
    if (!same_name(resource.type, resource_type::service) || !service || !begins(*service, master)) continue;
    if (survey.master != nullptr) {
      survey.remarks.not_understood(resource.spot,
                                    fmt::format("'{}' is a second resource with a Scale Out Master, beside '{}'",
                                                resource.name, survey.master->name),
                                    "remove the one that is not used");
      survey.remarks.block();
      continue;
    }
    survey.master = &resource;
    survey.master_role = survey.group(resource.group);
    survey.master_service = *service;
  }
  if (survey.master == nullptr) {
    survey.remarks.missing("a Scale Out Master in the cluster: no Generic Service resource runs SSISScaleOutMaster...",
                           "a design has to state one: there is none");
    survey.remarks.block();
    return;
  }
  const std::string number = survey.master_service.substr(master.size());
  if (number == "140") survey.sql_version = model::SqlVersion::v2017;
  if (number == "150") survey.sql_version = model::SqlVersion::v2019;
  if (number == "160") survey.sql_version = model::SqlVersion::v2022;
  if (survey.sql_version) return;
  survey.remarks.not_understood(
      survey.master->spot, fmt::format("the service {} is of no SQL Server from 2017 to 2022", survey.master_service));
  survey.remarks.block();
}

/// Names by which clients reach what the resource is: of an instance its virtual server, of a group its listener.
std::vector<std::string> names_of(const Survey& survey, const ExportedResource& resource) {
  std::vector<std::string> names;
  if (const auto name = resource.parameters.text("VirtualServerName")) names.push_back(*name);
  const ExportedGroup* const group = survey.group(resource.group);
  if (!same_name(resource.type, resource_type::group) || group == nullptr) return names;
  for (const ExportedResource* other : survey.resources_of(*group, resource_type::name)) {
    for (const char* key : {"DnsName", "Name"}) {
      if (const auto name = other->parameters.text(key)) names.push_back(*name);
    }
  }
  return names;
}

/// "SQLFCI" of "SQLFCI\\INST1", "LSN,1533" and "sqlfci.corp.example".
std::string_view host_part(std::string_view server) {
  return server.substr(0, server.find_first_of("\\,."));
}

/// What the masters' own settings say where SSISDB is.
std::vector<std::string> servers_of_masters(const Survey& survey) {
  std::vector<std::string> servers;
  for (const ExportedMachine& machine : survey.exported.machines) {
    for (const ExportedSettings& file : machine.master_settings) {
      if (!file.bytes || !same_name(file.service, survey.master_service)) continue;
      const auto read = model::read_master_settings(*file.bytes, file.service);
      if (read.settings && !read.settings->sql_server_name.empty()) servers.push_back(read.settings->sql_server_name);
    }
  }
  return servers;
}

void find_instance(Survey& survey) {
  std::vector<const ExportedResource*> candidates;
  for (const ExportedResource& resource : survey.cluster.resources) {
    if (same_name(resource.type, resource_type::sql) || same_name(resource.type, resource_type::group)) {
      candidates.push_back(&resource);
    }
  }
  std::vector<std::string> servers;
  if (survey.exported.ssisdb) {
    const ExportedSsisdb& ssisdb = *survey.exported.ssisdb;
    servers.push_back(ssisdb.group ? ssisdb.group->listener : ssisdb.server);
    for (const ExportedResource* candidate : candidates) {
      if (ssisdb.group && same_name(candidate->type, resource_type::group) &&
          same_name(candidate->name, ssisdb.group->name)) {
        survey.instance = candidate;
      }
    }
  }
  for (std::string& server : servers_of_masters(survey)) servers.push_back(std::move(server));
  for (const std::string& server : servers) {
    for (const ExportedResource* candidate : candidates) {
      for (const std::string& name : names_of(survey, *candidate)) {
        if (survey.instance == nullptr && same_name(host_part(server), name)) survey.instance = candidate;
      }
    }
  }
  if (survey.instance != nullptr) {
    survey.instance_role = survey.group(survey.instance->group);
    return;
  }
  survey.remarks.missing(
      candidates.empty() ? "an instance of SQL Server or an availability group in the cluster"
                         : "which instance or availability group of the cluster holds SSISDB: neither SSISDB itself "
                           "nor a MasterSettings.config of the export says so",
      candidates.empty() ? "a design has to state one: there is none"
                         : "export again with -SqlServer, as an account that may log in there");
  survey.remarks.block();
}

std::optional<model::Edition> edition_of(const std::string& text) {
  if (begins(text, "Enterprise")) return model::Edition::enterprise;  // also Evaluation and Core-based Licensing
  if (begins(text, "Developer")) return model::Edition::developer;
  if (begins(text, "Standard")) return model::Edition::standard;
  return std::nullopt;
}

void find_edition(Survey& survey) {
  std::string text;
  Spot spot = survey.cluster.spot;
  if (survey.exported.ssisdb) {
    text = survey.exported.ssisdb->edition;
    spot = survey.exported.ssisdb->spot;
  } else {
    // Setup writes it into the registry of every node (assumed).
    const auto wanted = survey.instance == nullptr ? std::nullopt : survey.instance->parameters.text("InstanceName");
    for (const ExportedMachine& machine : survey.exported.machines) {
      for (const ExportedInstance& instance : machine.instances) {
        if (!text.empty() || !wanted || !same_name(instance.instance, *wanted)) continue;
        text = instance.edition;
        spot = instance.spot;
      }
    }
  }
  survey.edition = edition_of(text);
  if (survey.edition) return;
  if (text.empty()) {
    survey.remarks.missing(
        "the edition of SQL Server",
        "export again with -SqlServer, as an account that may log in there: a design has to state it");
  } else {
    survey.remarks.not_understood(spot, "the edition of SQL Server is '" + text + "'",
                                  "a design knows Standard, Enterprise and Developer");
  }
  survey.remarks.block();
}

/// Up the tree of fault domains, from nodes to sites (W 4.3: site awareness).
void find_sites(Survey& survey) {
  if (!survey.cluster.fault_domains) return;
  const std::vector<ExportedFaultDomain>& domains = *survey.cluster.fault_domains;
  const auto find = [&](std::string_view name) {
    return std::find_if(domains.begin(), domains.end(), [&](const auto& one) { return same_name(one.name, name); });
  };
  std::vector<std::string> without;
  for (const std::string& node : survey.nodes) {
    auto at = find(node);
    // As many steps as there are domains: a circle ends, too.
    for (std::size_t steps = 0; at != domains.end() && at->type.text != "Site" && steps < domains.size(); ++steps) {
      at = find(at->parent);
    }
    if (at != domains.end() && at->type.text == "Site") {
      survey.sites[node] = at->name;
    } else {
      without.push_back(node);
    }
  }
  if (survey.sites.empty() || without.empty()) return;
  survey.remarks.not_understood(
      survey.cluster.spot, fmt::format("some nodes are at a site and others are not: {}", fmt::join(without, ", ")),
      "give every node a site: the design states none");
  survey.sites.clear();
}

}  // namespace

std::vector<const ExportedResource*> Survey::resources_of(const ExportedGroup& of, std::string_view type) const {
  std::vector<const ExportedResource*> result;
  for (const ExportedResource& resource : cluster.resources) {
    if (!same_name(resource.group, of.name)) continue;
    if (type.empty() || same_name(resource.type, type)) result.push_back(&resource);
  }
  return result;
}

const ExportedGroup* Survey::group(std::string_view name) const {
  const auto found = std::find_if(cluster.groups.begin(), cluster.groups.end(),
                                  [&](const ExportedGroup& one) { return same_name(one.name, name); });
  return found == cluster.groups.end() ? nullptr : &*found;
}

const std::string* Survey::node(std::string_view name) const {
  const auto found =
      std::find_if(nodes.begin(), nodes.end(), [&](const std::string& one) { return same_name(one, name); });
  return found == nodes.end() ? nullptr : &*found;
}

bool Survey::has_site(std::string_view site) const {
  return std::any_of(sites.begin(), sites.end(), [&](const auto& one) { return one.second == site; });
}

std::string Survey::master_name() const {
  model::Design design;
  design.sql = sql_version.value_or(design.sql);
  return design.master_resource();
}

void look_over(Survey& survey) {
  std::vector<const ExportedNode*> nodes;
  for (const ExportedNode& node : survey.cluster.nodes) nodes.push_back(&node);
  std::stable_sort(nodes.begin(), nodes.end(), [](const auto* a, const auto* b) { return a->id < b->id; });
  for (const ExportedNode* node : nodes) survey.nodes.push_back(node->name);
  find_windows(survey);
  find_master(survey);
  find_instance(survey);
  find_edition(survey);
  find_sites(survey);
  survey.defaults = model::defaults_for(survey.windows.value_or(model::WindowsVersion::v2019),
                                        survey.sql_version.value_or(model::SqlVersion::v2019),
                                        survey.edition.value_or(model::Edition::enterprise));
}

}  // namespace rehearse::real
