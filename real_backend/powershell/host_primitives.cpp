// Windows features, services and the firewall of one machine.
#include <variant>

#include "model/steps/states.hpp"
#include "real_backend/powershell/host_scripts.hpp"
#include "real_backend/powershell/phrases.hpp"
#include "real_backend/powershell/primitives.hpp"

namespace rehearse::real {
namespace {

namespace host = steps::host;
using ps::Block;
using ps::Command;
using ps::Expression;
using ps::Operator;
using std::chrono::hours;
using std::chrono::minutes;
using steps::FailureCode;

// ---- features
/// Install-WindowsFeature -IncludeManagementTools brings it for Failover-Clustering (W 8). Without it a node of a
/// cluster has no cmdlets, and no script of ours could go on there.
constexpr const char* cluster_feature = "Failover-Clustering";
constexpr const char* cluster_cmdlets = "RSAT-Clustering-PowerShell";

std::vector<std::string> features_wanted(const std::string& feature) {
  if (feature.empty() || feature.find_first_of("*?[]") != std::string::npos) {
    refuse("'" + feature + "' is no name of a Windows feature");
  }
  if (feature == cluster_feature) return {feature, cluster_cmdlets};
  return {feature};
}

/// $Found: the features that Windows knows under these names; $Ready: those of them that are installed. One that waits
/// for a restart says InstallPending, and nothing of it can be used yet.
Block look_at_features(const std::vector<std::string>& names) {
  Block block;
  block.let("Found", ps::list({ps::value_of(Command("Get-WindowsFeature").with("Name", ps::list_of(names)))}));
  Block is_installed;
  is_installed.emit(ps::equals(ps::cast("string", ps::item().member("InstallState")), "Installed"));
  block.let("Ready",
            ps::list({pipeline(ps::variable("Found"), {Command("Where-Object").with("FilterScript", is_installed)})}));
  return block;
}

Expression all_ready(const std::vector<std::string>& names) {
  return binary(ps::variable("Ready").member("Count"), Operator::equal,
                ps::number(static_cast<std::int64_t>(names.size())));
}

// ---- services
/// $Service; not_found without it, in Windows' words.
Block require_service(const std::string& service) {
  Block block;
  block.let("Service", ps::service_named(service));
  block.when(binary(ps::null(), Operator::equal, ps::variable("Service")),
             Block().fail(FailureCode::not_found,
                          ps::literal("Cannot find any service with service name '" + service + "'.")));
  return block;
}

/// Waits, not for ever, while the service is on its way from one state to another; $Service is what it is then.
Block let_service_settle(const std::string& service) {
  constexpr int longest_seconds = 60;
  const Expression waited = ps::variable("Waited");
  const Expression is_pending =
      binary(ps::cast("string", ps::variable("Service").member("State")), Operator::like, ps::literal("*Pending"));
  Block wait;
  wait.run(Command("Start-Sleep").with("Seconds", ps::number(1)));
  wait.let("Waited", binary(waited, Operator::plus, ps::number(1)));
  wait.let("Service", ps::service_named(service));
  Block block;
  block.let("Waited", ps::number(0));
  block.repeat_while(binary(is_pending, Operator::both, binary(waited, Operator::less, ps::number(longest_seconds))),
                     wait);
  return block;
}

Block start_and_wait(const std::string& service) {
  // Start-Service returns when the service runs, and fails when its process ends instead.
  return Block().run(Command("Start-Service").with("Name", ps::literal(service)));
}

Block stop_and_wait(const std::string& service) {
  // Without -Force: a service that others depend on is not stopped over their heads.
  return Block().run(Command("Stop-Service").with("Name", ps::literal(service)));
}

// ---- firewall
/// $Meant: whether the port is among those that $Filter states (texts: "8391", "8000-9000", "Any").
Block port_is_meant(int port) {
  const Expression part = ps::variable("Part");
  const Expression ends = ps::variable("Ends");
  Block is_range;
  is_range.let("Ends", binary(part, Operator::split_by, ps::literal("-")));
  is_range.when(ps::all_of({binary(ps::cast("int", ends.at(ps::number(0))), Operator::at_most, ps::number(port)),
                            binary(ps::cast("int", ends.at(ps::number(1))), Operator::at_least, ps::number(port))}),
                Block().let("Meant", ps::flag(true)));
  Block each;
  each.when(ps::any_of({ps::equals(part, "Any"), ps::equals(part, std::to_string(port))}),
            Block().let("Meant", ps::flag(true)));
  each.when(binary(part, Operator::matches, ps::literal("^[0-9]{1,5}-[0-9]{1,5}$")), is_range);
  Block block;
  block.let("Meant", ps::flag(false));
  block.for_each("Part", ps::list({ps::variable("Filter").member("LocalPort")}), each);
  return block;
}

Expression filter_of_rule(const char* cmdlet) {
  return ps::value_of(Command(cmdlet).with("AssociatedNetFirewallRule", ps::variable("Rule")));
}

/// A rule for one program, one service, one app in a container, one of its owners' logons, or for some addresses,
/// interfaces, users or machines opens or closes the port only for these. Windows' own rules for apps name no program,
/// port or protocol, only the package (undocumented).
Expression rule_is_for_everybody() {
  const auto any = [](const char* filter, const char* member) {
    return ps::equals(ps::cast("string", ps::variable(filter).member(member)), "Any");
  };
  const auto none = [](const char* object, const char* member) {
    return ps::equals(ps::cast("string", ps::variable(object).member(member)), "");
  };
  return ps::all_of({any("Programs", "Program"), none("Programs", "Package"), none("Rule", "Owner"),
                     any("Services", "Service"), any("Addresses", "RemoteAddress"), any("Addresses", "LocalAddress"),
                     any("Interfaces", "InterfaceAlias"), any("InterfaceTypes", "InterfaceType"),
                     any("Security", "LocalUser"), any("Security", "RemoteUser"), any("Security", "RemoteMachine")});
}

void require_port(int port) {
  if (port < 1 || port > 65535) refuse("there is no TCP port " + std::to_string(port));
}

std::string rule_name(int port) {
  return "Rehearse-TCP-" + std::to_string(port);
}

}  // namespace

Primitive script_for(const host::FeatureInstalled& r, const Surroundings&) {
  const std::vector<std::string> wanted = features_wanted(r.feature);
  Block script = look_at_features(wanted);
  script.answer(all_ready(wanted));
  return on_machine(r.host, std::move(script));
}

/// A restart takes the roles of an active node along, and this step is performed on all nodes at once: whoever drains
/// it and restarts it in its turn is asked to, instead.
Block refuse_to_restart_active_node(const std::string& machine) {
  Block block;
  block.let("Member", ps::service_named("ClusSvc"));
  block.when(ps::equals(ps::cast("string", ps::variable("Member").member("State")), "Running"),
             Block().fail(FailureCode::conflict,
                          ps::literal("Windows wants a restart of " + machine +
                                      " before the feature can be used, and its cluster service is running. Drain it "
                                      "and restart it (operation restart_node), then perform this step again.")));
  return block;
}

// Windows restarts after the script has ended, so the script orders it and the platform waits: InstallFeature is done
// when FeatureInstalled says yes. A feature that waits for a restart of somebody else's making is restarted for, too;
// an installed one that only lacked its cmdlets is not, whatever else on the machine waits for a restart.
Primitive script_for(const host::InstallFeature& r, const Surroundings&) {
  const std::vector<std::string> wanted = features_wanted(r.feature);
  const Expression done = ps::variable("Done");
  Block script = look_at_features(wanted);
  script.when(all_ready(wanted), Block().answer(ps::null()));
  script.when(binary(ps::variable("Found").member("Count"), Operator::equal, ps::number(0)),
              Block().fail(FailureCode::not_found, ps::literal("Windows has no feature '" + r.feature + "'.")));
  Block is_feature;
  is_feature.emit(ps::equals(ps::cast("string", ps::item().member("Name")), r.feature));
  script.let("Before",
             ps::list({pipeline(ps::variable("Ready"), {Command("Where-Object").with("FilterScript", is_feature)})}));
  script.let(
      "Done",
      ps::value_of(
          Command("Install-WindowsFeature").with("Name", ps::list_of({r.feature})).flag("IncludeManagementTools")));
  script.when(negate(done.member("Success")),
              Block().fail(FailureCode::refused, binary(ps::literal("Install-WindowsFeature ended with: "),
                                                        Operator::plus, ps::cast("string", done.member("ExitCode")))));
  script.append(look_at_features(wanted));
  const Expression no_restart = negate(ps::equals(ps::cast("string", done.member("RestartNeeded")), "Yes"));
  const Expression was_ready = binary(ps::variable("Before").member("Count"), Operator::greater, ps::number(0));
  script.when(ps::all_of({all_ready(wanted), ps::any_of({no_restart, was_ready})}), Block().answer(ps::null()));
  script.append(refuse_to_restart_active_node(r.host));
  script.append(order_restart());
  script.answer(ps::variable("Boot"));

  Primitive primitive = on_machine(r.host, std::move(script), hours(1));
  primitive.after = After::restarted;
  primitive.within = minutes(30);
  return primitive;
}

Primitive script_for(const host::ServiceInstalled& r, const Surroundings&) {
  return on_machine(r.host, Block().answer(binary(ps::null(), Operator::not_equal, ps::service_named(r.service))));
}

Primitive script_for(const host::QueryService& r, const Surroundings&) {
  const Expression service = ps::variable("Service");
  Block script;
  script.let("Service", ps::service_named(r.service));
  script.append(let_service_settle(r.service));
  script.when(binary(ps::null(), Operator::equal, service), Block().answer(ps::null()));
  script.answer(ps::cast("string", service.member("State")));
  return on_machine(r.host, std::move(script), minutes(3));
}

Primitive script_for(const host::StartService& r, const Surroundings&) {
  return on_machine(r.host, require_service(r.service).append(start_and_wait(r.service)), minutes(10));
}

Primitive script_for(const host::StopService& r, const Surroundings&) {
  return on_machine(r.host, require_service(r.service).append(stop_and_wait(r.service)), minutes(10));
}

Primitive script_for(const host::RestartService& r, const Surroundings&) {
  Block script = require_service(r.service).append(stop_and_wait(r.service)).append(start_and_wait(r.service));
  return on_machine(r.host, std::move(script), minutes(20));
}

Primitive script_for(const host::QueryStartType& r, const Surroundings&) {
  Block script = require_service(r.service);
  script.answer(ps::cast("string", ps::variable("Service").member("StartMode")));
  return on_machine(r.host, std::move(script));
}

Primitive script_for(const host::SetStartType& r, const Surroundings&) {
  const char* const type = r.type == steps::StartType::automatic ? "Automatic"
                           : r.type == steps::StartType::manual  ? "Manual"
                                                                 : "Disabled";
  Block script = require_service(r.service);
  script.run(Command("Set-Service").with("Name", ps::literal(r.service)).with("StartupType", ps::literal(type)));
  return on_machine(r.host, std::move(script));
}

// Effective rules, with those of group policy (-PolicyStore ActiveStore): an enabled inbound one that allows the port
// to everybody on the domain's networks, and none that blocks it for everybody. Rules for a part
// (rule_is_for_everybody) are left out on both sides: such a rule opens the port for no worker that can be told, and
// closes it for none.
Primitive script_for(const host::FirewallOpen& r, const Surroundings&) {
  require_port(r.port);
  const Expression rule = ps::variable("Rule");
  Block judge;
  judge.let("Programs", filter_of_rule("Get-NetFirewallApplicationFilter"));
  judge.let("Services", filter_of_rule("Get-NetFirewallServiceFilter"));
  judge.let("Addresses", filter_of_rule("Get-NetFirewallAddressFilter"));
  judge.let("Interfaces", filter_of_rule("Get-NetFirewallInterfaceFilter"));
  judge.let("InterfaceTypes", filter_of_rule("Get-NetFirewallInterfaceTypeFilter"));
  judge.let("Security", filter_of_rule("Get-NetFirewallSecurityFilter"));
  Block everybody;
  everybody.when(ps::equals(ps::cast("string", rule.member("Action")), "Block"), Block().answer(ps::flag(false)));
  everybody.when(ps::equals(ps::cast("string", rule.member("Action")), "Allow"), Block().let("Open", ps::flag(true)));
  judge.when(rule_is_for_everybody(), everybody);
  Block each_rule;
  each_rule.when(
      ps::all_of({ps::equals(ps::cast("string", rule.member("Enabled")), "True"),
                  ps::equals(ps::cast("string", rule.member("Direction")), "Inbound"),
                  binary(ps::cast("string", rule.member("Profile")), Operator::matches, ps::literal("Any|Domain"))}),
      judge);
  Block meant;
  meant.for_each("Rule",
                 ps::list({ps::value_of(
                     Command("Get-NetFirewallRule").with("AssociatedNetFirewallPortFilter", ps::variable("Filter")))}),
                 each_rule);
  Block each_filter = port_is_meant(r.port);
  each_filter.when(ps::variable("Meant"), meant);
  Block script;
  script.let("Open", ps::flag(false));
  Block of_tcp;
  of_tcp.emit(binary(ps::item().member("Protocol"), Operator::in, ps::list_of({"TCP", "Any"})));
  script.for_each(
      "Filter",
      ps::list({pipeline(Command("Get-NetFirewallPortFilter").with("PolicyStore", ps::literal("ActiveStore")),
                         {Command("Where-Object").with("FilterScript", of_tcp)})}),
      each_filter);
  script.answer(ps::variable("Open"));
  return on_machine(r.host, std::move(script), minutes(5));
}

Primitive script_for(const host::OpenFirewall& r, const Surroundings&) {
  require_port(r.port);
  const Expression name = ps::literal(rule_name(r.port));
  const auto rule = [&](Command command) {
    return command.with("Name", name)
        .with("Enabled", ps::literal("True"))
        .with("Direction", ps::literal("Inbound"))
        .with("Action", ps::literal("Allow"))
        .with("Profile", ps::literal("Any"))
        .with("Protocol", ps::literal("TCP"))
        .with("LocalPort", ps::literal(std::to_string(r.port)));
  };
  Command make("New-NetFirewallRule");
  make.with("DisplayName", ps::literal("Rehearse: TCP port " + std::to_string(r.port)));
  Block script;
  // A rule that is not there is an error of this cmdlet and none of ours.
  script.let(
      "Present",
      ps::list({ps::value_of(
          Command("Get-NetFirewallRule").with("Name", name).with("ErrorAction", ps::literal("SilentlyContinue")))}));
  script.when(binary(ps::variable("Present").member("Count"), Operator::equal, ps::number(0)), Block().run(rule(make)),
              Block().run(rule(Command("Set-NetFirewallRule"))));
  return on_machine(r.host, std::move(script));
}

Primitive primitive_of(const steps::HostRequest& request, const Surroundings& around) {
  try {
    return std::visit([&](const auto& one) { return script_for(one, around); }, request);
  } catch (const std::invalid_argument& unquotable) {
    refuse(unquotable.what());
  }
}

}  // namespace rehearse::real
