// One machine as a whole: whether it answers, restart and shutdown, Windows updates.
#include <fmt/format.h>

#include <utility>

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
using steps::PatchState;

// ---- power
/// When wininit.exe was started: once a boot, and a process keeps the time it was created with. The time of the last
/// boot in Win32_OperatingSystem moves when the clock is set, and would look like a restart (undocumented, both).
Block look_at_boot() {
  const Expression first = ps::variable("First");
  Block block;
  block.let("First", ps::list({ps::value_of(Command("Get-CimInstance")
                                                .with("ClassName", ps::literal("Win32_Process"))
                                                .with("Filter", ps::literal("Name='wininit.exe'")))})
                         .at(ps::number(0)));
  block.let("Boot", first.member("CreationDate").method("ToUniversalTime").method("ToString", {ps::literal("o")}));
  return block;
}

/// shutdown.exe with a few seconds' grace, so that the script's answer still gets out; it is the same graceful shutdown
/// that Restart-Computer asks for, in which the cluster service drains its node (W 1.3, DrainOnShutdown).
Block order_shutdown(const char* kind) {
  Block block;
  block.let("Output", native(ps::literal("shutdown.exe"),
                             {ps::literal(kind), ps::literal("/t"), ps::literal("5"), ps::literal("/f"),
                              ps::literal("/c"), ps::literal("Ordered by Rehearse")}));
  block.let("Code", ps::exit_code());
  constexpr int in_progress = 1115, scheduled = 1190;  // Win32 error numbers
  block.when(
      binary(ps::variable("Code"), Operator::in, ps::list({ps::number(in_progress), ps::number(scheduled)})),
      Block().fail(FailureCode::conflict, ps::literal("A system shutdown is in progress or has been scheduled.")));
  block.when(binary(ps::variable("Code"), Operator::not_equal, ps::number(0)),
             Block().fail(FailureCode::refused,
                          binary(ps::literal("shutdown.exe: "), Operator::plus, ps::joined(ps::variable("Output")))));
  return block;
}

// ---- updates
/// Definitions of malware come several times a day, need no restart, and would let no machine ever be up to date.
constexpr const char* definition_updates = "e0789628-ce08-4437-be74-2495b842f43b";  // their category at Windows Update

/// $Missing: updates that Windows Update offers by itself and that are neither installed nor waiting for a restart.
Block look_for_updates() {
  const Expression update = ps::variable("Update");
  Block kind;
  kind.when(ps::equals(ps::cast("string", ps::variable("Category").member("CategoryID")), definition_updates),
            Block().let("Counts", ps::flag(false)));
  Block each;
  each.let("Counts", negate(update.member("RebootRequired")));
  each.for_each("Category", update.member("Categories"), kind);
  each.when(ps::variable("Counts"),
            Block().let("Missing", binary(ps::variable("Missing"), Operator::plus, ps::list({update}))));
  Block block;
  block.let("Session", ps::value_of(Command("New-Object").with("ComObject", ps::literal("Microsoft.Update.Session"))));
  const Expression searched =
      ps::variable("Session")
          .method("CreateUpdateSearcher")
          .method("Search", {ps::literal("IsInstalled=0 and IsHidden=0 and BrowseOnly=0 and Type='Software'")});
  block.let("Offered", searched.member("Updates"));
  block.let("Missing", ps::list({}));
  block.for_each("Update", ps::variable("Offered"), each);
  return block;
}

/// Either servicing or the update agent has left something to the next boot (undocumented keys, used by every tool).
Expression waits_for_restart() {
  const auto there = [](const char* key) {
    return ps::value_of(Command("Test-Path").with("LiteralPath", ps::literal(key)));
  };
  return binary(
      there("HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Component Based Servicing\\RebootPending"),
      Operator::either,
      there("HKLM:\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\WindowsUpdate\\Auto Update\\RebootRequired"));
}

/// The update agent's result codes: 2 succeeded; 3, with errors, leaves updates missing, and asking again goes on.
Block fail_unless_succeeded(const char* result, const char* what) {
  const Expression outcome = ps::variable(result);
  const Expression said =
      binary(ps::literal(fmt::format("Windows Update could not {}: result ", what)), Operator::plus,
             binary(ps::cast("string", outcome.member("ResultCode")), Operator::plus,
                    binary(ps::literal(", HRESULT "), Operator::plus, ps::cast("string", outcome.member("HResult")))));
  return Block().when(binary(outcome.member("ResultCode"), Operator::not_equal, ps::number(2)),
                      Block().fail(FailureCode::refused, said));
}

}  // namespace

Primitive boot_time(const std::string& host) {
  Block script = look_at_boot();
  script.answer(ps::variable("Boot"));
  return on_machine(host, std::move(script), minutes(1));
}

Block order_restart() {
  return look_at_boot().append(order_shutdown("/r"));
}

// The script need only come back: a machine that runs none does not answer, and that is the platform's to see.
Primitive script_for(const host::Answers& r, const Surroundings&) {
  return on_machine(r.host, Block().answer(ps::flag(true)), minutes(1));
}

Primitive script_for(const host::RestartMachine& r, const Surroundings&) {
  Primitive primitive = on_machine(r.host, order_restart().answer(ps::variable("Boot")));
  primitive.after = After::restarted;
  primitive.within = r.within;
  return primitive;
}

Primitive script_for(const host::ShutDownMachine& r, const Surroundings&) {
  Primitive primitive = on_machine(r.host, order_shutdown("/s"));
  primitive.after = After::powered_off;
  primitive.within = r.within;
  return primitive;
}

Primitive script_for(const host::QueryPatches& r, const Surroundings&) {
  const auto state = [](PatchState its) { return ps::literal(to_text(its)); };
  Block script = look_for_updates();
  script.when(binary(ps::variable("Missing").member("Count"), Operator::greater, ps::number(0)),
              Block().answer(state(PatchState::missing)));
  script.when(waits_for_restart(), Block().answer(state(PatchState::restart_needed)));
  script.answer(state(PatchState::in_place));
  return on_machine(r.host, std::move(script), minutes(15));
}

Primitive script_for(const host::InstallPatches& r, const Surroundings&) {
  const Expression update = ps::variable("Update");
  Block each;
  each.when(negate(update.member("EulaAccepted")), Block().run(update.method("AcceptEula")));
  each.run(ps::variable("Chosen").method("Add", {update}));
  Block script = look_for_updates();
  script.when(binary(ps::variable("Missing").member("Count"), Operator::equal, ps::number(0)),
              Block().answer(ps::null()));
  script.let("Chosen",
             ps::value_of(Command("New-Object").with("ComObject", ps::literal("Microsoft.Update.UpdateColl"))));
  script.for_each("Update", ps::variable("Missing"), each);
  script.let("Downloader", ps::variable("Session").method("CreateUpdateDownloader"));
  script.set_member(ps::variable("Downloader"), "Updates", ps::variable("Chosen"));
  script.let("Downloaded", ps::variable("Downloader").method("Download"));
  script.append(fail_unless_succeeded("Downloaded", "download the updates"));
  script.let("Installer", ps::variable("Session").method("CreateUpdateInstaller"));
  script.set_member(ps::variable("Installer"), "Updates", ps::variable("Chosen"));
  script.let("Installed", ps::variable("Installer").method("Install"));
  script.append(fail_unless_succeeded("Installed", "install the updates"));
  Primitive primitive = on_machine(r.host, std::move(script), hours(3));
  primitive.task_only = true;
  return primitive;
}

}  // namespace rehearse::real
