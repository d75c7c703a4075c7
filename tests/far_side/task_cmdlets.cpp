// Scheduled tasks: a task with a user and a password runs with credentials that it can show to other machines, which a
// network logon cannot. What it runs is PowerShell, taken from its command line and interpreted like any script.
#include <algorithm>

#include "tests/far_side/clockwork.hpp"
#include "tests/far_side/date_time.hpp"
#include "tests/far_side/machine.hpp"
#include "tests/far_side/text_units.hpp"

namespace far_side {
namespace {

constexpr std::int64_t is_running_now = 267009;  // SCHED_S_TASK_RUNNING

ScheduledTask& find_task(FarMachine& at, const Call& call, const std::string& name) {
  const auto found = at.here().tasks.find(name);
  if (found == at.here().tasks.end()) {
    if (same_text(call.cmdlet, "Get-ScheduledTask")) {
      throw Error("No MSFT_ScheduledTask objects found with property 'TaskName' equal to '" + name +
                      "'.  Verify the value of the property and retry.",
                  "ObjectNotFound", "CmdletizationQuery_NotFound_TaskName,Get-ScheduledTask");
    }
    throw Error("The system cannot find the file specified.", "ObjectNotFound", "HRESULT 0x80070002," + call.cmdlet,
                -2147024894);
  }
  return found->second;
}

Names tasks_of(const Call& call) {
  Names names = texts_of(call["TaskName"]);
  for (const Value& object : call.has("InputObject") ? call["InputObject"].items() : call.input) {
    names.push_back(object.member("TaskName").text());
  }
  return names;
}

Value task_object(const std::string& name, const ScheduledTask& task) {
  const std::map<std::string, int> states = {{"Disabled", 1}, {"Queued", 2}, {"Ready", 3}, {"Running", 4}};
  return make_object("Microsoft.Management.Infrastructure.CimInstance",
                     {{"TaskName", name},
                      {"TaskPath", "\\"},
                      {"State", enumeration("Microsoft.PowerShell.Cmdletization.GeneratedTypes.ScheduledTask.StateEnum",
                                            task.state, states.at(task.state))},
                      {"Actions", Array{make_object("Microsoft.Management.Infrastructure.CimInstance",
                                                    {{"Execute", task.execute}, {"Arguments", task.arguments}})}}});
}

Array new_action(FarMachine&, const Call& call) {
  return {make_object("Microsoft.Management.Infrastructure.CimInstance",
                      {{"Execute", call["Execute"]}, {"Arguments", call["Argument"]}})};
}

Array new_settings(FarMachine&, const Call& call) {
  auto object = make_object("Microsoft.Management.Infrastructure.CimInstance", {});
  for (const auto& [name, value] : call.named) object->members[name] = value;
  return {object};
}

Array new_principal(FarMachine&, const Call& call) {
  return {make_object("Microsoft.Management.Infrastructure.CimInstance",
                      {{"UserId", call["UserId"]}, {"LogonType", call["LogonType"]}, {"RunLevel", call["RunLevel"]}})};
}

bool logon_is_right(const FarWorld& world, const std::string& user, const std::string& password) {
  const auto known = world.domain.accounts.find(user);
  return known != world.domain.accounts.end() && known->second == password;
}

Array register_task(FarMachine& at, const Call& call) {
  const std::string name = call["TaskName"].text();
  if (name.find_first_of("\\/:*?\"<>|") != std::string::npos) {
    throw Error("The parameter is incorrect.", "InvalidArgument", "HRESULT 0x80070057,Register-ScheduledTask",
                -2147024809);
  }
  const bool there = at.here().tasks.count(name) != 0;
  if (there && !call["Force"].truth()) {
    throw Error("Cannot create a file when that file already exists.", "ResourceExists",
                "HRESULT 0x800700b7,Register-ScheduledTask", -2147024713);
  }
  ScheduledTask task;
  task.user = call["User"].text();
  const bool system = same_text(task.user, "SYSTEM") || same_text(task.user, "NT AUTHORITY\\SYSTEM");
  if (!system && !logon_is_right(at.world, task.user, call["Password"].text())) {
    throw Error("The user name or password is incorrect.", "AuthenticationError",
                "HRESULT 0x8007052e,Register-ScheduledTask", -2147023570);
  }
  if (system) task.logon = "ServiceAccount";
  const Array actions = call["Action"].items();
  if (actions.size() != 1) gap("a scheduled task with other than one action");
  task.execute = actions[0].member("Execute").text();
  task.arguments = actions[0].member("Arguments").text();
  task.highest = same_text(call["RunLevel"].text(), "Highest");
  at.here().tasks[name] = task;
  return {task_object(name, task)};
}

Array get_tasks(FarMachine& at, const Call& call) {
  Names names = tasks_of(call);
  if (names.empty()) {
    for (const auto& [name, task] : at.here().tasks) names.push_back(name);
  }
  Array objects;
  for (const std::string& name : names) objects.push_back(task_object(name, find_task(at, call, name)));
  return objects;
}

Array get_info(FarMachine& at, const Call& call) {
  Array objects;
  for (const std::string& name : tasks_of(call)) {
    const ScheduledTask& task = find_task(at, call, name);
    objects.push_back(make_object("Microsoft.Management.Infrastructure.CimInstance",
                                  {{"TaskName", name},
                                   {"LastTaskResult", task.state == "Running" ? is_running_now : task.last_result},
                                   {"LastRunTime", task.last_run ? local_date(*task.last_run) : Value()}}));
  }
  return objects;
}

Array start_task(FarMachine& at, const Call& call) {
  for (const std::string& name : tasks_of(call)) {
    ScheduledTask& task = find_task(at, call, name);
    if (task.state == "Running" || task.state == "Queued") continue;  // one instance at a time
    task.state = "Queued";
    task.due = at.world.now + 1s;
  }
  return {};
}

Array unregister_task(FarMachine& at, const Call& call) {
  for (const std::string& name : tasks_of(call)) {
    find_task(at, call, name);
    at.here().tasks.erase(name);
  }
  return {};
}

/// The script on a command line of powershell.exe.
std::string script_of(const std::string& arguments) {
  const std::string word = "-EncodedCommand ";
  const std::size_t at = arguments.find(word);
  if (at == std::string::npos) gap("a scheduled task that runs PowerShell with " + arguments);
  const std::string bytes = bytes_of_base64(arguments.substr(at + word.size()));
  std::u16string units;
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    units +=
        static_cast<char16_t>(static_cast<unsigned char>(bytes[i]) | static_cast<unsigned char>(bytes[i + 1]) << 8);
  }
  return from_utf16(units);
}

void run(FarWorld& world, const std::string& machine, const std::string& name) {
  ScheduledTask task = machine_of(world, machine).tasks.at(name);
  if (!same_text(task.execute.substr(task.execute.rfind('\\') + 1), "powershell.exe")) {
    gap("a scheduled task that runs " + task.execute);
  }
  // The command line of Windows ends at 32,767 characters; the task's own at 8,191 (assumed to be cmd's).
  if (task.arguments.size() > 32'000) gap("a command line of " + std::to_string(task.arguments.size()) + " characters");
  std::int64_t result = 0;
  FarMachine there(world, machine, task.logon == "Password" ? Logon::delegated : Logon::network, task.user);
  try {
    interpret(script_of(task.arguments), {}, there);
  } catch (const Error&) {
    result = 1;
  } catch (const PowerLost&) {
    return;
  }
  const auto still = machine_of(world, machine).tasks.find(name);
  if (still == machine_of(world, machine).tasks.end()) return;
  still->second.state = "Ready";
  still->second.last_result = result;
}

}  // namespace

void run_due_tasks(FarWorld& world) {
  for (auto& [machine_name, machine] : world.machines) {
    if (!machine.on) continue;
    Names due;
    for (auto& [name, task] : machine.tasks) {
      if (task.state != "Queued" || task.due > world.now) continue;
      task.state = "Running";
      task.last_run = world.now;
      due.push_back(name);
    }
    for (const std::string& name : due) run(world, machine_name, name);
  }
}

void add_task_cmdlets(Cmdlets& cmdlets) {
  cmdlets["New-ScheduledTaskAction"] = new_action;
  cmdlets["New-ScheduledTaskSettingsSet"] = new_settings;
  cmdlets["New-ScheduledTaskPrincipal"] = new_principal;
  cmdlets["Register-ScheduledTask"] = register_task;
  cmdlets["Get-ScheduledTask"] = get_tasks;
  cmdlets["Get-ScheduledTaskInfo"] = get_info;
  cmdlets["Start-ScheduledTask"] = start_task;
  cmdlets["Unregister-ScheduledTask"] = unregister_task;
}

}  // namespace far_side
