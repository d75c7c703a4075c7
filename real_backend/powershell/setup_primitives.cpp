// SQL Server's setup, unattended (W 7.5, S 7): the failover cluster instance and its nodes, Scale Out Master and
// Worker.
//
// Setup is Windows' own matter: a script that is stopped does not stop it. So a script first looks whether one is
// running, which is a conflict, and whether what it shall make is there already, which is another; a half-done setup
// is left to what setup says about it.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/endpoint.hpp"
#include "model/steps/fci_steps.hpp"
#include "real_backend/powershell/host_scripts.hpp"
#include "real_backend/powershell/phrases.hpp"
#include "real_backend/powershell/primitives.hpp"
#include "real_backend/powershell/setup_file.hpp"

namespace rehearse::real {
namespace {

namespace host = steps::host;
using ps::Block;
using ps::Command;
using ps::Expression;
using ps::Operator;
using std::chrono::hours;
using steps::FailureCode;

constexpr const char* sql_keys = "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Microsoft SQL Server\\";

// ---- what is there
/// $IsNode: whether this machine is a node of the clustered instance, by its registry: the instance is known, has the
/// key that only clustered instances have, and its engine is not marked as failed (2) in setup (all undocumented).
Block look_for_instance(const std::string& instance) {
  const Expression id = ps::variable("Id");
  const Expression keys = ps::variable("Keys");
  Block known;
  known.let("Keys", binary(ps::literal(sql_keys), Operator::plus, ps::cast("string", id)));
  known.let("Name", ps::registry_value(binary(keys, Operator::plus, ps::literal("\\Cluster")), "ClusterName"));
  known.let("Engine", ps::registry_value(binary(keys, Operator::plus, ps::literal("\\ConfigurationState")),
                                         "SQL_Engine_Core_Inst"));
  known.let("IsNode", binary(binary(ps::null(), Operator::not_equal, ps::variable("Name")), Operator::both,
                             binary(ps::variable("Engine"), Operator::not_equal, ps::number(2))));
  Block block;
  block.let("IsNode", ps::flag(false));
  block.let("Id", ps::registry_value(ps::literal(std::string(sql_keys) + "Instance Names\\SQL"), instance));
  block.when(binary(ps::null(), Operator::not_equal, id), known);
  return block;
}

Expression service_is_there(const std::string& service) {
  return binary(ps::null(), Operator::not_equal, ps::service_named(service));
}

// ---- running setup
/// ScenarioEngine.exe is what setup.exe runs behind itself (undocumented).
Block refuse_while_setup_runs() {
  Block block;
  block.let("Running", ps::list({ps::value_of(Command("Get-Process")
                                                  .with("Name", ps::literal("ScenarioEngine"))
                                                  .with("ErrorAction", ps::literal("SilentlyContinue")))}));
  block.when(binary(ps::variable("Running").member("Count"), Operator::greater, ps::number(0)),
             Block().fail(FailureCode::conflict,
                          ps::literal("SQL Server Setup is running on this machine already. Wait until it "
                                      "has ended, then go on.")));
  return block;
}

/// $Said: the head of the summary that this run of setup left, which has the exit message and what to do next; without
/// one, the last lines that setup printed.
Block look_at_summary(const std::string& summary) {
  const Expression path = ps::literal(summary);
  const Expression written = ps::value_of(Command("Get-Item").with("LiteralPath", path)).member("LastWriteTimeUtc");
  const Expression head =
      ps::value_of(Command("Get-Content").with("LiteralPath", path).with("TotalCount", ps::number(40)));
  Block fresh;
  fresh.when(binary(written, Operator::at_least, ps::variable("Began")),
             Block().let("Said", ps::joined(ps::list({head}))));
  const Expression last_lines =
      ps::list({pipeline(ps::variable("Output"), {Command("Select-Object").with("Last", ps::number(20))})});
  Block block;
  block.let("Said", ps::joined(last_lines));
  block.when(ps::value_of(Command("Test-Path").with("LiteralPath", path)), fresh);
  return block;
}

Expression exit_sentence() {
  return binary(binary(ps::literal("SQL Server Setup ended with exit code "), Operator::plus,
                       ps::cast("string", ps::variable("Code"))),
                Operator::plus, binary(ps::literal(": "), Operator::plus, ps::variable("Said")));
}

struct SetupRun {
  std::string version;  // "150"
  SetupFile file;
  Block present;  // when it comes to `there`, the setup is done
  Expression there;
  std::string what;  // that is there then: "service SSISScaleOutMaster150"
};

/// Runs setup and sees to it that what it shall make is there afterwards.
Block run_setup(const SetupRun& run, const Site& site) {
  if (site.media.empty()) refuse("the site file does not say where SQL Server's media is ('media')");
  constexpr int restart_needed = 3010;  // success, and some files are replaced in a restart
  const std::string setup = site.media + (site.media.ends_with('\\') ? "" : "\\") + "setup.exe";
  const std::string summary =
      fmt::format("{}\\Microsoft SQL Server\\{}\\Setup Bootstrap\\Log\\Summary.txt", site.program_files, run.version);
  Block with_file;
  const Expression file = ps::variable("File");
  with_file.let("File", binary(ps::variable("Folder"), Operator::plus, ps::literal("\\setup.ini")));
  with_file.run(ps::type_method("System.IO.File", "WriteAllText",
                                {file, run.file.text(), ps::type_member("System.Text.Encoding", "Unicode")}));
  with_file.let("Began", ps::type_member("System.DateTime", "UtcNow"));
  with_file.let(
      "Output",
      ps::list({native(ps::literal(setup), {binary(ps::literal("/ConfigurationFile="), Operator::plus, file)})}));
  with_file.let("Code", ps::exit_code());

  Block script = run.file.checks();
  script.append(refuse_while_setup_runs());
  // Setup runs once at a time on a machine, so one name is enough, and every later setup finds what an earlier one had
  // to leave: a file with passwords.
  script.append(ps::sweep_private_folder("rehearse-setup"));
  script.append(run.present);
  script.when(run.there, Block().fail(FailureCode::conflict, ps::literal("The " + run.what + " is there already.")));
  script.when(negate(ps::value_of(Command("Test-Path").with("LiteralPath", ps::literal(setup)))),
              Block().fail(FailureCode::not_found, ps::literal("SQL Server's media is not at '" + site.media + "'.")));
  script.append(ps::with_private_folder(with_file));
  script.append(look_at_summary(summary));
  script.when(negate(binary(ps::variable("Code"), Operator::in, ps::list({ps::number(0), ps::number(restart_needed)}))),
              Block().fail(FailureCode::refused, exit_sentence()));
  script.append(run.present);
  const Expression missing =
      ps::literal("The " + run.what + " is not there; perhaps the machine has to be restarted. ");
  script.when(negate(run.there), Block().fail(FailureCode::refused, binary(missing, Operator::plus, exit_sentence())));
  return script;
}

Primitive setup_on(const std::string& machine, Block script) {
  Primitive primitive = on_machine(machine, std::move(script), hours(3));
  primitive.second_hop = true;  // the media is on a share, accounts are looked up, other nodes of the cluster are asked
  return primitive;
}

// ---- the instance's addresses
bool has_card_on(const model::Node& node, const model::Network& network) {
  if (node.networks.empty()) return network.site.empty() || network.site == node.site;
  return std::any_of(node.networks.begin(), node.networks.end(),
                     [&](const std::string& name) { return model::same_name(name, network.name); });
}

/// The design's network that has the address; refused where it states none.
const model::Network& network_of(const model::Design& design, const std::string& address) {
  const std::optional<std::uint32_t> number = model::parse_ipv4(address);
  if (!number) refuse("'" + address + "' is no IPv4 address");
  for (const model::Network& network : design.cluster.networks) {
    std::string problem;
    const std::optional<model::Subnet> subnet = model::parse_subnet(network.subnet, problem);
    if (subnet && subnet->contains(*number)) return network;
  }
  refuse("the design states no network of the cluster for the address " + address +
         ", and setup wants to know its network and mask: state the network with its subnet");
}

const model::Node& node_of(const model::Design& design, const std::string& name) {
  const model::Node* node = design.find_node(name);
  if (node == nullptr) refuse("the design has no node '" + name + "'");
  return *node;
}

std::vector<std::string> addresses_on(const model::Design& design, const std::string& node,
                                      const std::vector<std::string>& addresses) {
  std::vector<std::string> found;
  for (const std::string& address : addresses) {
    if (has_card_on(node_of(design, node), network_of(design, address))) found.push_back(address);
  }
  return found;
}

/// Addresses that no node before this one could hold, in the order in which the instance gets its nodes: in a cluster
/// over several subnets setup takes them with the first node that has a card there (W 7.5).
std::vector<std::string> addresses_first_on(const model::Design& design, const std::string& node) {
  std::vector<std::string> fresh = addresses_on(design, node, design.fci.addresses);
  for (const std::string& earlier : steps::owners_of(design, design.fci.role)) {
    if (model::same_name(earlier, node)) break;
    for (const std::string& taken : addresses_on(design, earlier, design.fci.addresses)) std::erase(fresh, taken);
  }
  return fresh;
}

std::string dotted(std::uint32_t address) {
  return fmt::format("{}.{}.{}.{}", address >> 24, address >> 16 & 255, address >> 8 & 255, address & 255);
}

/// Lets $Address<index> be "IPv4;address;network;mask". The cluster names its networks itself ("Cluster Network 2") and
/// in an order of its own, so the name is asked for by the subnet.
Block look_for_network(const model::Design& design, const std::string& address, const std::string& into) {
  std::string problem;
  const model::Subnet subnet = *model::parse_subnet(network_of(design, address).subnet, problem);
  const std::string network = dotted(subnet.network), mask = dotted(subnet.mask());
  Block is_it;
  is_it.emit(binary(ps::equals(ps::item().member("Address"), network), Operator::both,
                    ps::equals(ps::item().member("AddressMask"), mask)));
  Block block;
  block.let("Found",
            ps::list({pipeline(Command("Get-ClusterNetwork"), {Command("Where-Object").with("FilterScript", is_it)})}));
  block.when(binary(ps::variable("Found").member("Count"), Operator::not_equal, ps::number(1)),
             Block().fail(FailureCode::refused,
                          ps::literal(fmt::format("The cluster has no network {} with mask {}, on which the "
                                                  "address {} could be.",
                                                  network, mask, address))));
  block.let("Network", ps::cast("string", ps::variable("Found").at(ps::number(0)).member("Name")));
  block.when(
      binary(ps::variable("Network"), Operator::matches, ps::literal("[\";\\r\\n]")),
      Block().fail(FailureCode::refused, binary(ps::literal("Setup cannot be told the name of a cluster network: "),
                                                Operator::plus, ps::variable("Network"))));
  block.let(into, binary(binary(ps::literal("IPv4;" + address + ";"), Operator::plus, ps::variable("Network")),
                         Operator::plus, ps::literal(";" + mask)));
  return block;
}

/// The lookups of all addresses, and the values that they leave.
struct Addresses {
  Block lookups;
  std::vector<Expression> values;
};

Addresses look_for_addresses(const model::Design& design, const std::vector<std::string>& addresses) {
  Addresses found;
  for (std::size_t i = 0; i < addresses.size(); ++i) {
    const std::string name = "Address" + std::to_string(i + 1);
    found.lookups.append(look_for_network(design, addresses[i], name));
    found.values.push_back(ps::variable(name));
  }
  return found;
}

// ---- accounts of the instance
/// The agent's own account has its own password, which the request does not bring along.
void add_accounts(SetupFile& file, const Site& site, const steps::Secret& logon, std::vector<std::string>& asks) {
  if (site.sql_account.empty()) refuse("the site file names no account for the services of SQL Server ('sql_account')");
  const bool same = site.agent_account.empty() || model::same_name(site.agent_account, site.sql_account);
  const std::string& agent = same ? site.sql_account : site.agent_account;
  const bool managed = agent.ends_with('$') || !model::is_domain_account(agent);
  const steps::Secret agent_logon = same ? logon : steps::Secret("password of " + agent, "");
  if (!same && !managed) asks.push_back(agent_logon.name());
  file.with("SQLSVCACCOUNT", site.sql_account).with_password("SQLSVCPASSWORD", site.sql_account, logon);
  file.with("AGTSVCACCOUNT", agent).with_password("AGTSVCPASSWORD", agent, agent_logon);
}

/// Makes this machine a node of the instance, whose services run under the site's accounts; `before` goes first.
Primitive set_up_node(const std::string& machine, const std::string& instance, const steps::Secret& logon,
                      SetupFile file, Block before, const Surroundings& around) {
  std::vector<std::string> asks;
  add_accounts(file, around.site, logon, asks);
  before.append(run_setup({version_digits(around.design.master_service()), std::move(file), look_for_instance(instance),
                           ps::variable("IsNode"), "instance " + instance},
                          around.site));
  Primitive primitive = setup_on(machine, std::move(before));
  primitive.asks = std::move(asks);
  return primitive;
}

SetupRun setup_of_service(const std::string& service, SetupFile file) {
  return {version_digits(service), std::move(file), Block(), service_is_there(service), "service " + service};
}

}  // namespace

Primitive script_for(const host::FciInstalled& r, const Surroundings&) {
  Block script = look_for_instance(r.instance);
  script.answer(ps::variable("IsNode"));
  return on_machine(r.host, std::move(script));
}

Primitive script_for(const host::InstallFci& r, const Surroundings& around) {
  const std::vector<std::string> here = addresses_on(around.design, r.host, r.addresses);
  if (here.empty()) refuse("none of the instance's addresses is on a network of " + r.host);
  if (around.site.sql_data_folder.empty())
    refuse("the site file names no folder for the instance's data ('sql_data_folder')");
  if (around.site.sql_administrators.empty())
    refuse("the site file names no administrator of SQL Server ('sql_administrators')");
  const Addresses addresses = look_for_addresses(around.design, here);
  SetupFile file("InstallFailoverCluster");
  file.with_features("SQLENGINE")
      .with("INSTANCENAME", r.instance)
      .with("FAILOVERCLUSTERGROUP", r.role)
      .with("FAILOVERCLUSTERNETWORKNAME", r.network_name)
      .with("FAILOVERCLUSTERIPADDRESSES", addresses.values)
      .with("FAILOVERCLUSTERDISKS", r.disks)
      .with("INSTALLSQLDATADIR", around.site.sql_data_folder)
      .with("SQLSYSADMINACCOUNTS", around.site.sql_administrators);

  Block is_role;
  is_role.emit(binary(ps::item().member("Name"), Operator::equal, ps::literal(r.role)));
  Block script;
  script.let(
      "Roles",
      ps::list({pipeline(Command("Get-ClusterGroup"), {Command("Where-Object").with("FilterScript", is_role)})}));
  script.when(binary(ps::variable("Roles").member("Count"), Operator::greater, ps::number(0)),
              Block().fail(FailureCode::conflict, ps::literal("The cluster group '" + r.role + "' exists already.")));
  script.append(addresses.lookups);
  return set_up_node(r.host, r.instance, r.service_logon, std::move(file), std::move(script), around);
}

Primitive script_for(const host::AddFciNode& r, const Surroundings& around) {
  const std::vector<std::string> fresh = addresses_first_on(around.design, r.host);
  const Addresses addresses = look_for_addresses(around.design, fresh);
  SetupFile file("AddNode");
  file.with("INSTANCENAME", r.instance);
  if (!fresh.empty()) {
    file.with("FAILOVERCLUSTERIPADDRESSES", addresses.values).with("CONFIRMIPDEPENDENCYCHANGE", std::string("1"));
  }
  return set_up_node(r.host, r.instance, r.service_logon, std::move(file), addresses.lookups, around);
}

Primitive script_for(const host::InstallMaster& r, const Surroundings& around) {
  SetupFile file("Install");
  file.with_features("IS,IS_Master")
      .with("ISMASTERSVCACCOUNT", r.account)
      .with_password("ISMASTERSVCPASSWORD", r.account, r.password)
      .with("ISMASTERSVCSTARTUPTYPE", std::string("Automatic"))
      .with("ISMASTERSVCPORT", std::to_string(r.port));
  if (r.thumbprint.empty()) {
    std::string names;
    for (const std::string& name : r.common_names) {
      require_certificate_name(name);
      names += (names.empty() ? "CN=" : ";CN=") + name;
    }
    file.with("ISMasterSVCSSLCertCN", names);
  } else {
    require_thumbprint(r.thumbprint);
    file.with("ISMASTERSVCTHUMBPRINT", r.thumbprint);
  }
  return setup_on(r.host, run_setup(setup_of_service(r.service, std::move(file)), around.site));
}

Primitive script_for(const host::InstallWorker& r, const Surroundings& around) {
  SetupFile file("Install");
  file.with_features("IS,IS_Worker")
      .with("ISWORKERSVCACCOUNT", r.account)
      .with_password("ISWORKERSVCPASSWORD", r.account, r.password)
      .with("ISWORKERSVCSTARTUPTYPE", std::string("Automatic"))
      .with("ISWORKERSVCMASTER", r.endpoint);
  return setup_on(r.host, run_setup(setup_of_service(r.service, std::move(file)), around.site));
}

}  // namespace rehearse::real
