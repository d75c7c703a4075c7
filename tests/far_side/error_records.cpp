// Errors as scripts see them: error records, and what methods of .NET throw.
#include "tests/far_side/dotnet.hpp"
#include "tests/far_side/interpreter.hpp"

namespace far_side {
namespace {

constexpr std::int64_t runtime_exception = -2146233087;  // 0x80131501
const std::string record_type = "System.Management.Automation.ErrorRecord";
const std::string wrapper_type = "System.Management.Automation.MethodInvocationException";

Value exception(const Error& error) {
  auto object = make_object(error.type, {{"Message", error.what()},
                                         {"HResult", error.hresult == 0 ? runtime_exception : error.hresult},
                                         {"InnerException", error.inner},
                                         {"Data", make_object("System.Collections.Hashtable", {})}});
  object->shown = error.type + ": " + error.what();
  return object;
}

std::string last_part(const std::string& type) {
  const std::size_t dot = type.rfind('.');
  return type.substr(dot == type.npos ? 0 : dot + 1);
}

/// The numbers of System.Management.Automation.ErrorCategory.
std::int64_t number_of(const std::string& category) {
  static const std::map<std::string, std::int64_t> numbers = {{"NotSpecified", 0},         {"OpenError", 1},
                                                              {"CloseError", 2},           {"DeviceError", 3},
                                                              {"DeadlockDetected", 4},     {"InvalidArgument", 5},
                                                              {"InvalidData", 6},          {"InvalidOperation", 7},
                                                              {"InvalidResult", 8},        {"InvalidType", 9},
                                                              {"MetadataError", 10},       {"NotImplemented", 11},
                                                              {"NotInstalled", 12},        {"ObjectNotFound", 13},
                                                              {"OperationStopped", 14},    {"OperationTimeout", 15},
                                                              {"SyntaxError", 16},         {"ParserError", 17},
                                                              {"PermissionDenied", 18},    {"ResourceBusy", 19},
                                                              {"ResourceExists", 20},      {"ResourceUnavailable", 21},
                                                              {"ReadError", 22},           {"WriteError", 23},
                                                              {"FromStdErr", 24},          {"SecurityError", 25},
                                                              {"ProtocolError", 26},       {"ConnectionError", 27},
                                                              {"AuthenticationError", 28}, {"LimitsExceeded", 29},
                                                              {"QuotaExceeded", 30},       {"NotEnabled", 31}};
  const auto found = numbers.find(category);
  if (found == numbers.end()) throw std::logic_error("PowerShell has no error category '" + category + "'");
  return found->second;
}

}  // namespace

Value error_record(const Error& error) {
  Value command;
  if (!error.cmdlet.empty()) {
    command = make_object("System.Management.Automation.CmdletInfo", {{"Name", error.cmdlet}});
  }
  const auto category = make_object("System.Management.Automation.ErrorCategoryInfo",
                                    {{"Category", enumeration("System.Management.Automation.ErrorCategory",
                                                              error.category, number_of(error.category))},
                                     {"Activity", error.cmdlet},
                                     {"Reason", last_part(error.type)}});
  const auto invocation = make_object("System.Management.Automation.InvocationInfo", {{"MyCommand", command}});
  auto record = make_object(record_type, {{"Exception", exception(error)},
                                          {"CategoryInfo", category},
                                          {"FullyQualifiedErrorId", error.id},
                                          {"TargetObject", error.target},
                                          {"ErrorDetails", Value()},
                                          {"InvocationInfo", invocation}});
  record->shown = error.what();
  return record;
}

Error error_of(const Value& thrown) {
  const Object* object = thrown.object();
  if (object != nullptr && object->type == record_type) {
    Error error = error_of(thrown.member("Exception"));
    error.category = thrown.member("CategoryInfo").member("Category").text();
    error.id = thrown.member("FullyQualifiedErrorId").text();
    error.cmdlet = thrown.member("InvocationInfo").member("MyCommand").member("Name").text();
    error.target = thrown.member("TargetObject");
    return error;
  }
  if (object != nullptr && object->members.count("Message") != 0 && object->members.count("HResult") != 0) {
    const std::string message = thrown.member("Message").text();
    Error error(message, "OperationStopped", message, thrown.member("HResult").whole());
    error.type = object->type;
    error.inner = thrown.member("InnerException");
    return error;
  }
  const std::string message = thrown.is_null() ? "ScriptHalted" : thrown.text();
  Error error(message, "OperationStopped", message);
  error.target = thrown;
  return error;
}

Error wrapped(const Error& error, const std::string& method, std::size_t arguments) {
  if (error.type == wrapper_type) return error;
  Error outer("Exception calling \"" + method + "\" with \"" + std::to_string(arguments) + "\" argument(s): \"" +
                  error.what() + "\"",
              "NotSpecified", last_part(error.type));
  outer.type = wrapper_type;
  outer.ends_statement = true;
  outer.inner = error.inner.is_null() ? exception(error) : error.inner;
  return outer;
}

void Interpreter::tell(const Error& error) {
  told_.push_back(error);
  Value& list = global_.variables["Error"];
  Array all = list.items();
  all.insert(all.begin(), error_record(error));
  list = new_list("System.Collections.ArrayList", std::move(all));
}

}  // namespace far_side
