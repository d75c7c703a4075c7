#include "tests/real_backend/exported_deployment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>
#include <set>

#include "model/artefacts/x509.hpp"
#include "model/defaults.hpp"
#include "model/endpoint.hpp"
#include "real_backend/base64.hpp"
#include "tests/real_backend/test_certificates.hpp"

namespace rehearse::real::testing {
namespace {

using Json = nlohmann::ordered_json;
using model::Design;
using model::Setting;
using std::chrono::milliseconds;

constexpr std::int64_t no_number = std::numeric_limits<std::uint32_t>::max();

Json enumerated(std::int64_t number, const std::string& text) {
  return {{"number", number}, {"text", text}};
}

std::int64_t in_milliseconds(Duration length) {
  return length == Duration::max() ? no_number : std::chrono::duration_cast<milliseconds>(length).count();
}

bool is_on(const model::Node& node, const model::Network& network) {
  if (node.networks.empty()) return network.site.empty() || network.site == node.site;
  return std::find(node.networks.begin(), node.networks.end(), network.name) != node.networks.end();
}

std::string dotted(std::uint32_t address) {
  return fmt::format("{}.{}.{}.{}", address >> 24, (address >> 16) & 255, (address >> 8) & 255, address & 255);
}

model::Subnet subnet_of(const model::Network& network) {
  std::string problem;
  return model::parse_subnet(network.subnet, problem).value();
}

/// `.NET` TimeSpan.
std::string timespan(Duration length) {
  using namespace std::chrono;
  const auto days_part = floor<days>(length);
  const hh_mm_ss<Duration> rest(length - days_part);
  std::string text = days_part.count() > 0 ? fmt::format("{}.", days_part.count()) : "";
  text += fmt::format("{:02}:{:02}:{:02}", rest.hours().count(), rest.minutes().count(), rest.seconds().count());
  const auto ticks = rest.subseconds().count() / 100;
  return ticks == 0 ? text : text + fmt::format(".{:07}", ticks);
}

class Exporter {
 public:
  Exporter(const Design& design, const CertificateBytes& certificates) : design_(design), certificates_(certificates) {
    for (const auto& [key, der] : certificates) thumbprints_[key] = model::read_x509(der).facts.value().thumbprint;
  }

  Json whole() {
    Json file = {{"rehearse_export", 1}, {"written", "2027-03-01T00:00:00Z"}, {"by", design_.cluster.nodes[0].name}};
    file["cluster"] = cluster();
    file["machines"] = machines();
    file["ssisdb"] = ssisdb();
    file["gaps"] = Json::array();
    return file;
  }

 private:
  // ------------------------------------------------------------------------------------------------ cluster
  Json properties() const {
    Json said = {{"ClusterLogSize", 3000}, {"Description", ""}, {"DumpPolicy", 1376850201}, {"FixQuorum", 0}};
    for (const model::ClusterProperty& property : model::cluster_properties()) {
      const auto stated = design_.cluster.properties.find(std::string(property.name));
      if (stated != design_.cluster.properties.end()) said[std::string(property.name)] = stated->second;
    }
    if (!design_.cluster.preferred_site.empty()) said["PreferredSite"] = design_.cluster.preferred_site;
    return said;
  }

