#include "small_farm.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/steps/failure.hpp"
#include "model/steps/node_operations.hpp"

namespace rehearse::steps {
namespace {

constexpr Duration heartbeat = std::chrono::minutes(1);
constexpr Date fixed_begin = Date(std::chrono::sys_days(std::chrono::year(2027) / 1 / 1));
constexpr Date far_end = Date(std::chrono::sys_days(std::chrono::year(2039) / 12 / 31));

void require(bool holds, FailureCode code, const std::string& message) {
  if (!holds) throw Failure(code, message);
}

const CertificateInfo* find(const FarmHost& host, const std::string& thumbprint, const std::string& store,
                            bool with_key) {
  for (const CertificateInfo& copy : host.certificates) {
    if (copy.thumbprint == thumbprint && copy.store == store && (copy.has_private_key || !with_key)) return &copy;
  }
  return nullptr;
}

std::string made_thumbprint(const std::string& host, int number) {
  std::string text;
  for (const char c : host + std::to_string(number)) text += fmt::format("{:02X}", static_cast<unsigned char>(c));
  text.resize(40, '0');
  return text;
}

bool contains(const std::vector<std::string>& list, const std::string& item) {
  return std::find(list.begin(), list.end(), item) != list.end();
}

}  // namespace

SmallFarm::SmallFarm(const model::Design& design) : design_(design) {
  for (const model::Node& node : design.cluster.nodes) state.hosts[node.name];
  for (const std::string& worker : design.worker_names()) state.hosts[worker];
}

// Does the worker reach the master now, with everything that has to be right for it (S 3)?
bool SmallFarm::hears(const std::string& worker) const {
  const FarmHost& client = state.hosts.at(worker);
  const auto service = client.services.find(design_.worker_service());
  if (service == client.services.end() || !service->second.running || !client.worker_loaded || !state.scale_out)
    return false;
  const model::WorkerSettings& settings = *client.worker_loaded;

  const auto resource = state.resources.find(design_.master_resource());
  if (resource == state.resources.end() || !resource->second.online) return false;
  const std::string name = state.role_name.at(resource->second.role);
  const FarmHost& server = state.hosts.at(state.role_owner.at(resource->second.role));
  if (!server.master_loaded || server.master_loaded->sql_server_name != design_.fci.server_name()) return false;
  const int port = server.master_loaded->port;
  if (settings.endpoint != fmt::format("https://{}:{}", name, port) || !server.open_ports.contains(port)) return false;
  if (design_.scale_out.master.uses_domain_account() && !state.admins.contains(design_.scale_out.master.account))
    return false;

  const auto binding = server.bindings.find(port);
  if (binding == server.bindings.end()) return false;
  const CertificateInfo* shown = find(server, binding->second.thumbprint, binding->second.store, true);
  if (!shown || time.now() >= shown->not_after || !contains(shown->names, name)) return false;
  if (!find(client, shown->thumbprint, "Root", false)) return false;
  if (settings.master_certificate_thumbprint != shown->thumbprint) return false;

  const CertificateInfo* own = find(client, settings.worker_certificate_thumbprint, "My", true);
  if (!own || !client.key_access.contains({own->thumbprint, service->second.account})) return false;
  return find(server, own->thumbprint, "Root", false) != nullptr;
}

void SmallFarm::tick() {
  for (const std::string& worker : design_.worker_names()) {
    Heard& heard = heard_[worker];
    if (!hears(worker)) {
      heard.since.reset();
      continue;
    }
    if (!heard.since) heard.since = time.now();
    heard.last = *heard.since + (time.now() - *heard.since) / heartbeat * heartbeat;
  }
}

struct SmallFarm::Handler {
  SmallFarm& farm;
  FarmState& state = farm.state;
  const model::Design& design = farm.design_;

