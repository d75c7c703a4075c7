#include "real_backend/powershell/answers.hpp"

#include <fmt/format.h>

#include <cstddef>
#include <limits>
#include <nlohmann/json.hpp>
#include <string_view>
#include <utility>

#include "real_backend/base64.hpp"
#include "real_backend/powershell/primitives.hpp"

namespace rehearse::real {
namespace {

using nlohmann::json;
using steps::Effect;
using steps::Failure;
using steps::FailureCode;

constexpr std::size_t longest_message = 4000;  // bytes
constexpr std::size_t longest_quote = 200;     // bytes of an answer that makes no sense

/// Codes of our own and of Windows, as they stand in an answer.
std::optional<FailureCode> code_named(std::string_view text) {
  for (const FailureCode code :
       {FailureCode::refused, FailureCode::not_found, FailureCode::conflict, FailureCode::unreachable,
        FailureCode::timed_out, FailureCode::cancelled, FailureCode::indeterminate}) {
    if (steps::to_text(code) == text) return code;
  }
  return std::nullopt;
}

// Error numbers of SQL Server and of its client, where they mean something else than `refused`.
std::optional<FailureCode> of_sql_number(std::int64_t number) {
  switch (number) {
    case -2: return FailureCode::timed_out;  // the client's own time
    case -1:                                 // no server, by the client's network layer: nobody listens
    case 2:
    case 53:
    case 10053:
    case 10054:
    case 10060:
    case 10061:
    case 11001: return FailureCode::unreachable;
    case 922:                                     // the database is being recovered
    case 927:                                     // it is in the middle of a restore
    case 976:                                     // it is a replica that takes no connections (W 10)
    case 983:                                     // the replica is resolving (W 10)
    case 6005:                                    // SQL Server is shutting down
    case 17142:                                   // it is paused
    case 18401: return FailureCode::unreachable;  // it is upgrading its databases
    case 911:                                     // no such database
    case 2812:                                    // no such procedure
    case 15151:                                   // no such object, or no right to see it
    case 27242:                                   // no such job: S 1.8
    case 27243: return FailureCode::not_found;    // no such worker: S 1.8
    case 1801:                                    // the database exists
    case 2714:                                    // the object exists
    case 15023:                                   // the user exists
    case 15025: return FailureCode::conflict;     // the login exists
    case 1205: return FailureCode::conflict;      // chosen as the victim of a deadlock; rolled back
    case 1222: return FailureCode::timed_out;     // lock request
    default: return std::nullopt;
  }
}

// Win32 error numbers, where they mean something else than `refused`.
std::optional<FailureCode> of_win32(std::uint32_t number) {
  switch (number) {
    case 5: return FailureCode::refused;          // access
    case 2:                                       // file
    case 3:                                       // path
    case 67:                                      // network name
    case 1060:                                    // service
    case 1168:                                    // element
    case 5007:                                    // cluster resource
    case 5013:                                    // cluster group
    case 5042: return FailureCode::not_found;     // cluster node
    case 80:                                      // file exists
    case 183:                                     // it exists
    case 1073:                                    // the service exists
    case 1115:                                    // a shutdown is under way
    case 1190:                                    // a shutdown has been scheduled
    case 5010: return FailureCode::conflict;      // the cluster's object exists
    case 258:                                     // a wait
    case 1053:                                    // a service's answer to being started
    case 1460: return FailureCode::timed_out;     // an operation
    case 53:                                      // network path
    case 64:                                      // network name gone
    case 1722:                                    // RPC server
    case 1726:                                    // RPC, in the middle of a call
    case 1727:                                    // RPC, before a call
    case 1753:                                    // RPC, endpoint mapper
    case 10060:                                   // connecting
    case 10061: return FailureCode::unreachable;  // connecting
    default: return std::nullopt;
  }
}

std::optional<FailureCode> of_hresult(std::int64_t hresult) {
  const auto bits = static_cast<std::uint32_t>(hresult);
  constexpr std::uint32_t facility = 0xFFFF0000, win32 = 0x80070000;
  if ((bits & facility) == win32) return of_win32(bits & ~facility);
  switch (bits) {
    case 0x80092004:                                 // CRYPT_E_NOT_FOUND
    case 0x80090016: return FailureCode::not_found;  // NTE_BAD_KEYSET: no such key
    case 0x8009000F: return FailureCode::conflict;   // NTE_EXISTS
    case 0x80131505: return FailureCode::timed_out;  // COR_E_TIMEOUT
    default: return std::nullopt;
  }
}

FailureCode of_category(const ScriptError& error) {
  // A cmdlet that is missing is no missing thing: the machine is not what the script takes it for.
  if (error.id.starts_with("CommandNotFoundException")) return FailureCode::refused;
  if (error.category == "ObjectNotFound") return FailureCode::not_found;
  if (error.category == "ResourceExists") return FailureCode::conflict;
  if (error.category == "ConnectionError") return FailureCode::unreachable;
  if (error.category == "OperationTimeout") return FailureCode::timed_out;
  return FailureCode::refused;
}

FailureCode meaning_of(const ScriptError& error) {
  if (error.code == elsewhere) return FailureCode::refused;  // and no node could be found that has it
  if (!error.code.empty()) return code_named(error.code).value_or(FailureCode::indeterminate);
  if (error.number != 0) return of_sql_number(error.number).value_or(FailureCode::refused);
  const std::optional<FailureCode> by_windows =
      error.win32 != 0 ? of_win32(static_cast<std::uint32_t>(error.win32)) : of_hresult(error.hresult);
  return by_windows ? *by_windows : of_category(error);
}

/// At most `longest` bytes of it, never half a character.
std::string beginning_of(std::string_view text, std::size_t longest) {
  if (text.size() <= longest) return std::string(text);
  std::size_t end = longest;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return std::string(text.substr(0, end)) + "...";
}

/// One line: runs of blanks and control characters become one blank.
std::string one_line(std::string_view text) {
  std::string line;
  for (const char c : text) {
    const bool blank = static_cast<unsigned char>(c) <= ' ' || c == '\x7F';
    if (!blank) line += c;
    if (blank && !line.empty() && line.back() != ' ') line += ' ';
  }
  while (line.ends_with(' ')) line.pop_back();
  return line;
}

std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::int64_t number_of(const json& object, const char* key) {
  const auto found = object.find(key);
  return found != object.end() && found->is_number_integer() ? found->get<std::int64_t>() : 0;
}

Failure no_answer(const std::string& line) {
  return Failure(FailureCode::indeterminate,
                 fmt::format("the answer is none: '{}'", beginning_of(one_line(line), longest_quote)));
}

/// The object of the answer line; throws for a line that is none.
json parse(const std::string& line) {
  json answer = json::parse(line, nullptr, false);
  const bool formed = answer.is_object() && answer.contains("ok") && answer["ok"].is_boolean();
  if (!formed || (answer["ok"].get<bool>() && !answer.contains("value"))) throw no_answer(line);
  return answer;
}

ScriptError error_in(const json& answer) {
  ScriptError error;
  error.code = text_of(answer, "code");
  error.message = text_of(answer, "message");
  error.category = text_of(answer, "category");
  error.id = text_of(answer, "id");
  error.hresult = number_of(answer, "hresult");
  error.win32 = number_of(answer, "win32");
  error.cmdlet = text_of(answer, "cmdlet");
  error.number = number_of(answer, "number");
  return error;
}

}  // namespace

Failure failure_of(const ScriptError& error, Effect effect) {
  FailureCode code = meaning_of(error);
  const bool windows_said_it = error.code.empty();
  if (windows_said_it && code == FailureCode::unreachable && effect == Effect::change)
    code = FailureCode::indeterminate;
  std::string message = beginning_of(one_line(error.message), longest_message);
  if (message.empty()) message = "no message came with it";
  if (!error.cmdlet.empty()) message += fmt::format(" ({})", beginning_of(one_line(error.cmdlet), longest_quote));
  return Failure(code, std::move(message));
}

json value_in(const std::string& line, Effect effect) {
  json answer = parse(line);
  if (!answer["ok"].get<bool>()) throw failure_of(error_in(answer), effect);
  return std::move(answer["value"]);
}

std::optional<std::string> text_in(const std::string& line, Effect effect) {
  const json value = value_in(line, effect);
  if (value.is_null()) return std::nullopt;
  if (!value.is_string()) throw senseless("a text", value);
  return value.get<std::string>();
}

std::string bytes_in(const std::string& line, Effect effect) {
  return bytes_of(value_in(line, effect));
}

std::string bytes_of(const json& value) {
  std::optional<std::string> bytes;
  if (value.is_string()) bytes = from_base64(value.get_ref<const std::string&>());
  if (!bytes) throw senseless("bytes in base64", value);
  return std::move(*bytes);
}

std::optional<std::string> sent_elsewhere(const std::string& line) {
  const json answer = json::parse(line, nullptr, false);
  if (!answer.is_object() || text_of(answer, "code") != elsewhere) return std::nullopt;
  return text_of(answer, "message");
}

Failure senseless(const std::string& expected, const json& value) {
  const std::string shown = value.dump(-1, ' ', false, json::error_handler_t::replace);
  return Failure(FailureCode::indeterminate,
                 fmt::format("the answer should be {}, but is: {}", expected, beginning_of(shown, longest_quote)));
}

}  // namespace rehearse::real
