// The update agent's COM objects: what Windows Update offers the machine, downloading and installing it. The last part
// of an update happens in a restart.
#include "tests/far_side/clockwork.hpp"
#include "tests/far_side/system_objects.hpp"

namespace far_side {
namespace {

Value result(int code) {
  return make_object("System.__ComObject", {{"ResultCode", code}, {"HResult", 0}, {"RebootRequired", true}});
}

std::shared_ptr<Object> collection(const Array& items) {
  auto object = make_object("System.__ComObject", {});
  object->elements = std::make_shared<Array>(items);
  const auto elements = object->elements;
  object->live = [elements](const std::string& member) -> std::optional<Value> {
    if (same_text(member, "Count")) return Value(static_cast<std::int64_t>(elements->size()));
    return std::nullopt;
  };
  object->call = [elements](const std::string& method, const Array& arguments) -> Value {
    if (same_text(method, "Item")) return elements->at(static_cast<std::size_t>(arguments.at(0).whole()));
    if (!same_text(method, "Add")) gap("the method " + method + " of a collection of updates");
    elements->push_back(arguments.at(0));
    return static_cast<std::int64_t>(elements->size()) - 1;
  };
  return object;
}

Value update(FarMachine& at, int number) {
  const Value category = make_object(
      "System.__ComObject", {{"CategoryID", "0fa1201d-4330-4fa8-8ae9-b877473b6441"}, {"Name", "Security Updates"}});
  auto object = make_object("System.__ComObject", {{"Title", "Cumulative Update " + std::to_string(number)},
                                                   {"IsInstalled", false},
                                                   {"IsDownloaded", false},
                                                   {"EulaAccepted", true},
                                                   {"RebootRequired", false},
                                                   {"Categories", collection({category})}});
  object->call = [&at](const std::string& method, const Array&) -> Value {
    static_cast<void>(at);
    if (same_text(method, "AcceptEula")) return Value::nothing();
    gap("the method " + method + " of an update");
  };
  return object;
}

Value searcher(FarMachine& at) {
  auto object = make_object("System.__ComObject", {});
  object->call = [&at](const std::string& method, const Array&) -> Value {
    if (!same_text(method, "Search")) gap("the method " + method + " of an update searcher");
    at.wait(30s);
    Array updates;
    for (int i = 1; i <= at.here().missing_updates; ++i) updates.push_back(update(at, i));
    return make_object("System.__ComObject", {{"Updates", collection(updates)}, {"ResultCode", 2}});
  };
  return object;
}

/// The update agent's API refuses to download and install for a network logon (documentation of Windows Update Agent:
/// "Using WUA From a Remote Computer"), whatever rights it has.
Value worker(FarMachine& at, const std::string& verb) {
  auto object = make_object("System.__ComObject", {{"Updates", Value()}});
  const std::weak_ptr<Object> self = object;
  object->call = [&at, verb, self](const std::string& method, const Array&) -> Value {
    if (!same_text(method, verb)) gap("the method " + method + " of the update agent");
    if (at.logon == Logon::network) {
      throw net_error("System.UnauthorizedAccessException",
                      "Access is denied. (Exception from HRESULT: 0x80070005 (E_ACCESSDENIED))", -2147024891);
    }
    const auto held = self.lock();
    const Array chosen = held == nullptr ? Array() : held->members["Updates"].items();
    if (chosen.empty()) return result(2);
    at.wait(std::chrono::minutes(5));
    if (same_text(verb, "Install")) {
      at.here().missing_updates = 0;
      ask_for_restart(at.world, at.name);
    }
    return result(2);
  };
  return object;
}

}  // namespace

Value update_agent(FarMachine& at, const std::string& name) {
  if (same_text(name, "Microsoft.Update.UpdateColl")) return collection({});
  if (!same_text(name, "Microsoft.Update.Session")) gap("the COM object " + name);
  auto object = make_object("System.__ComObject", {});
  object->call = [&at](const std::string& method, const Array&) -> Value {
    if (same_text(method, "CreateUpdateSearcher")) return searcher(at);
    if (same_text(method, "CreateUpdateDownloader")) return worker(at, "Download");
    if (same_text(method, "CreateUpdateInstaller")) return worker(at, "Install");
    gap("the method " + method + " of Microsoft.Update.Session");
  };
  return object;
}

}  // namespace far_side