  Json resource(const std::string& name, const std::string& type, const std::string& group,
                const std::string& dependency, const Json& parameters, const model::ResourceSettings& own = {},
                int usual_action = 2) const {
    const model::Parameters& ledger = design_.parameters;
    const auto length = [&](const std::optional<Duration>& stated, Setting setting) {
      return in_milliseconds(stated.value_or(ledger.length(setting)));
    };
    Json list = Json::array();
    for (const auto& [key, value] : parameters.items()) {
      list.push_back({{"name", key}, {"type", value.is_string() ? "String" : "UInt32"}, {"value", value}});
    }
    list.push_back({{"name", "ResourceData"}, {"type", "ByteArray"}, {"withheld", true}, {"empty", false}});
    Json owners = Json::array();
    for (const std::string& node : owners_of(group)) owners.push_back(node);
    return {
        {"name", name},
        {"type", type},
        {"group", group},
        {"core", group == "Cluster Group"},
        {"state", enumerated(2, "Online")},
        {"possible_owners", owners},
        {"dependency", dependency},
        {"properties",
         {{"RestartAction", own.restart_action.value_or(usual_action)},
          {"RestartThreshold", own.restart_threshold.value_or(static_cast<int>(ledger[Setting::restart_threshold]))},
          {"RestartPeriod", length(own.restart_period, Setting::restart_period)},
          {"RestartDelay", length(own.restart_delay, Setting::restart_delay)},
          {"RetryPeriodOnFailure", length(own.retry_period_on_failure, Setting::retry_period_on_failure)},
          {"PendingTimeout", length(own.pending_timeout, Setting::pending_timeout)},
          {"DeadlockTimeout", length(own.deadlock_timeout, Setting::deadlock_timeout)},
          {"LooksAlivePollInterval", own.looks_alive_interval ? in_milliseconds(*own.looks_alive_interval) : no_number},
          {"IsAlivePollInterval", own.is_alive_interval ? in_milliseconds(*own.is_alive_interval) : no_number},
          {"SeparateMonitor", own.separate_monitor},
          {"PersistentState", 1},
          {"EmbeddedFailureAction", 2},
          {"MonitorProcessId", 4711}}},
        {"parameters", list}};
  }

  std::vector<std::string> owners_of(const std::string& group) const {
    const model::RoleSettings* settings = nullptr;
    if (group == design_.fci.role_name()) settings = &design_.fci.role;
    if (design_.scale_out.role && group == design_.scale_out.role->name) settings = &design_.scale_out.role->settings;
    for (const model::Role& role : design_.cluster.roles) {
      if (role.name == group) settings = &role.settings;
    }
    if (settings != nullptr && !settings->possible_owners.empty()) return settings->possible_owners;
    std::vector<std::string> all;
    for (const model::Node& node : design_.cluster.nodes) all.push_back(node.name);
    return all;
  }

  Json group(const std::string& name, bool core, const model::RoleSettings& settings) const {
    Json said = {
        {"Priority", settings.priority},
        {"AutoFailbackType", settings.failback ? 1 : 0},
        {"FailbackWindowStart", settings.failback_from < 0 ? no_number : settings.failback_from},
        {"FailbackWindowEnd", settings.failback_until < 0 ? no_number : settings.failback_until},
        {"FailoverThreshold", settings.failover_threshold == 0 ? no_number : settings.failover_threshold},
        {"FailoverPeriod", std::chrono::duration_cast<std::chrono::hours>(
                               settings.failover_period.value_or(design_.parameters.length(Setting::failover_period)))
                               .count()},
        {"AntiAffinityClassNames", settings.anti_affinity},
        {"PersistentState", 1},
        {"DefaultOwner", 1},
        {"GroupType", 9999}};
    if (!settings.preferred_site.empty()) said["PreferredSite"] = settings.preferred_site;
    return {{"name", name},
            {"core", core},
            {"owner", design_.cluster.nodes[0].name},
            {"state", enumerated(0, "Online")},
            {"type", enumerated(9999, "Unknown")},
            {"preferred_owners", settings.preferred_owners},
            {"properties", said}};
  }

  static model::ResourceSettings own(const model::RoleSettings& role, const std::string& name) {
    const auto found = role.resources.find(name);
    return found == role.resources.end() ? model::ResourceSettings() : found->second;
  }