  FarmHost& at(const std::string& host) const {
    require(state.hosts.contains(host) && state.hosts.at(host).on, FailureCode::unreachable, "no answer from " + host);
    return state.hosts.at(host);
  }
  FarmService& service(const std::string& host, const std::string& name) const {
    require(at(host).services.contains(name), FailureCode::not_found, "no service " + name);
    return at(host).services.at(name);
  }
  FarmResource& resource(const std::string& name) const {
    require(state.resources.contains(name), FailureCode::not_found, "no resource " + name);
    return state.resources.at(name);
  }
  const std::string& owner(const std::string& role) const {
    require(state.role_owner.contains(role), FailureCode::not_found, "no role " + role);
    return state.role_owner.at(role);
  }
  void sql_is_up() const {
    const auto found = state.resources.find(design.fci.sql_resource());
    require(found != state.resources.end() && found->second.online, FailureCode::unreachable, "no SQL Server answers");
  }
  std::string make(const std::string& host, std::vector<std::string> names, Date begin, Date end,
                   std::initializer_list<std::pair<const char*, bool>> stores) const {
    const std::string thumbprint = made_thumbprint(host, at(host).made++);
    for (const auto& [store, key] : stores) {
      at(host).certificates.push_back(CertificateInfo(thumbprint, names, begin, end, store, key));
    }
    return thumbprint;
  }
  void start(const std::string& host, const std::string& name) const {
    service(host, name).running = true;
    if (name == design.master_service()) at(host).master_loaded = at(host).master_file;
    if (name == design.worker_service()) at(host).worker_loaded = at(host).worker_file;
  }
  void stop(const std::string& host, const std::string& name) const {
    service(host, name).running = false;
    if (name == design.master_service()) at(host).master_loaded.reset();
    if (name == design.worker_service()) at(host).worker_loaded.reset();
  }
  void bring(FarmResource& what, bool online) const {
    what.online = online;
    if (what.service.empty()) return;
    online ? start(owner(what.role), what.service) : stop(owner(what.role), what.service);
  }

  bool is_up(const std::string& node) const {
    return contains(state.nodes, node) && !state.stopped.contains(node) && state.hosts.at(node).on;
  }
  bool cluster_answers() const {
    return std::any_of(state.nodes.begin(), state.nodes.end(), [&](const std::string& node) { return is_up(node); });
  }
  void require_cluster() const { require(cluster_answers(), FailureCode::unreachable, "no cluster answers"); }
  void require_node(const std::string& node) const {
    require(contains(state.nodes, node), FailureCode::not_found, "no node " + node);
  }
  /// Off the node go all roles, to the first node that may take them; with none they end.
  void empty(const std::string& node) const {
    for (const auto& [role, role_owner] : std::map(state.role_owner)) {
      if (role_owner != node) continue;
      const auto other = std::find_if(state.nodes.begin(), state.nodes.end(), [&](const std::string& candidate) {
        return candidate != node && is_up(candidate) && !state.paused.contains(candidate);
      });
      if (other != state.nodes.end()) {
        (*this)(cluster::MoveRole(role, *other, Duration()));
      } else {
        (*this)(cluster::OfflineRole(role, Duration()));
      }
    }
  }
  bool owns_roles(const std::string& node) const {
    return std::any_of(state.role_owner.begin(), state.role_owner.end(),
                       [&](const auto& entry) { return entry.second == node; });
  }

  // Clock and operator.
  Answer operator()(const clock::Now&) const { return farm.time.now(); }
  Answer operator()(const clock::Sleep&) const { throw std::logic_error("sleeping is done by the farm itself"); }
  Answer operator()(const ask::Confirm&) const { return true; }
  Answer operator()(const ask::ReadSecret& r) const { return Secret(r.secret, "the text of " + r.secret); }

