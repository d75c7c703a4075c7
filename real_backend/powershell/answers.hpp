// The answer line of a script, taken apart: its value, or the failure it reports in the words of the closed list. What
// a value means for a request is read_answer() in primitives.hpp.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>

#include "model/steps/failure.hpp"
#include "model/steps/request.hpp"

namespace rehearse::real {

/// What a script reports that did not succeed (to_text(Block) in script.hpp). `code` is what fail() said and empty for
/// errors of Windows' own; the rest is of those.
struct ScriptError {
  std::string code;
  std::string message;
  std::string category;      // PowerShell's ErrorCategory: "ObjectNotFound"
  std::string id;            // "NoServiceFoundForGivenName,Microsoft.PowerShell.Commands.StopServiceCommand"
  std::int64_t hresult = 0;  // 0x80070005 as Windows' signed number, or unsigned; 0: none
  std::int64_t win32 = 0;    // a Win32 error number by itself; 0: none
  std::string cmdlet;
  std::int64_t number = 0;  // SQL Server's error number; 0: none
};

/// The failure in the closed list: by our own code where there is one, else by SQL Server's number, the Win32 error,
/// the HRESULT and the category, in this order; what none of them decides is `refused`. Nobody answering (RPC, SQL
/// Server's listener) is `unreachable`, but for a change that had begun with the script it is `indeterminate`:
/// `unreachable` says that nothing was begun, and lets the platform go on to another node. The message is Windows' own,
/// on one line and bounded.
steps::Failure failure_of(const ScriptError& error, steps::Effect effect);

/// The value of a script's answer. Throws the Failure of failure_of() for a script that did not succeed, and
/// `indeterminate` for a line that is no answer.
nlohmann::json value_in(const std::string& line, steps::Effect effect);

/// The value as a text; nullopt for null. Throws as value_in does, and `indeterminate` for anything else.
std::optional<std::string> text_in(const std::string& line, steps::Effect effect);

/// The value as bytes, which stand there in base64. Throws as value_in does, and `indeterminate` for anything else.
std::string bytes_in(const std::string& line, steps::Effect effect);
std::string bytes_of(const nlohmann::json& value);

/// The node that owns what was asked for, when the script found that it ran on another one (`elsewhere` in
/// primitives.hpp); nullopt for every other line, readable or not.
std::optional<std::string> sent_elsewhere(const std::string& line);

/// An answer that makes no sense: `indeterminate`, with the beginning of what came instead of `expected`.
steps::Failure senseless(const std::string& expected, const nlohmann::json& value);

}  // namespace rehearse::real