  /// Addresses and the name; returns the name's resource.
  void add_access_point(Json& resources, const std::string& group, const std::string& host, const std::string& name,
                        const std::vector<std::string>& addresses, const std::vector<std::string>& names,
                        bool register_all, std::optional<Duration> ttl, const model::RoleSettings& settings) const {
    std::string either;
    for (std::size_t i = 0; i < names.size(); ++i) {
      resources.push_back(resource(names[i], "IP Address", group, "", {{"Address", addresses[i]}, {"EnableDhcp", 0}},
                                   own(settings, names[i])));
      either += fmt::format("{}[{}]", i == 0 ? "" : " or ", names[i]);
    }
    const auto seconds =
        std::chrono::duration_cast<std::chrono::seconds>(ttl.value_or(design_.parameters.length(Setting::record_ttl)));
    resources.push_back(resource(name, "Network Name", group, "(" + either + ")",
                                 {{"Name", host},
                                  {"DnsName", host},
                                  {"HostRecordTTL", seconds.count()},
                                  {"RegisterAllProvidersIP", register_all ? 1 : 0}},
                                 own(settings, name)));
  }

  void add_master(Json& resources, const std::string& group, const model::RoleSettings& settings,
                  const std::vector<std::string>& needs) const {
    std::string all;
    for (const std::string& one : needs) all += fmt::format("{}[{}]", all.empty() ? "" : " and ", one);
    model::ResourceSettings said = own(settings, design_.master_resource());
    said.restart_action = design_.scale_out.master.restart_action;
    resources.push_back(resource(design_.master_resource(), "Generic Service", group, all,
                                 {{"ServiceName", design_.master_service()}, {"UseNetworkName", 0}}, said));
  }

  void add_instance(Json& resources) const {
    const model::FailoverClusterInstance& fci = design_.fci;
    const std::string role = fci.role_name();
    const bool in_group = fci.availability_group.has_value();
    add_access_point(resources, role, fci.network_name, fci.name_resource(), fci.addresses, fci.address_resources(),
                     fci.register_all_ips.value_or(fci.addresses.size() > 1), fci.record_ttl, fci.role);
    std::string needs = "[" + fci.name_resource() + "]";
    for (const std::string& disk : fci.disks) {
      resources.push_back(resource(disk, "Physical Disk", role, "", {{"DiskRunChkDsk", 0}}, own(fci.role, disk)));
      needs += " and [" + disk + "]";
    }
    Json parameters = {
        {"HealthCheckTimeout", in_milliseconds(design_.parameters.length(Setting::health_check_timeout))},
        {"FailureConditionLevel", design_.parameters[Setting::failure_condition_level]}};
    if (in_group) {
      parameters["LeaseTimeout"] = in_milliseconds(design_.parameters.length(Setting::lease_timeout));
    } else {
      parameters["VirtualServerName"] = fci.network_name;
      parameters["InstanceName"] = fci.instance;
      parameters["SqlDumperDumpFlags"] = 0;
    }
    resources.push_back(resource(fci.sql_resource(), in_group ? "SQL Server Availability Group" : "SQL Server", role,
                                 needs, parameters, own(fci.role, fci.sql_resource())));
    if (!in_group) {
      resources.push_back(resource(fci.agent_resource(), "SQL Server Agent", role, "[" + fci.sql_resource() + "]",
                                   Json::object(), own(fci.role, fci.agent_resource()), 1));
      resources.push_back(resource("SQL Server CEIP (" + fci.instance + ")", "Generic Service", role,
                                   "[" + fci.sql_resource() + "]", {{"ServiceName", "SQLTELEMETRY$" + fci.instance}}));
    }
    if (design_.scale_out.placement == model::Placement::joint) {
      add_master(resources, role, fci.role, design_.master_dependencies());
    }
  }

