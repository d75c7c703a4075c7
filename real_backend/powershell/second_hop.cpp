#include "real_backend/powershell/second_hop.hpp"

#include <fmt/format.h>

#include <chrono>
#include <vector>

#include "model/steps/failure.hpp"
#include "real_backend/digest.hpp"
#include "real_backend/powershell/cluster_script.hpp"
#include "real_backend/powershell/phrases.hpp"

namespace rehearse::real {

using namespace ps;
using steps::FailureCode;

namespace {

constexpr Duration time_to_prepare = std::chrono::minutes(2);
/// Between the start of the task and its first sign of life, and between its end and its last (assumed).
constexpr std::chrono::milliseconds time_without_answer = std::chrono::seconds(30);

Expression type_with(const char* type, const char* method, const std::vector<Expression>& arguments) {
  return type_method(type, method, arguments);
}

/// In Windows' own folder, where only administrators can make anything, so nobody else can have made it before.
Expression folder_of(const std::string& name) {
  return sentence({type_with("System.Environment", "GetFolderPath", {literal("Windows")}), literal("\\" + name)});
}

Expression in_folder(const std::string& file) {
  return sentence({variable("folder"), literal("\\" + file)});
}

std::string secret_file(std::size_t index) {
  return fmt::format("{}.secret", index);
}

Expression protection_scope() {
  return type_member("System.Security.Cryptography.DataProtectionScope", "LocalMachine");
}

Command load_data_protection() {
  return Command("Add-Type").with("AssemblyName", literal("System.Security"));
}

Expression utf8() {
  return type_member("System.Text.Encoding", "UTF8");
}

Block remove_folder() {
  return Block().when(
      type_with("System.IO.Directory", "Exists", {variable("folder")}),
      Block().run(Command("Remove-Item").with("LiteralPath", variable("folder")).flag("Recurse").flag("Force")));
}

/// $task: the task, $null where there is none; $runs: whether it runs or is about to.
Block look_at_task(const std::string& name) {
  const Expression task = variable("task");
  Block block;
  block.let("task", value_of(Command("Get-ScheduledTask")
                                 .with("TaskName", literal(name))
                                 .with("ErrorAction", literal("SilentlyContinue"))));
  return block.let("runs", binary(text_of(task.member("State")), Operator::in, list_of({"Running", "Queued"})));
}

/// What the task does: takes the script and its secrets into memory, removes their files, runs the script and leaves
/// its answer. The answer gets its name when it is whole.
std::string runner(const std::string& name, const std::vector<steps::Secret>& secrets) {
  std::vector<std::pair<std::string, Expression>> texts;
  for (std::size_t i = 0; i < secrets.size(); ++i) {
    const Expression bytes = type_with("System.IO.File", "ReadAllBytes", {in_folder(secret_file(i))});
    const Expression clear =
        type_with("System.Security.Cryptography.ProtectedData", "Unprotect", {bytes, null(), protection_scope()});
    texts.emplace_back(secrets[i].name(), utf8().method("GetString", {clear}));
  }
  Block body;
  if (!secrets.empty()) body.run(load_data_protection());
  body.let("texts", ps::table(texts));
  body.let("script", type_with("System.IO.File", "ReadAllText", {in_folder("script.ps1")}));
  body.run(Command("Remove-Item").with("Path", in_folder("*")).flag("Force"));
  body.let("script", type_with("System.Management.Automation.ScriptBlock", "Create", {variable("script")}));
  body.let("answer", binary(variable("script").method("Invoke", {variable("texts")}), Operator::joined, literal("")));

  const Expression failure = ps::table({{"ok", flag(false)},
                                        {"code", literal("indeterminate")},
                                        {"message", item().member("Exception").member("Message")}});
  Block rescue;
  rescue.let("answer", value_of(Command("ConvertTo-Json").with("InputObject", failure).flag("Compress")));

  Block block;
  block.let("folder", folder_of(name));
  block.attempt(body, rescue);
  block.run(type_with("System.IO.File", "WriteAllText", {in_folder("answer.part"), variable("answer")}));
  block.run(type_with("System.IO.File", "Move", {in_folder("answer.part"), in_folder("answer.json")}));
  return to_text(block);
}

/// Files in a fresh folder, the task, and its start.
Block start_task(const std::string& name, const Primitive& primitive, const std::string& script, const Site& site,
                 const steps::Secret& password) {
  const std::vector<steps::Secret>& secrets = primitive.script.secrets();
  Block block = remove_folder();
  block.run(Command("New-Item").with("ItemType", literal("Directory")).with("Path", variable("folder")));
  block.append(restrict_to_administrators(variable("folder")));
  if (!secrets.empty()) block.run(load_data_protection());
  for (std::size_t i = 0; i < secrets.size(); ++i) {
    const Expression bytes = utf8().method("GetBytes", {secret(secrets[i])});
    const Expression sealed =
        type_with("System.Security.Cryptography.ProtectedData", "Protect", {bytes, null(), protection_scope()});
    block.run(type_with("System.IO.File", "WriteAllBytes", {in_folder(secret_file(i)), sealed}));
  }
  block.run(type_with("System.IO.File", "WriteAllText", {in_folder("script.ps1"), literal(script)}));

  const Expression encoded =
      type_with("System.Convert", "ToBase64String",
                {type_member("System.Text.Encoding", "Unicode").method("GetBytes", {literal(runner(name, secrets))})});
  const Expression program = sentence(
      {type_member("System.Environment", "SystemDirectory"), literal("\\WindowsPowerShell\\v1.0\\powershell.exe")});
  block.let("action", value_of(Command("New-ScheduledTaskAction")
                                   .with("Execute", program)
                                   .with("Argument",
                                         sentence({literal("-NoProfile -NonInteractive -EncodedCommand "), encoded}))));
  // A task that hangs ends at last; the usual priority of tasks is below that of everything else.
  const auto longest = std::chrono::duration_cast<std::chrono::seconds>(2 * primitive.limit);
  block.let("settings", value_of(Command("New-ScheduledTaskSettingsSet")
                                     .with("ExecutionTimeLimit",
                                           value_of(Command("New-TimeSpan").with("Seconds", number(longest.count()))))
                                     .with("Priority", number(4))
                                     .flag("AllowStartIfOnBatteries")
                                     .flag("DontStopIfGoingOnBatteries")));
  block.run(Command("Register-ScheduledTask")
                .with("TaskName", literal(name))
                .with("Action", variable("action"))
                .with("Settings", variable("settings"))
                .with("User", literal(site.installation_account))
                .with("Password", secret(password))
                .with("RunLevel", literal("Highest"))
                .flag("Force"));
  return block.run(Command("Start-ScheduledTask").with("TaskName", literal(name)));
}

/// Waits for an answer and for the end of the task. `timed_out` leaves the task running.
Block wait_for_answer(const std::string& name, Duration within) {
  Block ended;
  ended.let("info", value_of(Command("Get-ScheduledTaskInfo")
                                 .with("TaskName", literal(name))
                                 .with("ErrorAction", literal("SilentlyContinue"))));
  ended.fail(FailureCode::indeterminate,
             sentence({literal(fmt::format("The scheduled task {} has ended and left no answer; its last "
                                           "result is ",
                                           name)),
                       variable("info").member("LastTaskResult")}));
  const Expression elapsed = variable("clock").member("ElapsedMilliseconds");
  Block alive;
  alive.let("alive", elapsed);
  Block look = look_at_task(name);
  look.let("there", type_with("System.IO.File", "Exists", {in_folder("answer.json")}));
  look.let("reached", both(variable("there"), negate(variable("runs"))));
  look.when(either(variable("there"), variable("runs")), alive);
  const Expression silent_since = binary(variable("alive"), Operator::plus, number(time_without_answer.count()));
  look.when(binary(elapsed, Operator::at_least, silent_since), ended);
  Block block;
  block.let("alive", number(0));
  return block.append(wait_until_reached(
      within, look,
      literal(fmt::format("The scheduled task {} still runs; performing the step again waits for it", name))));
}

}  // namespace

std::string task_name(const Primitive& primitive) {
  return "rehearse-" + short_digest(to_text(primitive.script));
}

Primitive through_scheduled_task(const Primitive& primitive, const Site& site, const steps::Secret& password) {
  const std::string script = to_text(primitive.script);
  const std::string name = task_name(primitive);

  Block body = look_at_task(name);
  body.when(negate(variable("runs")), start_task(name, primitive, script, site, password));
  body.append(wait_for_answer(name, primitive.limit));
  body.let("outcome", type_with("System.IO.File", "ReadAllText", {in_folder("answer.json")}));

  Block clear;
  clear.when(not_null(variable("task")),
             Block().run(Command("Unregister-ScheduledTask").with("TaskName", literal(name))));
  clear.append(remove_folder());
  Block last = look_at_task(name);
  last.when(negate(variable("runs")), clear);

  Primitive through = primitive;
  through.script = Block();
  through.script.let("folder", folder_of(name));
  through.script.and_finally(body, last);
  through.script.answer_line(variable("outcome"));
  through.second_hop = false;
  through.task_only = false;
  through.limit = primitive.limit + time_to_prepare;
  return through;
}

}  // namespace rehearse::real