  // Hosts.
  Answer operator()(const host::FeatureInstalled& r) const { return at(r.host).features.contains(r.feature); }
  Answer operator()(const host::InstallFeature& r) const {
    require(at(r.host).features.insert(r.feature).second, FailureCode::conflict, "installed already");
    return {};
  }
  Answer operator()(const host::FciInstalled& r) const { return at(r.host).instances.contains(r.instance); }
  Answer operator()(const host::InstallFci& r) const {
    require(contains(state.nodes, r.host), FailureCode::refused, "not a node of a cluster");
    require(!r.service_logon.reveal().empty(), FailureCode::refused, "no logon");
    require(!state.role_owner.contains(r.role), FailureCode::conflict, "the role exists");
    at(r.host).instances.insert(r.instance);
    state.role_owner[r.role] = r.host;
    state.role_name[r.role] = r.network_name;
    for (const std::string& name :
         {design.fci.name_resource(), design.fci.sql_resource(), design.fci.agent_resource()}) {
      state.resources[name] = FarmResource{r.role, "", true, {}, {{ResourceProperty::health_check_timeout, 60000}}};
    }
    return {};
  }
  Answer operator()(const host::AddFciNode& r) const {
    require(state.role_owner.contains(design.fci.role_name()), FailureCode::refused, "no instance to join");
    require(at(r.host).instances.insert(r.instance).second, FailureCode::conflict, "a node of the instance already");
    return {};
  }
  Answer operator()(const host::ServiceInstalled& r) const { return at(r.host).services.contains(r.service); }
  Answer operator()(const host::InstallMaster& r) const {
    FarmHost& host = at(r.host);
    require(!host.services.contains(r.service), FailureCode::conflict, "installed already");
    std::string thumbprint = r.thumbprint;
    if (thumbprint.empty()) {
      require(!r.common_names.empty(), FailureCode::refused, "a certificate needs names");
      thumbprint = make(r.host, r.common_names, fixed_begin, far_end, {{"Root", true}});
    }
    require(find(host, thumbprint, "Root", true), FailureCode::refused, "no such certificate with a key in Root");
    host.services[r.service] = FarmService{true, StartType::automatic, r.account};
    host.bindings.insert_or_assign(r.port, HttpBinding(thumbprint, "Root"));
    model::MasterSettings settings;
    settings.port = r.port;
    settings.certificate_thumbprint = thumbprint;
    settings.sql_server_name = r.host;
    host.master_file = host.master_loaded = settings;
    return {};
  }
  Answer operator()(const host::InstallWorker& r) const {
    FarmHost& host = at(r.host);
    require(!host.services.contains(r.service), FailureCode::conflict, "installed already");
    host.services[r.service] = FarmService{true, StartType::automatic, r.account};
    model::WorkerSettings settings;
    settings.endpoint = r.endpoint;
    settings.agent_id = "agent of " + r.host;
    settings.worker_certificate_thumbprint =
        make(r.host, {r.host}, fixed_begin, far_end, {{"My", true}, {"Root", false}});
    host.key_access.insert({settings.worker_certificate_thumbprint, r.account});
    host.worker_file = host.worker_loaded = settings;
    return {};
  }
  Answer operator()(const host::ReadMasterSettings& r) const {
    require(at(r.host).master_file.has_value(), FailureCode::not_found, "no MasterSettings.config");
    return *at(r.host).master_file;
  }
  Answer operator()(const host::WriteMasterSettings& r) const {
    require(!service(r.host, r.service).running, FailureCode::refused, "a running master would not notice");
    at(r.host).master_file = r.settings;
    return {};
  }
  Answer operator()(const host::ReadWorkerSettings& r) const {
    require(at(r.host).worker_file.has_value(), FailureCode::not_found, "no WorkerSettings.config");
    return *at(r.host).worker_file;
  }
  Answer operator()(const host::WriteWorkerSettings& r) const {
    require(!service(r.host, r.service).running, FailureCode::refused, "a running worker would not notice");
    at(r.host).worker_file = r.settings;
    return {};
  }
  Answer operator()(const host::QueryService& r) const {
    if (r.service == cluster_service) {
      at(r.host);
      return to_text(state.stopped.contains(r.host) ? ServiceState::stopped : ServiceState::running);
    }
    if (!at(r.host).services.contains(r.service)) return to_text(ServiceState::absent);
    return to_text(service(r.host, r.service).running ? ServiceState::running : ServiceState::stopped);
  }
  Answer operator()(const host::StartService& r) const { return start(r.host, r.service), Answer(); }
  Answer operator()(const host::StopService& r) const { return stop(r.host, r.service), Answer(); }
  Answer operator()(const host::RestartService& r) const { return start(r.host, r.service), Answer(); }
  Answer operator()(const host::QueryStartType& r) const { return to_text(service(r.host, r.service).start); }
  Answer operator()(const host::SetStartType& r) const {
    service(r.host, r.service).start = r.type;
    return {};
  }
  Answer operator()(const host::FirewallOpen& r) const { return at(r.host).open_ports.contains(r.port); }
  Answer operator()(const host::OpenFirewall& r) const {
    require(at(r.host).open_ports.insert(r.port).second, FailureCode::conflict, "there is such a rule");
    return {};
  }

