// The inside of the catalogue's entries: what the families of faults share while their entries are made. How much a
// fault is stands where its family is: each is a value that the field calls bad, not the worst there can be.
#pragma once

#include <algorithm>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/design.hpp"
#include "sim/faults/catalogue_entries.hpp"

namespace rehearse::sim {

/// Makes the entries of one kind. `take` is called once.
class CatalogueEntryMaker {
 public:
  CatalogueEntryMaker(FaultKind kind, const world::World& deployed)
      : kind_(kind), plan_(deployed.plan()), design_(plan_.design()), state_(deployed.state()) {}

  CatalogueEntries take();

 private:
  using Change = std::function<void(TimelineEntry&)>;

  void add(const Change& change = [](TimelineEntry&) {}) {
    TimelineEntry entry;
    entry.fault = kind_;
    change(entry);
    found_.push_back(std::move(entry));
  }
  void add_on(
      std::vector<std::string> hosts, const Change& change = [](TimelineEntry&) {}) {
    std::sort(hosts.begin(), hosts.end());
    add([&](TimelineEntry& entry) {
      entry.hosts = std::move(hosts);
      change(entry);
    });
  }
  std::vector<std::string> names_of(world::HostKind kind) const {
    std::vector<std::string> names;
    for (const world::HostPlan& host : plan_.hosts) {
      if (host.kind == kind) names.push_back(host.name);
    }
    return names;
  }
  void on_each(
      world::HostKind kind, const Change& change = [](TimelineEntry&) {}) {
    for (const std::string& name : names_of(kind)) add_on({name}, change);
  }
  void on_each_node(const Change& change = [](TimelineEntry&) {}) { on_each(world::HostKind::cluster_node, change); }
  void on_each_worker(const Change& change = [](TimelineEntry&) {}) {
    on_each(world::HostKind::worker_machine, change);
  }
  void on_each_machine(const Change& change = [](TimelineEntry&) {}) {
    on_each_node(change);
    on_each_worker(change);
  }
  void on_each_resource(std::optional<world::ResourceKind> kind) {
    for (const world::ResourcePlan& resource : plan_.resources) {
      if (!kind || resource.kind == *kind) add([&](TimelineEntry& entry) { entry.resource = resource.name; });
    }
  }
  void leave_out(std::string why) { why_none_ = std::move(why); }

  // The sections of the table, each for its kinds.
  void add_all();
  void add_of_node();
  void add_of_network();
  void add_of_storage();
  void add_of_instance();
  void add_of_names();
  void add_of_certificates();
  void add_of_configuration();
  void add_of_operator();
  void add_partitions();
  void add_nics();
  void add_copies(bool removed);
  void add_settings();

  FaultKind kind_;
  const world::Blueprint& plan_;
  const model::Design& design_;
  const world::State& state_;
  std::vector<TimelineEntry> found_;
  std::string why_none_;
};

}  // namespace rehearse::sim
