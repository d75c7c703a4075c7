#include "model/design_reader.hpp"

#include <date/tz.h>
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

#include "model/defaults.hpp"
#include "model/design_reading.hpp"
#include "model/design_shapes.hpp"
#include "model/local_time.hpp"
#include "model/rules/stated.hpp"
#include "model/whole_file.hpp"

namespace rehearse::model {
namespace {

std::optional<std::string> read_time_zone(const Value& value) {
  const std::optional<std::string> name = value.text();
  if (!name) return std::nullopt;
  if (zone_exists(*name)) return name;
  std::vector<std::string> zones;
  for (const date::time_zone& zone : date::get_tzdb().zones) zones.push_back(zone.name());
  const std::string guess = did_you_mean(*name, zones);
  value.error(
      "there is no time zone '" + *name + "'",
      guess.empty() ? "write an IANA name, for example \"Europe/Paris\" or \"UTC\"" : "did you mean '" + guess + "'?");
  return std::nullopt;
}

void read_versions(const Object& root, Design& design) {
  root.read("windows", design.windows, windows_versions());
  root.read("sql", design.sql, sql_versions());
  root.read("edition", design.edition, editions());
}

/// Heartbeats between sites are those between subnets where Windows knows no sites (W 1.1).
void forget_sites(DesignReading& reading) {
  Parameters& parameters = reading.design.parameters;
  for (const auto& [subnets, sites] : {std::pair(Setting::cross_subnet_delay, Setting::cross_site_delay),
                                       std::pair(Setting::cross_subnet_threshold, Setting::cross_site_threshold)}) {
    if (parameters[sites] == parameters[subnets] || reading.stated.contains(std::string(name_of(sites)))) continue;
    parameters.set(sites, parameters[subnets], Origin::given, "design: as across subnets; 2012 R2 knows no sites");
  }
}

void read_root(const Object& root, DesignReading& reading) {
  Design& design = reading.design;
  if (const auto schema = root.find("$schema")) schema->text();
  root.read("name", design.name, &Value::text);
  if (const auto zone = root.find("time_zone")) {
    if (auto name = read_time_zone(*zone)) design.time_zone = std::move(*name);
  }
  read_versions(root, design);
  design.parameters = defaults_for(design.windows, design.sql, design.edition);

  if (const auto cluster = root.find("cluster")) read_cluster(*cluster, reading);
  if (const auto fci = root.find("fci")) read_fci(*fci, reading);
  if (const auto certificates = root.find("certificates")) read_certificates(*certificates, reading);
  if (const auto scale_out = root.find("scale_out")) read_scale_out(*scale_out, reading);
  read_installed(reading);
  if (const auto workload = root.find("workload")) read_workload(*workload, reading);
  if (const auto parameters = root.find("parameters")) read_parameters(*parameters, reading);
  if (design.windows == WindowsVersion::v2012r2) forget_sites(reading);
  read_roles(reading);
}

bool earlier(const Diagnostic& a, const Diagnostic& b) {
  return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
}

}  // namespace

std::optional<std::string> DesignReading::open_artefact(const Value& value, std::string& shown,
                                                        std::size_t largest) const {
  const std::optional<std::string> path = value.text();
  if (!path) return std::nullopt;
  shown = (std::filesystem::path(display_folder) / *path).string();
  std::string problem;
  auto bytes = read_whole_file((std::filesystem::path(base_folder) / *path).string(), largest, problem);
  if (!bytes) {
    value.error("cannot read '" + *path + "': " + problem, "write a path relative to the folder of this design");
  }
  return bytes;
}

std::optional<std::string> DesignReading::read_cluster_address(const Value& value) {
  const std::optional<std::string> text = value.text();
  if (!text) return std::nullopt;
  const std::optional<std::uint32_t> address = parse_ipv4(*text);
  if (!address) {
    value.error("'" + *text + "' is no IPv4 address", "write four numbers from 0 to 255, for example \"10.0.0.50\"");
    return std::nullopt;
  }
  if (networks_known &&
      std::none_of(subnets.begin(), subnets.end(), [&](const Subnet& subnet) { return subnet.has_host(*address); })) {
    std::vector<std::string> written;
    for (const Network& network : design.cluster.networks) written.push_back(network.subnet);
    value.error("the address " + *text + " is no host address of any cluster network",
                "take an address in " + listed(written) + ", or add its network under /cluster/networks");
    return std::nullopt;
  }
  const Subnet* subnet = subnet_of(*text);
  const std::size_t index = subnet == nullptr ? subnets.size() : static_cast<std::size_t>(subnet - subnets.data());
  if (index < subnets.size() && design.cluster.networks[index].role == NetworkRole::cluster) {
    value.error("the address " + *text + " is on '" + design.cluster.networks[index].name +
                    "', a network that clients may not use",
                "take an address of another network, or give that one the role \"both\"");
    return std::nullopt;
  }
  const auto [taken, is_new] = addresses_taken.emplace(*text, value.pointer());
  if (!is_new) {
    value.error("the address " + *text + " is already taken at " + taken->second, "every address is used once");
    return std::nullopt;
  }
  return text;
}

const Subnet* DesignReading::subnet_of(const std::string& address) const {
  const std::optional<std::uint32_t> number = parse_ipv4(address);
  const auto found = std::find_if(subnets.begin(), subnets.end(),
                                  [&](const Subnet& subnet) { return number && subnet.contains(*number); });
  return found == subnets.end() ? nullptr : &*found;
}

std::optional<std::string> read_site(const Value& value, const DesignReading& reading) {
  std::optional<std::string> site = value.text();
  if (!site || !reading.nodes_known) return site;
  const std::vector<std::string> sites = reading.design.sites();
  if (std::find(sites.begin(), sites.end(), *site) == sites.end()) {
    unknown_reference(value, *site, "node at the site", sites);
  }
  return site;
}

std::optional<std::string> read_preferred_site(const Value& value, const DesignReading& reading) {
  if (reading.design.windows == WindowsVersion::v2012r2) {
    value.error("Windows 2012R2 knows no preferred site", "it came with 2016: remove the key");
    return std::nullopt;
  }
  return read_site(value, reading);
}

std::optional<std::string> read_computer_name(const Value& value) {
  std::optional<std::string> name = value.text();
  if (!name) return std::nullopt;
  const std::string problem = problem_of_computer_name(*name);
  if (problem.empty()) return name;
  value.error("'" + *name + "' cannot be a computer's name: " + problem, "use 1 to 15 letters, digits and hyphens");
  return std::nullopt;
}

bool claim_name(const Value& value, const std::string& name, std::string_view kind, NameSet& taken) {
  if (taken.insert(name).second) return true;
  value.error(fmt::format("there is already {} '{}'", kind, name),
              "each may be there once; upper and lower case make no difference");
  return false;
}

void unknown_reference(const Value& value, const std::string& name, std::string_view kind,
                       const std::vector<std::string>& known) {
  const std::string guess = did_you_mean(name, known);
  std::string remedy = known.empty() ? "there are none in this design" : "known are: " + listed(known);
  if (!guess.empty()) remedy = "did you mean '" + guess + "'?";
  value.error(fmt::format("there is no {} '{}'", kind, name), remedy);
}

DesignResult read_design(std::string_view text, std::string file_name, std::string base_folder) {
  DesignReading reading;
  reading.design.file = file_name;
  reading.base_folder = std::move(base_folder);
  reading.display_folder = std::filesystem::path(file_name).parent_path().string();

  const std::optional<JsonDocument> document = parse_json(text, file_name, reading.of_design);
  if (document) {
    const Value root(*document, document->root, "", reading.of_design);
    if (const std::optional<Object> object = root.object(design_shape(""))) read_root(*object, reading);
    rules::read_stated(*document, reading.of_design);  // wrong values are told; only rules want to know the right ones
  }

  DesignResult result;
  result.diagnostics = std::move(reading.of_design);
  std::stable_sort(result.diagnostics.begin(), result.diagnostics.end(), &earlier);
  result.diagnostics.insert(result.diagnostics.end(), reading.of_artefacts.begin(), reading.of_artefacts.end());
  if (!has_errors(result.diagnostics)) result.design = std::move(reading.design);
  return result;
}

DesignResult read_design_file(const std::string& path) {
  std::string problem;
  const std::optional<std::string> text = read_whole_file(path, json_size_limit, problem);
  if (!text) {
    return {std::nullopt, {{Severity::error, path, {}, "the design cannot be read: " + problem, "name a design file"}}};
  }
  return read_design(*text, path, std::filesystem::path(path).parent_path().string());
}

}  // namespace rehearse::model