  void add_other_role(Json& resources, const model::Role& role) const {
    static const std::map<model::ResourceType, std::string> types = {
        {model::ResourceType::disk, "Physical Disk"},
        {model::ResourceType::address, "IP Address"},
        {model::ResourceType::name, "Network Name"},
        {model::ResourceType::generic_service, "Generic Service"}};
    for (const model::RoleResource& one : role.resources) {
      std::string needs;
      for (const auto& clause : one.depends_on) {
        std::string any;
        for (const std::string& name : clause) any += fmt::format("{}[{}]", any.empty() ? "" : " or ", name);
        needs += fmt::format("{}({})", needs.empty() ? "" : " and ", any);
      }
      Json parameters = Json::object();
      if (one.type == model::ResourceType::address) parameters["Address"] = one.address;
      if (one.type == model::ResourceType::name) parameters["Name"] = one.name;
      if (one.type == model::ResourceType::generic_service) parameters["ServiceName"] = "svc";
      resources.push_back(resource(one.name, types.at(one.type), role.name, needs, parameters, one.settings));
    }
  }

  Json witness(Json& resources) const {
    const model::Witness& wanted = design_.cluster.witness;
    const std::string core = "Cluster Group";
    switch (wanted.kind) {
      case model::Witness::Kind::none: return {{"type", enumerated(1, "Majority")}, {"resource", nullptr}};
      case model::Witness::Kind::disk:
        resources.push_back(resource(wanted.path, "Physical Disk", core, "", Json::object()));
        return {{"type", enumerated(1, "Majority")}, {"resource", wanted.path}};
      case model::Witness::Kind::cloud:
        resources.push_back(resource("Cloud Witness", "Cloud Witness", core, "", {{"AccountName", wanted.path}}));
        return {{"type", enumerated(1, "Majority")}, {"resource", "Cloud Witness"}};
      case model::Witness::Kind::file_share: break;
    }
    const auto delay =
        std::chrono::duration_cast<std::chrono::seconds>(design_.parameters.length(Setting::witness_arbitration_delay));
    resources.push_back(resource("File Share Witness", "File Share Witness", core, "",
                                 {{"SharePath", wanted.path}, {"ArbitrationDelay", delay.count()}}));
    return {{"type", enumerated(1, "Majority")}, {"resource", "File Share Witness"}};
  }

  Json cluster() const {
    static const std::map<model::WindowsVersion, int> builds = {{model::WindowsVersion::v2012r2, 9600},
                                                                {model::WindowsVersion::v2016, 14393},
                                                                {model::WindowsVersion::v2019, 17763},
                                                                {model::WindowsVersion::v2022, 20348}};
    const model::Cluster& cluster = design_.cluster;
    Json said = {{"name", cluster.name}, {"domain", "corp.example"}, {"properties", properties()}};
    std::int64_t id = 0;
    for (const model::Node& node : cluster.nodes) {
      said["nodes"].push_back({{"name", node.name},
                               {"id", ++id},
                               {"weight", node.weight},
                               {"build", builds.at(design_.windows)},
                               {"state", enumerated(0, "Up")}});
    }
    said["interfaces"] = Json::array();
    for (const model::Network& network : cluster.networks) {
      const model::Subnet subnet = subnet_of(network);
      const int role = network.role == model::NetworkRole::both      ? 3
                       : network.role == model::NetworkRole::cluster ? 1
                                                                     : 2;
      said["networks"].push_back({{"name", network.name},
                                  {"address", dotted(subnet.network)},
                                  {"mask", dotted(subnet.mask())},
                                  {"role", enumerated(role, "")},
                                  {"state", enumerated(3, "Up")}});
      for (const model::Node& node : cluster.nodes) {
        if (!is_on(node, network)) continue;
        said["interfaces"].push_back({{"name", node.name + " - " + network.name},
                                      {"node", node.name},
                                      {"network", network.name},
                                      {"address", ""},
                                      {"state", enumerated(3, "Up")}});
      }
    }
    said["fault_domains"] = fault_domains();
    Json resources = Json::array();
    resources.push_back(
        resource("Cluster Name", "Network Name", "Cluster Group", "[Cluster IP Address]", {{"Name", cluster.name}}));
    resources.push_back(resource("Cluster IP Address", "IP Address", "Cluster Group", "", {{"Address", "10.0.0.49"}}));
    said["quorum"] = witness(resources);
    said["groups"] = {group("Cluster Group", true, {}), group("Available Storage", true, {}),
                      group(design_.fci.role_name(), false, design_.fci.role)};
    add_instance(resources);
    if (design_.scale_out.role) {
      const model::MasterRole& role = *design_.scale_out.role;
      said["groups"].push_back(group(role.name, false, role.settings));
      add_access_point(resources, role.name, role.dns_host_name, role.name_resource(), role.addresses,
                       role.address_resources(), role.register_all_ips.value_or(false), role.record_ttl, role.settings);
      const auto needs = design_.scale_out.master.depends_on;
      add_master(resources, role.name, role.settings, needs.empty() ? std::vector{role.name_resource()} : needs);
    }
    for (const model::Role& role : cluster.roles) {
      said["groups"].push_back(group(role.name, false, role.settings));
      add_other_role(resources, role);
    }
    said["resources"] = std::move(resources);
    return said;
  }

