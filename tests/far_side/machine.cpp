#include "tests/far_side/machine.hpp"

#include "tests/far_side/clockwork.hpp"
#include "tests/far_side/parameters.hpp"

namespace far_side {
namespace {

constexpr Span time_of_a_cmdlet{50};

const Cmdlets& all_cmdlets() {
  static const Cmdlets known = [] {
    Cmdlets cmdlets;
    for (const auto add :
         {add_cluster_cmdlets, add_node_cmdlets, add_role_cmdlets, add_resource_cmdlets, add_validation_cmdlets,
          add_quorum_cmdlets, add_dependency_cmdlets, add_parameter_cmdlets, add_host_cmdlets, add_service_cmdlets,
          add_file_cmdlets, add_registry_cmdlets, add_certificate_cmdlets, add_firewall_cmdlets, add_task_cmdlets}) {
      add(cmdlets);
    }
    return cmdlets;
  }();
  return known;
}

const Programs& all_programs() {
  static const Programs known = [] {
    Programs programs;
    add_netsh_program(programs);
    add_setup_program(programs);
    add_system_programs(programs);
    return programs;
  }();
  return known;
}

const NetTypes& all_types() {
  static const NetTypes known = [] {
    NetTypes types;
    for (const auto add : {add_system_types, add_file_types, add_access_types, add_certificate_types, add_sql_types}) {
      add(types);
    }
    return types;
  }();
  return known;
}

const NetType& known_type(const std::string& type) {
  const NetTypes& types = all_types();
  auto found = types.find(type);
  if (found == types.end()) found = types.find("System." + type);
  if (found == types.end()) gap("the .NET type " + type);
  return found->second;
}

Error not_recognized(const std::string& term) {
  Error error("The term '" + term +
                  "' is not recognized as the name of a cmdlet, function, script file, or operable program. Check the "
                  "spelling of the name, or if a path was included, verify that the path is correct and try again.",
              "ObjectNotFound", "CommandNotFoundException");
  error.type = "System.Management.Automation.CommandNotFoundException";
  error.ends_statement = true;
  return error;
}

/// Modules that only come with a feature (W 8: -IncludeManagementTools).
bool is_installed(const Machine& machine, const std::string& module) {
  if (module != "FailoverClusters") return true;
  const auto found = machine.features.find("RSAT-Clustering-PowerShell");
  return found != machine.features.end() && found->second == "Installed";
}

std::string file_name_of(const std::string& program) {
  const std::size_t last = program.find_last_of("\\/");
  return last == std::string::npos ? program : program.substr(last + 1);
}

}  // namespace

FarMachine::FarMachine(FarWorld& the_world, std::string the_name, Logon the_logon, std::string the_user)
    : world(the_world), name(machine_named(the_world, the_name)), logon(the_logon), user(std::move(the_user)) {
  if (name.empty()) throw std::logic_error("the far side has no machine " + the_name);
}

void FarMachine::wait(Span time) {
  pass(world, time);
  if (!here().on) throw PowerLost();
}

bool FarMachine::wait_until(const std::function<bool()>& done, Span limit) {
  const Instant end = world.now + limit;
  while (!done()) {
    if (world.now >= end) return false;
    wait(Span(500));
  }
  return true;
}

Array FarMachine::run(const Call& call) {
  wait(time_of_a_cmdlet);
  const CmdletFacts* facts = facts_of_cmdlet(call.cmdlet);
  if (facts == nullptr || !is_installed(here(), facts->module)) throw not_recognized(call.cmdlet);
  const Call bound = bind(call, *facts);
  const auto found = all_cmdlets().find(call.cmdlet);
  if (found == all_cmdlets().end()) gap("the cmdlet " + call.cmdlet);
  Array output = found->second(*this, bound);
  if (changed) changed();
  return output;
}

Array FarMachine::run_program(const std::string& program, const Array& arguments, std::int64_t& exit_code) {
  wait(time_of_a_cmdlet);
  const auto found = all_programs().find(file_name_of(program));
  const bool stated = program.find('\\') != std::string::npos;
  const bool in_windows = program.rfind("C:\\Windows\\", 0) == 0;
  if (found == all_programs().end()) throw not_recognized(program);
  if (stated && !in_windows && here().files.count(program) == 0 && world.domain.shares.count(program) == 0) {
    throw not_recognized(program);
  }
  if (stated && program.rfind("\\\\", 0) == 0 && logon == Logon::network) {
    throw Error("Program '" + file_name_of(program) + "' failed to run: Access is denied", "ResourceUnavailable",
                "NativeCommandFailed");
  }
  Names texts;
  for (const Value& argument : arguments) texts.push_back(argument.text());
  Array output;
  exit_code = found->second(*this, texts, output);
  if (changed) changed();
  return output;
}

Value FarMachine::type_member(const std::string& type, const std::string& member) {
  const NetType& known = known_type(type);
  if (!known.member) gap("the member " + member + " of " + type);
  return known.member(*this, member);
}

Value FarMachine::type_method(const std::string& type, const std::string& method, const Array& arguments) {
  const NetType& known = known_type(type);
  if (!known.method) gap("the method " + method + " of " + type);
  Value value = known.method(*this, method, arguments);
  if (changed) changed();
  return value;
}

Value FarMachine::new_object(const std::string& type, const Array& arguments) {
  const NetType& known = known_type(type);
  if (!known.construct) gap("an object of " + type);
  return known.construct(*this, arguments);
}

}  // namespace far_side
