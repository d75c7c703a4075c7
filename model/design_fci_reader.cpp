// The section "fci" of a design: the instance, its addresses and disks, its health policy, SSISDB in it, its role.
#include <algorithm>

#include "model/design_roles.hpp"
#include "model/design_shapes.hpp"

namespace rehearse::model {
namespace {

/// Undo after a crash takes next to no time with it (W 7.4).
void read_accelerated_recovery(const Value& value, DesignReading& reading) {
  const auto on = value.boolean();
  if (!on || !*on) return;
  if (reading.design.sql == SqlVersion::v2017) {
    value.error("SQL Server 2017 has no accelerated recovery", "it came with 2019: remove the key");
    return;
  }
  reading.design.fci.accelerated_recovery = true;
  reading.give(Timing::ssisdb_undo, Distribution::constant(Duration::zero()), value);
}

/// The design may say of itself that SSISDB is in an availability group before anything of it has been read.
bool in_availability_group(const Value& fci) {
  const JsonMember* ssisdb = fci.node().find("ssisdb");
  const JsonMember* in = ssisdb == nullptr ? nullptr : ssisdb->value.find("in");
  return in != nullptr && in->value.text == "availability_group";
}

/// A failover cluster instance has a name and addresses; what an availability group has instead is its listener.
const Shape& shape_of_instance() {
  static const Shape shape = [] {
    Shape made = design_shape("/fci");
    for (Key& key : made.keys) {
      if (key.name == "network_name" || key.name == "addresses") key.need = Need::required;
    }
    return made;
  }();
  return shape;
}

void read_ssisdb(const Value& value, DesignReading& reading) {
  enum class In : unsigned char { fci, availability_group };
  static const Choices<In> places = {{"fci", In::fci}, {"availability_group", In::availability_group}};
  const auto object = value.object(design_shape("/fci/ssisdb"));
  if (!object) return;
  const auto in = object->find("in");
  const auto place = in ? in->one_of(places) : std::nullopt;
  if (const auto accelerated = object->find("accelerated_recovery")) read_accelerated_recovery(*accelerated, reading);
  if (place == In::availability_group) return read_availability_group(*object, reading);
  if (place) refuse_group_keys(*object);
  if (const auto recovery = object->find("recovery")) {
    if (const auto length = recovery->distribution()) {
      reading.design.fci.ssisdb_recovery = *length;
      reading.give(Timing::ssisdb_recovery_after_crash, *length, *recovery);
    }
  }
}

/// Whether the name is that of another resource of the cluster, which it tells.
bool is_another_resource(const Value& value, const std::string& disk, const DesignReading& reading) {
  const Design& design = reading.design;
  const Witness& witness = design.cluster.witness;
  if (witness.kind == Witness::Kind::disk && same_name(witness.path, disk)) {
    value.error("the disk '" + disk + "' is the cluster's witness", "an instance needs disks of its own");
    return true;
  }
  NameSet others = own_resources(design.cluster);
  for (std::string& address : design.fci.address_resources()) others.insert(std::move(address));
  others.insert(
      {design.fci.sql_resource(), design.fci.agent_resource(), design.fci.name_resource(), design.master_resource()});
  if (!others.contains(disk)) return false;
  value.error("'" + disk + "' is the name of another resource", "give the disk a name of its own");
  return true;
}

void read_disks(const Value& value, DesignReading& reading) {
  const auto entries = value.elements();
  if (!entries) return;
  NameSet taken;
  for (const Value& entry : *entries) {
    const auto disk = entry.text();
    if (!disk || !claim_name(entry, *disk, "a disk", taken)) continue;
    if (!is_another_resource(entry, *disk, reading)) reading.design.fci.disks.push_back(*disk);
  }
}

/// What a failover cluster instance has beside its SSISDB and its role.
void read_instance(const Object& object, DesignReading& reading) {
  FailoverClusterInstance& fci = reading.design.fci;
  if (const auto name = object.find("network_name")) {
    if (auto text = read_computer_name(*name)) fci.network_name = std::move(*text);
  }
  if (const auto addresses = object.find("addresses")) fci.addresses = read_addresses(*addresses, reading);
  read_name_settings(object, fci.register_all_ips, fci.record_ttl);
  if (const auto disks = object.find("disks")) read_disks(*disks, reading);
  object.read("storage_pool", fci.storage_pool, &Value::boolean);
  if (const auto timeout = object.find("HealthCheckTimeout")) {
    const Duration shortest = std::chrono::seconds(15);  // W 7.1
    if (const auto length = timeout->duration_within(shortest, std::chrono::hours(24))) {
      fci.health_check_timeout = *length;
      reading.give(Setting::health_check_timeout, length->count(), *timeout);
    }
  }
  if (const auto level = object.find("FailureConditionLevel")) {
    if (const auto number = level->whole(0, 5)) {  // W 7.1
      fci.failure_condition_level = static_cast<int>(*number);
      reading.give(Setting::failure_condition_level, *number, *level);
    }
  }
}

}  // namespace

void read_fci(const Value& value, DesignReading& reading) {
  const bool of_group = in_availability_group(value);
  const auto object = value.object(of_group ? design_shape("/fci") : shape_of_instance());
  if (!object) return;
  FailoverClusterInstance& fci = reading.design.fci;
  fci.place = object->place();
  if (const auto instance = object->find("instance")) {
    if (auto name = read_computer_name(*instance)) fci.instance = std::move(*name);
  }
  if (of_group) {
    refuse_instance_keys(*object);
  } else {
    read_instance(*object, reading);
  }
  object->read("mixed_mode", fci.mixed_mode, &Value::boolean);
  if (const auto ssisdb = object->find("ssisdb")) read_ssisdb(*ssisdb, reading);
  const auto role = object->find("role");
  if (const auto opened = role ? role->object(design_shape("/fci/role")) : std::nullopt) {
    if (const auto owners = of_group ? opened->find("possible_owners") : std::nullopt) {
      owners->error("the possible owners of an availability group are the nodes of its replicas", "remove it");
    }
    read_role_settings(*opened, fci.role, reading);
    reading.instance_role_resources = opened->find("resources");
  }
}

}  // namespace rehearse::model