  Json fault_domains() const {
    if (design_.windows == model::WindowsVersion::v2012r2) return nullptr;
    Json domains = Json::array();
    for (const model::Node& node : design_.cluster.nodes) {
      domains.push_back({{"name", node.name}, {"type", enumerated(4000, "Node")}, {"parent", node.site}});
    }
    std::set<std::string> sites;
    for (const model::Node& node : design_.cluster.nodes) {
      if (!node.site.empty() && sites.insert(node.site).second) {
        domains.push_back({{"name", node.site}, {"type", enumerated(1000, "Site")}, {"parent", ""}});
      }
    }
    return domains;
  }

  // ------------------------------------------------------------------------------------------------ machines
  static Json settings_of(const std::string& service, const std::string& text) {
    return {{"service", service}, {"path", "C:\\x"}, {"content", to_base64(text)}};
  }

  Json machine(const std::string& name, bool is_physical, const std::string& site) const {
    Json addresses = {"127.0.0.1"};
    for (const model::Network& network : design_.cluster.networks) {
      if (site.empty() || network.site != site) continue;
      addresses.push_back(dotted(subnet_of(network).network + 200));
    }
    Json said = {{"name", name},
                 {"domain", "corp.example"},
                 {"windows", {{"caption", "Microsoft Windows Server"}, {"version", "10.0"}, {"build", 17763}}},
                 {"time_zone", time_zone()},
                 {"hardware",
                  {{"manufacturer", is_physical ? "HPE" : "VMware, Inc."},
                   {"model", is_physical ? "ProLiant DL380 Gen10" : "VMware Virtual Platform"},
                   {"hypervisor_present", !is_physical}}},
                 {"addresses", addresses},
                 {"services", Json::array()},
                 {"settings", Json::array()},
                 {"certificates", Json::array()},
                 {"bindings", Json::array()},
                 {"firewall", Json::array()},
                 {"sql_instances", Json::array()}};
    return said;
  }

  std::string time_zone() const {
    static const std::map<std::string, std::string> zones = {{"UTC", "UTC"},
                                                             {"Europe/Paris", "Romance Standard Time"},
                                                             {"Europe/Berlin", "W. Europe Standard Time"},
                                                             {"America/New_York", "Eastern Standard Time"}};
    const auto found = zones.find(design_.time_zone);
    return found == zones.end() ? "UTC" : found->second;
  }

  static Json service(const std::string& name, const std::string& account, const char* mode) {
    return {{"name", name}, {"display_name", name}, {"start_mode", mode}, {"state", "Running"}, {"account", account}};
  }

  /// Where the article's steps put a certificate (S 3).
  std::vector<std::string> by_article(const model::Certificate& certificate, const std::string& host) const {
    const bool on_node = design_.find_node(host) != nullptr;
    if (certificate.key == design_.scale_out.master.certificate) return {on_node ? "Root+key" : "Root"};
    for (const model::WorkerPool& pool : design_.scale_out.workers) {
      const auto names = pool.worker_names();
      if (pool.certificate != certificate.key) continue;
      if (on_node) return {"Root"};
      if (std::find(names.begin(), names.end(), host) != names.end()) return {"My+key", "Root"};
    }
    return {};
  }

