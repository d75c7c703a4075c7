// One machine of the far world as a script finds it: the cmdlets, programs and .NET types that Windows has there. What
// is not there fails as on Windows ("The term ... is not recognized"); what is there on Windows and not here is a gap
// of the stand-in, and a std::logic_error that names it.
#pragma once

#include <functional>
#include <string>

#include "tests/far_side/dotnet.hpp"
#include "tests/far_side/operators.hpp"
#include "tests/far_side/value.hpp"
#include "tests/far_side/world.hpp"

namespace far_side {

/// What the logon of a script can do beyond its machine. A network logon holds no credentials to show elsewhere (the
/// second hop); a scheduled task with a password, or a delegated logon, does.
enum class Logon { network, delegated };

/// The machine went down under the script: no answer comes any more.
struct PowerLost : std::exception {
  const char* what() const noexcept override { return "the machine went down"; }
};

class FarMachine : public MachineSide {
 public:
  /// The world must outlive it. `user`: who runs the script.
  FarMachine(FarWorld& the_world, std::string the_name, Logon the_logon, std::string the_user = "CORP\\installer");

  Array run(const Call& call) override;
  Array run_program(const std::string& program, const Array& arguments, std::int64_t& exit_code) override;
  Value type_member(const std::string& type, const std::string& name) override;
  Value type_method(const std::string& type, const std::string& name, const Array& arguments) override;
  Value new_object(const std::string& type, const Array& arguments) override;

  /// Lets the world go on; throws PowerLost when this machine is off afterwards.
  void wait(Span time);
  /// Waits until `done`, at most so long; returns whether it came about.
  bool wait_until(const std::function<bool()>& done, Span limit);

  Machine& here() { return machine_of(world, name); }

  FarWorld& world;
  const std::string name;
  const Logon logon;
  const std::string user;
  std::function<void()> changed;  // called after every cmdlet, program and method; for keeping the world in a file
};

// ---- what the files of cmdlets offer

using Cmdlet = Array (*)(FarMachine& at, const Call& call);
using Cmdlets = std::map<std::string, Cmdlet, NoCase>;
/// Runs to its end; the return value is the exit code. `arguments` as texts.
using Program = std::int64_t (*)(FarMachine& at, const Names& arguments, Array& output);
using Programs = std::map<std::string, Program, NoCase>;

/// One .NET type. An empty function: the type has nothing of the kind that the far side knows.
struct NetType {
  std::function<Value(FarMachine& at, const std::string& member)> member;
  std::function<Value(FarMachine& at, const std::string& method, const Array& arguments)> method;
  std::function<Value(FarMachine& at, const Array& arguments)> construct;
};
using NetTypes = std::map<std::string, NetType, NoCase>;

void add_cluster_cmdlets(Cmdlets& cmdlets);
void add_node_cmdlets(Cmdlets& cmdlets);
void add_role_cmdlets(Cmdlets& cmdlets);
void add_resource_cmdlets(Cmdlets& cmdlets);
void add_validation_cmdlets(Cmdlets& cmdlets);
void add_quorum_cmdlets(Cmdlets& cmdlets);
void add_dependency_cmdlets(Cmdlets& cmdlets);
void add_parameter_cmdlets(Cmdlets& cmdlets);
void add_host_cmdlets(Cmdlets& cmdlets);
void add_service_cmdlets(Cmdlets& cmdlets);
void add_file_cmdlets(Cmdlets& cmdlets);
void add_registry_cmdlets(Cmdlets& cmdlets);
void add_certificate_cmdlets(Cmdlets& cmdlets);
void add_firewall_cmdlets(Cmdlets& cmdlets);
void add_task_cmdlets(Cmdlets& cmdlets);

void add_netsh_program(Programs& programs);
void add_setup_program(Programs& programs);
void add_system_programs(Programs& programs);

void add_system_types(NetTypes& types);
void add_file_types(NetTypes& types);
void add_access_types(NetTypes& types);
void add_certificate_types(NetTypes& types);
void add_sql_types(NetTypes& types);

// ---- small helpers of all of them

/// The exception of a .NET type, which the interpreter wraps where a method threw it.
Error net_error(const std::string& type, const std::string& message, std::int64_t hresult = -2146233088);
/// "Access is denied", as a cmdlet of this id says it.
Error access_denied(const std::string& what, const std::string& id);
/// A cmdlet that asks the user, of whom there is none; $ConfirmPreference does not keep these from asking.
Error prompts(const std::string& cmdlet);
/// For what Windows has and the far side does not know.
[[noreturn]] void gap(const std::string& what);

Names texts_of(const Value& value);
bool has_wildcard(const std::string& pattern);
std::string base64_of(const std::string& bytes);
std::string bytes_of_base64(const std::string& text);

RegistryValue registry_text(std::string text);
RegistryValue registry_number(std::int64_t number);

/// A local date, as cmdlets return them.
Value local_date(Instant at);

/// The text inside a SecureString.
std::string secure_text(const Value& value);
Value secure_string(const std::string& text);

}  // namespace far_side