  Answer operator()(const host::Answers& r) const { return state.hosts.at(r.host).on; }
  Answer operator()(const host::RestartMachine& r) const {
    require(!owns_roles(r.host), FailureCode::refused, "it owns a role: drain it first");
    if (at(r.host).patches == PatchState::restart_needed) at(r.host).patches = PatchState::in_place;
    return {};
  }
  Answer operator()(const host::ShutDownMachine& r) const {
    empty(r.host);
    at(r.host).on = false;
    return {};
  }
  Answer operator()(const host::QueryPatches& r) const { return to_text(at(r.host).patches); }
  Answer operator()(const host::InstallPatches& r) const {
    require(at(r.host).patches == PatchState::missing, FailureCode::conflict, "installed already");
    require(state.paused.contains(r.host) && !owns_roles(r.host), FailureCode::refused, "it is not drained");
    at(r.host).patches = PatchState::restart_needed;
    return {};
  }

  // Certificates.
  Answer operator()(const certificate_store::List& r) const { return at(r.host).certificates; }
  Answer operator()(const certificate_store::Create& r) const {
    return make(r.host, r.names, r.not_before, r.not_after, {{"My", true}});
  }
  Answer operator()(const certificate_store::Import& r) const {
    at(r.host).certificates.push_back(r.info);
    return {};
  }
  Answer operator()(const certificate_store::Copy& r) const {
    const CertificateInfo* source = nullptr;
    for (const char* store : {"Root", "My"}) {
      if (!source) source = find(at(r.from), r.thumbprint, store, r.with_private_key);
    }
    require(source, FailureCode::not_found, "no such certificate on " + r.from);
    require(!find(at(r.host), r.thumbprint, r.store, r.with_private_key), FailureCode::conflict,
            "it lies there already");
    CertificateInfo copy(source->thumbprint, source->names, source->not_before, source->not_after, r.store,
                         r.with_private_key);
    at(r.host).certificates.push_back(copy);
    return {};
  }
  Answer operator()(const certificate_store::Remove& r) const {
    std::erase_if(at(r.host).certificates,
                  [&](const CertificateInfo& c) { return c.thumbprint == r.thumbprint && c.store == r.store; });
    return {};
  }
  Answer operator()(const certificate_store::Binding& r) const {
    const auto found = at(r.host).bindings.find(r.port);
    if (found == at(r.host).bindings.end()) return std::vector<std::string>();
    return std::vector<std::string>{found->second.thumbprint, found->second.store};
  }
  Answer operator()(const certificate_store::Bind& r) const {
    require(find(at(r.host), r.thumbprint, r.store, true), FailureCode::refused, "no such certificate with a key");
    at(r.host).bindings.insert_or_assign(r.port, HttpBinding(r.thumbprint, r.store));
    return {};
  }
  Answer operator()(const certificate_store::KeyAccess& r) const {
    return at(r.host).key_access.contains({r.thumbprint, r.account});
  }
  Answer operator()(const certificate_store::GrantKeyAccess& r) const {
    require(find(at(r.host), r.thumbprint, "My", true), FailureCode::not_found, "no such key in My");
    at(r.host).key_access.insert({r.thumbprint, r.account});
    return {};
  }