  static bool matches(std::string pattern, const std::string& host) {
    const bool any = pattern.ends_with('*');
    if (any) pattern.pop_back();
    return model::same_name(any ? std::string_view(host).substr(0, pattern.size()) : std::string_view(host), pattern);
  }

  void add_certificates(Json& machine, const std::string& host) const {
    for (const model::Certificate& certificate : design_.certificates) {
      std::vector<std::string> stores;
      if (certificate.installed.empty()) stores = by_article(certificate, host);
      for (const auto& place : certificate.installed) {
        if (matches(place.host, host)) stores.insert(stores.end(), place.stores.begin(), place.stores.end());
      }
      for (const std::string& store : stores) {
        machine["certificates"].push_back({{"store", store.substr(0, store.find('+'))},
                                           {"has_private_key", store.ends_with("+key")},
                                           {"raw", to_base64(certificates_.at(certificate.key))}});
      }
    }
  }

  Json machines() const {
    Json all = Json::array();
    for (const model::Node& node : design_.cluster.nodes) {
      Json said = machine(node.name, node.physical, node.site);
      model::MasterSettings settings = design_.master_settings(node.name);
      if (settings.sql_server_name.empty()) settings.sql_server_name = design_.fci.server_name();
      const std::string& thumbprint = thumbprints_.at(design_.scale_out.master.certificate);
      said["services"].push_back(service(design_.master_service(), design_.scale_out.master.account, "Manual"));
      said["services"].push_back(service("ClusSvc", "LocalSystem", "Auto"));
      said["settings"].push_back(settings_of(design_.master_service(), settings_text(settings, thumbprint)));
      said["bindings"].push_back(
          {{"endpoint", fmt::format("0.0.0.0:{}", settings.port)}, {"thumbprint", thumbprint}, {"store", "Root"}});
      said["firewall"].push_back({{"port", settings.port}, {"open", true}});
      add_certificates(said, node.name);
      all.push_back(std::move(said));
    }
    for (const model::WorkerPool& pool : design_.scale_out.workers) {
      for (const std::string& worker : pool.worker_names()) {
        Json said = machine(worker, false, pool.site.empty() ? design_.cluster.nodes[0].site : pool.site);
        said["services"].push_back(service(design_.worker_service(), pool.account, "Auto"));
        said["settings"].push_back(
            settings_of(design_.worker_service(),
                        settings_text(pool.settings, thumbprints_.at(design_.scale_out.master.certificate),
                                      thumbprints_.at(pool.certificate))));
        add_certificates(said, worker);
        all.push_back(std::move(said));
      }
    }
    return all;
  }

  // ------------------------------------------------------------------------------------------------ SSISDB
  Json ssisdb() const {
    static const std::map<model::Edition, std::string> editions = {
        {model::Edition::standard, "Standard Edition (64-bit)"},
        {model::Edition::enterprise, "Enterprise Edition: Core-based Licensing (64-bit)"},
        {model::Edition::developer, "Developer Edition (64-bit)"}};
    const model::FailoverClusterInstance& fci = design_.fci;
    Json group;
    if (fci.availability_group) {
      const model::AvailabilityGroup& from = *fci.availability_group;
      group = {{"name", from.name}, {"listener", fci.network_name}, {"port", from.port}, {"replicas", Json::array()}};
      for (const auto& replica : from.replicas) {
        const auto seconds =
            std::chrono::duration_cast<std::chrono::seconds>(design_.parameters.length(Setting::session_timeout));
        group["replicas"].push_back(
            {{"server", replica.node},
             {"commit",
              replica.commit == model::CommitMode::synchronous ? "SYNCHRONOUS_COMMIT" : "ASYNCHRONOUS_COMMIT"},
             {"failover", replica.failover == model::FailoverMode::automatic ? "AUTOMATIC" : "MANUAL"},
             {"session_timeout", seconds.count()},
             {"log_login", replica.log_login},
             {"master_key", replica.master_key}});
      }
      group["failover_monitor_job"] = from.failover_monitor_job;
    }
    Json workers = Json::array();
    for (const std::string& worker : design_.worker_names()) {
      workers.push_back({{"id", worker}, {"machine", worker}, {"enabled", true}});
    }
    return {{"server", fci.server_name()},
            {"instance", fci.instance},
            {"version", "15.0.4000.1"},
            {"edition", editions.at(design_.edition)},
            {"windows_logins_only", !fci.mixed_mode},
            {"accelerated_recovery", fci.accelerated_recovery},
            {"availability_group", group},
            {"master", {{"MASTER_ADDRESS", "https://" + design_.master_host_name() + ":8391"}}},
            {"workers", workers}};
  }

