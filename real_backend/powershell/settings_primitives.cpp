// MasterSettings.config and WorkerSettings.config (S 2). The bytes travel in base64 and are read and changed on our
// side, where the notation, the encoding and every key that is not known are kept; so a write is an exchange: read,
// change, and put back if the file is still what was read.
#include <fmt/format.h>

#include <utility>

#include "model/artefacts/settings_writer.hpp"
#include "real_backend/base64.hpp"
#include "real_backend/powershell/answers.hpp"
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
using steps::FailureCode;

constexpr int largest_file = 1024 * 1024;  // bytes

std::string path_of(const Site& site, const std::string& service, const char* file) {
  require_service_name(service);
  return fmt::format("{}\\Microsoft SQL Server\\{}\\DTS\\Binn\\{}", site.program_files, version_digits(service), file);
}

/// $Path; not_found without the file. $Bytes: what it holds, in base64.
Block read_file(const std::string& path) {
  const Expression file = ps::variable("Path");
  Block block;
  block.let("Path", ps::literal(path));
  block.when(negate(ps::value_of(Command("Test-Path").with("LiteralPath", file).with("PathType", ps::literal("Leaf")))),
             Block().fail(FailureCode::not_found, ps::literal("Could not find file '" + path + "'.")));
  const Expression length = ps::value_of(Command("Get-Item").with("LiteralPath", file)).member("Length");
  block.when(binary(length, Operator::greater, ps::number(largest_file)),
             Block().fail(FailureCode::refused, ps::literal("'" + path + "' is too large for a settings file.")));
  block.let("Bytes", ps::type_method("System.Convert", "ToBase64String",
                                     {ps::type_method("System.IO.File", "ReadAllBytes", {file})}));
  return block;
}

Primitive read_settings(const std::string& machine, const std::string& path) {
  return on_machine(machine, read_file(path).answer(ps::variable("Bytes")));
}

/// Written beside the file and put in its place in one move, which keeps the file's access rights: whoever reads it
/// finds the old or the new whole.
Primitive replace_file(const std::string& machine, const std::string& path, const std::string& before,
                       const std::string& after) {
  const Expression fresh = ps::variable("Fresh");
  Block put;
  put.run(
      ps::type_method("System.IO.File", "WriteAllBytes",
                      {fresh, ps::type_method("System.Convert", "FromBase64String", {ps::literal(to_base64(after))})}));
  // No name for a backup: PowerShell would make an empty text of $null, which .NET refuses.
  put.run(ps::type_method(
      "System.IO.File", "Replace",
      {fresh, ps::variable("Path"), ps::type_member("System.Management.Automation.Language.NullString", "Value")}));
  Block clean_up;
  clean_up.when(ps::value_of(Command("Test-Path").with("LiteralPath", fresh)),
                Block().run(Command("Remove-Item").with("LiteralPath", fresh)));
  Block script = read_file(path);
  // PowerShell's own comparisons are blind to case.
  script.when(
      binary(
          ps::type_method("System.String", "CompareOrdinal", {ps::variable("Bytes"), ps::literal(to_base64(before))}),
          Operator::not_equal, ps::number(0)),
      Block().fail(FailureCode::conflict, ps::literal("'" + path + "' was changed by somebody else meanwhile.")));
  script.let("Fresh", ps::literal(path + ".rehearse"));
  script.and_finally(put, clean_up);
  return on_machine(machine, std::move(script));
}

template <class Settings>
Primitive write_settings(const std::string& machine, const std::string& path, const std::string& name,
                         const Settings& settings) {
  Primitive primitive = read_settings(machine, path);
  primitive.next = [machine, path, name, settings](const std::string& line) {
    const std::string before = bytes_in(line, steps::Effect::query);
    const model::RewrittenSettings rewritten = model::rewrite_settings(before, name + " on " + machine, settings);
    if (!rewritten.bytes) refuse(errors_in(rewritten.diagnostics));
    if (*rewritten.bytes == before) return on_machine(machine, Block());
    return replace_file(machine, path, before, *rewritten.bytes);
  };
  return primitive;
}

constexpr const char* master_file = "MasterSettings.config";
constexpr const char* worker_file = "WorkerSettings.config";

}  // namespace

Primitive script_for(const host::ReadMasterSettings& r, const Surroundings& around) {
  return read_settings(r.host, path_of(around.site, r.service, master_file));
}

Primitive script_for(const host::WriteMasterSettings& r, const Surroundings& around) {
  return write_settings(r.host, path_of(around.site, r.service, master_file), master_file, r.settings);
}

Primitive script_for(const host::ReadWorkerSettings& r, const Surroundings& around) {
  return read_settings(r.host, path_of(around.site, r.service, worker_file));
}

Primitive script_for(const host::WriteWorkerSettings& r, const Surroundings& around) {
  return write_settings(r.host, path_of(around.site, r.service, worker_file), worker_file, r.settings);
}

}  // namespace rehearse::real