  // Cluster.
  Answer operator()(const cluster::Exists& r) const { return state.cluster == r.cluster; }
  Answer operator()(const cluster::Validated&) const { return state.validated; }
  Answer operator()(const cluster::Validate& r) const {
    for (const std::string& node : r.nodes) {
      require(at(node).features.contains("Failover-Clustering"), FailureCode::refused, "no clustering on " + node);
    }
    state.validated = true;
    return {};
  }
  Answer operator()(const cluster::Create& r) const {
    require(state.cluster.empty(), FailureCode::conflict, "there is a cluster");
    state.cluster = r.cluster;
    state.nodes = r.nodes;
    return {};
  }
  Answer operator()(const cluster::AddNode& r) const {
    require(!contains(state.nodes, r.node), FailureCode::conflict, "a member already");
    state.nodes.push_back(r.node);
    return {};
  }
  Answer operator()(const cluster::Nodes&) const { return state.nodes; }
  Answer operator()(const cluster::Answers&) const { return cluster_answers(); }
  Answer operator()(const cluster::QueryNode& r) const {
    require_cluster();
    require_node(r.node);
    if (state.quarantined.contains(r.node)) return to_text(NodeState::quarantined);
    if (!is_up(r.node)) return to_text(NodeState::down);
    return to_text(state.paused.contains(r.node) ? NodeState::paused : NodeState::up);
  }
  Answer operator()(const cluster::Quorum&) const {
    return std::vector<std::string>{std::string(to_text(state.witness)), state.witness_path};
  }
  Answer operator()(const cluster::SetQuorum& r) const {
    require(!state.cluster.empty(), FailureCode::not_found, "no cluster");
    state.witness = r.kind;
    state.witness_path = r.path;
    return {};
  }
  Answer operator()(const cluster::Property& r) const { return state.properties[r.property]; }
  Answer operator()(const cluster::SetProperty& r) const {
    state.properties[r.property] = r.value;
    return {};
  }
  Answer operator()(const cluster::Roles&) const {
    std::vector<std::string> roles;
    for (const auto& [role, node] : state.role_owner) roles.push_back(role);
    return roles;
  }
  Answer operator()(const cluster::QueryRole& r) const {
    owner(r.role);
    std::size_t count = 0, online = 0;
    for (const auto& [name, what] : state.resources) {
      count += what.role == r.role;
      online += what.role == r.role && what.online;
    }
    return to_text(online == count ? RoleState::online
                   : online == 0   ? RoleState::offline
                                   : RoleState::partially_online);
  }
  Answer operator()(const cluster::RoleOwner& r) const { return owner(r.role); }
  Answer operator()(const cluster::Resources& r) const {
    owner(r.role);
    std::vector<std::string> names;
    for (const auto& [name, what] : state.resources) {
      if (what.role == r.role) names.push_back(name);
    }
    return names;
  }
  Answer operator()(const cluster::QueryResource& r) const {
    return to_text(resource(r.resource).online ? ResourceState::online : ResourceState::offline);
  }
  Answer operator()(const cluster::Dependencies& r) const {  // in no order that anybody may rely on
    const std::vector<std::string>& providers = resource(r.resource).providers;
    return std::vector<std::string>(providers.rbegin(), providers.rend());
  }
  Answer operator()(const cluster::SetDependencies& r) const {
    require(!resource(r.resource).online, FailureCode::refused, "the resource must be offline");
    for (const std::string& provider : r.providers) resource(provider);
    resource(r.resource).providers = r.providers;
    return {};
  }
  Answer operator()(const cluster::AddGenericService& r) const {
    owner(r.role);
    require(!state.resources.contains(r.resource), FailureCode::conflict, "the resource exists");
    state.resources[r.resource] = FarmResource{r.role, r.service, false, {}, {{ResourceProperty::restart_action, 2}}};
    return {};
  }
  Answer operator()(const cluster::CreateRole& r) const {
    require(!state.role_owner.contains(r.role), FailureCode::conflict, "the role exists");
    state.role_owner[r.role] = state.nodes.front();
    state.role_name[r.role] = r.dns_host_name;
    state.role_addresses[r.role] = r.addresses;
    state.resources[r.dns_host_name] = FarmResource{r.role, "", false, {}, {}};
    state.resources[r.resource] =
        FarmResource{r.role, r.service, false, {r.dns_host_name}, {{ResourceProperty::restart_action, 2}}};
    return {};
  }
  Answer operator()(const cluster::QueryProperty& r) const { return resource(r.resource).properties[r.property]; }
  Answer operator()(const cluster::SetResourceProperty& r) const {
    resource(r.resource).properties[r.property] = r.value;
    return {};
  }
  Answer operator()(const cluster::OnlineResource& r) const {
    for (const std::string& provider : resource(r.resource).providers) bring(resource(provider), true);
    bring(resource(r.resource), true);
    return {};
  }
  Answer operator()(const cluster::OfflineResource& r) const { return bring(resource(r.resource), false), Answer(); }
  Answer operator()(const cluster::OnlineRole& r) const {
    for (auto& [name, what] : state.resources) {
      if (what.role == r.role) bring(what, true);
    }
    return {};
  }
  Answer operator()(const cluster::OfflineRole& r) const {
    owner(r.role);
    for (auto& [name, what] : state.resources) {
      if (what.role == r.role && what.online) bring(what, false);
    }
    return {};
  }
  Answer operator()(const cluster::FailResource& r) const {  // restarted in place at once
    require(resource(r.resource).online, FailureCode::refused, "it is not online");
    ++resource(r.resource).failures;
    return {};
  }
  Answer operator()(const cluster::MoveRole& r) const {
    require(is_up(r.node) && !state.paused.contains(r.node), FailureCode::refused, "the node is down or paused");
    if (owner(r.role) == r.node) return {};
    std::vector<FarmResource*> running;
    for (auto& [name, what] : state.resources) {
      if (what.role == r.role && what.online) running.push_back(&what);
    }
    for (FarmResource* what : running) bring(*what, false);
    state.role_owner[r.role] = r.node;
    for (FarmResource* what : running) bring(*what, true);
    return {};
  }
  Answer operator()(const cluster::MoveRoleToBest& r) const {
    const std::string from = owner(r.role);
    const auto other = std::find_if(state.nodes.begin(), state.nodes.end(), [&](const std::string& candidate) {
      return candidate != from && is_up(candidate) && !state.paused.contains(candidate);
    });
    require(other != state.nodes.end(), FailureCode::refused, "no other node");
    return (*this)(cluster::MoveRole(r.role, *other, r.within));
  }
  Answer operator()(const cluster::ForceFailover& r) const {
    return (*this)(cluster::MoveRole(r.role, r.node, r.within));
  }
  Answer operator()(const cluster::DataMoves& r) const { return Answer(!state.standing.contains(r.node)); }
  Answer operator()(const cluster::ResumeDataMovement& r) const {
    require(state.standing.erase(r.node) == 1, FailureCode::refused, "nothing stands there");
    return {};
  }
  Answer operator()(const cluster::PauseNode& r) const {
    require(is_up(r.node), FailureCode::unreachable, "the node is down");
    require(state.paused.insert(r.node).second, FailureCode::conflict, "paused already");
    return {};
  }
  Answer operator()(const cluster::DrainNode& r) const {
    require(is_up(r.node), FailureCode::unreachable, "the node is down");
    state.paused.insert(r.node);
    for (const auto& [role, node] : std::map(state.role_owner)) {
      if (node == r.node) (*this)(cluster::MoveRoleToBest(role, Duration()));
    }
    return {};
  }
  Answer operator()(const cluster::ResumeNode& r) const {
    require(is_up(r.node), FailureCode::unreachable, "the node is down");
    require(state.paused.erase(r.node) == 1, FailureCode::conflict, "not paused");
    return {};
  }
  Answer operator()(const cluster::StopNode& r) const {
    at(r.node);
    require(is_up(r.node), FailureCode::conflict, "stopped already");
    empty(r.node);
    state.stopped.insert(r.node);
    return {};
  }
  Answer operator()(const cluster::StartNode& r) const {
    at(r.node);
    require(state.stopped.contains(r.node), FailureCode::conflict, "started already");
    require(!state.quarantined.contains(r.node), FailureCode::refused, "it is quarantined");
    require(cluster_answers() || r.start == NodeStart::force_quorum, FailureCode::timed_out, "no quorum");
    require(!cluster_answers() || r.start != NodeStart::force_quorum, FailureCode::conflict, "two clusters");
    state.stopped.erase(r.node);
    return {};
  }
  Answer operator()(const cluster::ClearQuarantine& r) const {
    require(state.quarantined.erase(r.node) == 1, FailureCode::conflict, "not in quarantine");
    state.stopped.erase(r.node);
    return {};
  }