  const Design& design_;
  const CertificateBytes& certificates_;
  std::map<std::string, std::string> thumbprints_;
};

}  // namespace

nlohmann::ordered_json exported(const Design& design, const CertificateBytes& certificates) {
  return Exporter(design, certificates).whole();
}

CertificateBytes certificates_for(const Design& design) {
  // One is like another with the same names and dates; making one takes a while.
  static std::map<std::string, std::string> made;
  using loopback::CertificateWish, loopback::TestCertificate, loopback::issued, loopback::self_signed;
  static const TestCertificate authority = self_signed({.common_names = {"Authority"}, .authority = true});
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  CertificateBytes all;
  for (const model::Certificate& wanted : design.certificates) {
    const std::string id = fmt::format("{} {} {} {} {}", wanted.key, fmt::join(wanted.common_names, ","),
                                       wanted.not_before.time_since_epoch().count(),
                                       wanted.not_after.time_since_epoch().count(), wanted.self_signed);
    std::string& der = made[id];
    if (der.empty()) {
      CertificateWish wish;
      wish.common_names = wanted.common_names;
      wish.begins = std::chrono::floor<std::chrono::seconds>(wanted.not_before) - now;
      wish.ends = std::chrono::floor<std::chrono::seconds>(wanted.not_after) - now;
      der = (wanted.self_signed ? self_signed(wish) : issued(wish, authority)).facts().der;
    }
    all[wanted.key] = der;
  }
  return all;
}

std::string settings_text(const model::MasterSettings& settings, const std::string& thumbprint) {
  Json text = {{"PortNumber", settings.port},
               {"SSLCertThumbprint", thumbprint},
               {"SqlServerName", settings.sql_server_name},
               {"CleanupCompletedJobsIntervalInMs", in_milliseconds(settings.cleanup_interval)},
               {"DealWithExpiredTasksIntervalInMs", in_milliseconds(settings.sweep_interval)},
               {"MasterHeartbeatIntervalInMs", in_milliseconds(settings.heartbeat_interval)},
               {"SqlConnectionTimeoutInSecs",
                std::chrono::duration_cast<std::chrono::seconds>(settings.sql_connection_timeout).count()}};
  return text.dump(2);
}

std::string settings_text(const model::WorkerSettings& settings, const std::string& master, const std::string& worker) {
  Json text = {{"MasterEndpoint", settings.endpoint},
               {"MasterHttpsCertThumbprint", master},
               {"WorkerHttpsCertThumbprint", worker},
               {"StoreLocation", "LocalMachine"},
               {"StoreName", "My"},
               {"AgentHeartbeatInterval", timespan(settings.agent_heartbeat_interval)},
               {"TaskHeartbeatInterval", timespan(settings.task_heartbeat_interval)},
               {"HeartbeatErrorTollerance", timespan(settings.heartbeat_error_tolerance)},
               {"MaxTaskCount", settings.max_task_count},
               {"LeaseInternval", timespan(settings.lease_interval)},
               {"AgentId", settings.agent_id}};
  return text.dump(2);
}

}  // namespace rehearse::real::testing
