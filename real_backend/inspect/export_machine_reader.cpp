// The part "machines" of an export.
#include <algorithm>
#include <cctype>
#include <limits>

#include "real_backend/inspect/export_reading.hpp"

namespace rehearse::real {
namespace {

using model::Object;
using model::Value;

constexpr std::int64_t largest_dword = std::numeric_limits<std::uint32_t>::max();

void read_windows(const Object& object, ExportedMachine& machine) {
  const auto windows = object.find("windows");
  const auto opened = windows ? windows->object(export_shape("/machines/*/windows")) : std::nullopt;
  if (!opened) return;
  read_any_text(*opened, "caption");
  read_any_text(*opened, "version");
  opened->read("build", machine.build, &Value::whole, std::int64_t{0}, largest_dword);
}

void read_hardware(const Object& object, ExportedMachine& machine) {
  const auto hardware = object.find("hardware");
  const auto opened = hardware ? hardware->object(export_shape("/machines/*/hardware")) : std::nullopt;
  if (!opened) return;
  machine.manufacturer = read_any_text(*opened, "manufacturer");
  machine.model = read_any_text(*opened, "model");
  opened->read("hypervisor_present", machine.hypervisor, &Value::boolean);
}

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

}  // namespace

void ExportReading::read_machines(const Value& value) {
  if (is_null(value)) return;
  for (const Value& entry : value.elements().value_or(std::vector<Value>())) {
    const auto object = entry.object(export_shape("/machines/*"));
    if (!object) continue;
    ExportedMachine machine;
    machine.spot = spot(entry);
    machine.name = read_computer(*object, "name").value_or("");
    read_any_text(*object, "domain");
    read_windows(*object, machine);
    machine.time_zone = read_any_text(*object, "time_zone");
    read_hardware(*object, machine);
    machine.addresses = read_texts(*object, "addresses").value_or(std::vector<std::string>());

    machine.services_known = for_each_object(*object, "services", "/machines/*/services/*", [&](const Object& part) {
      machine.services.push_back({read_any_text(part, "name"), read_any_text(part, "display_name"),
                                  read_any_text(part, "start_mode"), read_any_text(part, "state"),
                                  read_any_text(part, "account"), spot(part.value())});
    });
    for_each_object(*object, "settings", "/machines/*/settings/*", [&](const Object& part) {
      ExportedSettings settings;
      settings.spot = spot(part.value());
      part.read("service", settings.service, &Value::text);
      read_any_text(part, "path");
      const auto content = part.find("content");
      if (content && !is_null(*content)) settings.bytes = read_base64(*content);
      const bool of_master = settings.service.starts_with("SSISScaleOutMaster");
      (of_master ? machine.master_settings : machine.worker_settings).push_back(std::move(settings));
    });
    machine.certificates_known =
        for_each_object(*object, "certificates", "/machines/*/certificates/*", [&](const Object& part) {
          static const model::Choices<std::string> stores = {{"Root", "Root"}, {"My", "My"}};
          ExportedCertificate certificate;
          certificate.spot = spot(part.value());
          part.read("store", certificate.store, stores);
          part.read("has_private_key", certificate.has_private_key, &Value::boolean);
          const auto raw = part.find("raw");
          auto bytes = raw ? read_base64(*raw) : std::nullopt;
          if (bytes) certificate.der = std::move(*bytes);
          machine.certificates.push_back(std::move(certificate));
        });
    machine.bindings_known = for_each_object(*object, "bindings", "/machines/*/bindings/*", [&](const Object& part) {
      machine.bindings.push_back({read_any_text(part, "endpoint"), upper(read_any_text(part, "thumbprint")),
                                  read_any_text(part, "store"), spot(part.value())});
    });
    for_each_object(*object, "firewall", "/machines/*/firewall/*", [&](const Object& part) {
      ExportedPort port;
      port.spot = spot(part.value());
      constexpr std::int64_t last_port = 65535;
      part.read("port", port.port, &Value::whole, std::int64_t{1}, last_port);
      part.read("open", port.open, &Value::boolean);
      machine.ports.push_back(std::move(port));
    });
    for_each_object(*object, "sql_instances", "/machines/*/sql_instances/*", [&](const Object& part) {
      ExportedInstance instance{read_any_text(part, "instance"), read_any_text(part, "version"),
                                read_any_text(part, "edition"), std::nullopt, spot(part.value())};
      const auto mode = part.find("login_mode");
      if (mode && !is_null(*mode)) instance.login_mode = mode->whole(0, 2);
      machine.instances.push_back(std::move(instance));
    });
    if (machine.name.empty()) continue;
    if (const ExportedMachine* other = exported.machine(machine.name)) {
      object->find("name")->error("the machine '" + machine.name + "' is also in " + other->spot.file,
                                  "keep one file a machine");
      continue;
    }
    exported.machines.push_back(std::move(machine));
  }
}

}  // namespace rehearse::real