  // Catalog.
  Answer operator()(const catalog::Exists&) const { return sql_is_up(), Answer(state.catalog); }
  Answer operator()(const catalog::Create&) const {
    sql_is_up();
    require(!state.catalog, FailureCode::conflict, "SSISDB exists");
    state.catalog = true;
    return {};
  }
  Answer operator()(const catalog::ScaleOutEnabled&) const { return sql_is_up(), Answer(state.scale_out); }
  Answer operator()(const catalog::EnableScaleOut&) const {
    require(state.catalog, FailureCode::not_found, "no SSISDB");
    service(owner(design.fci.role_name()), design.master_service());
    require(!state.scale_out, FailureCode::conflict, "enabled already: it would make the log login anew");
    state.scale_out = true;
    return {};
  }
  Answer operator()(const catalog::LogLoginEnabled&) const { return sql_is_up(), Answer(state.mixed); }
  Answer operator()(const catalog::EnableLogLogin&) const {
    state.mixed = true;
    return {};
  }
  Answer operator()(const catalog::StartupProcedureSet&) const { return sql_is_up(), Answer(state.startup); }
  Answer operator()(const catalog::SetStartupProcedure&) const {
    state.startup = true;
    return {};
  }
  Answer operator()(const catalog::IsAdmin& r) const { return sql_is_up(), Answer(state.admins.contains(r.account)); }
  Answer operator()(const catalog::AddAdmin& r) const {
    require(state.admins.insert(r.account).second, FailureCode::conflict, "the login exists");
    return {};
  }
  Answer operator()(const catalog::MasterAddress&) const { return sql_is_up(), Answer(state.master_address); }
  Answer operator()(const catalog::UpdateMasterAddress& r) const {
    state.master_address = r.url;
    return {};
  }
  Answer operator()(const catalog::MasterLastOnline&) const { return sql_is_up(), Answer(Date()); }
  Answer operator()(const catalog::WorkerEnabled& r) const {
    return sql_is_up(), Answer(state.enabled.contains(r.worker));
  }
  Answer operator()(const catalog::EnableWorker& r) const {
    require(farm.heard_[r.worker].last != Date(), FailureCode::not_found, "the worker never registered");
    require(state.enabled.insert(r.worker).second, FailureCode::conflict, "enabled already");
    return {};
  }
  Answer operator()(const catalog::WorkerLastOnline& r) const {
    return sql_is_up(), Answer(farm.heard_[r.worker].last);
  }
};

Awaitable<Answer> SmallFarm::call(AnyRequest request) {
  if (const auto* of_clock = std::get_if<ClockRequest>(&request)) {
    if (const auto* sleep = std::get_if<clock::Sleep>(of_clock)) {
      co_await time.sleep(sleep->length);
      co_return Answer();
    }
  }
  if (effect_of(request) == Effect::change) co_await time.sleep(std::chrono::seconds(1));
  tick();
  const Handler handler{*this};
  Answer answer = std::visit([&](const auto& of_port) { return std::visit(handler, of_port); }, request);
  tick();
  co_return answer;
}

}  // namespace rehearse::steps
