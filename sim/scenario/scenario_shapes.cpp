#include "sim/scenario/scenario_shapes.hpp"

#include <deque>
#include <stdexcept>

#include "model/steps/operations.hpp"

namespace rehearse::sim {
namespace {

using model::Key;
using model::Need;
using model::Shape;

constexpr Need required = Need::required;

std::string fault_path(std::string_view verb, FaultScope scope) {
  std::string path = "/timeline/*:" + std::string(verb);
  if (scope != FaultScope::none) path += " on " + std::string(key_of(scope));
  return path;
}

/// Shapes refer to their paths; those that are put together here live as long as the program.
std::string_view kept(std::string path) {
  static std::deque<std::string> paths;
  return paths.emplace_back(std::move(path));
}

std::vector<Key> timeline_keys(std::string_view verb) {
  return {{"at"}, {"after"}, {"wait"}, {verb, required}};
}

void add_timeline(std::vector<Shape>& shapes) {
  using enum FaultScope;
  for (const std::string_view verb : {"fault", "repair"}) {
    for (const FaultScope scope : {none, node, worker, host, hosts}) {
      std::vector<Key> keys = timeline_keys(verb);
      if (scope != none) keys.push_back({key_of(scope), required});
      shapes.push_back({kept(fault_path(verb, scope)), std::move(keys)});
    }
  }
  for (const steps::OperationInfo& operation : steps::operations()) {
    std::vector<Key> keys = timeline_keys("step");
    for (const std::string& argument : operation.required) keys.push_back({argument, required});
    for (const std::string& argument : operation.optional) keys.push_back({argument});
    shapes.push_back({kept("/timeline/*:" + operation.name), std::move(keys)});
  }
}

std::vector<Shape> all_shapes() {
  std::vector<Shape> shapes = {
      {"",
       {{"$schema"},
        {"name", required},
        {"description"},
        {"design", required},
        {"seed"},
        {"start", required},
        {"duration"},
        {"until"},
        {"deploy"},
        {"timeline"},
        {"expect"}}},
      {"/expect/*:role", {{"role", required}, {"owner"}, {"state"}, {"by"}, {"at"}}},
      {"/expect/*:service", {{"service", required}, {"outage", required}}},
      {"/expect/*:service/outage", {{"max", required}, {"with"}}},
      {"/expect/*:workers", {{"workers", required}, {"connected_by"}, {"connected_at"}, {"disconnected_from"}}},
      {"/expect/*:executions", {{"executions", required}}},
      {"/expect/*:executions/executions",
       {{"lost"},
        {"doubled"},
        {"succeeded"},
        {"ended_without_success"},
        {"never_submitted"},
        {"overlapped"},
        {"repeated"},
        {"refused_success"},
        {"stamped"},
        {"unfinished"}}},
      {"/expect/*:batch", {{"batch", required}, {"done_by"}, {"deadline"}}},
      {"/expect/*:always", {{"always", required}}},
      {"/expect/*:never", {{"never", required}}},
      {"/expect/*:worker", {{"worker", required}, {"refused", required}}},
  };
  add_timeline(shapes);
  return shapes;
}

}  // namespace

FaultScope scope_of(FaultKind kind) {
  switch (kind) {
    case FaultKind::node_power_loss:
    case FaultKind::node_bugcheck:
    case FaultKind::node_cluster_service_crash: return FaultScope::node;
    case FaultKind::network_nic_down: return FaultScope::host;
    case FaultKind::network_partition: return FaultScope::hosts;
    case FaultKind::worker_crash_service:
    case FaultKind::worker_crash_host: return FaultScope::worker;
    case FaultKind::witness_down:
    case FaultKind::sql_crash:
    case FaultKind::sql_hang:
    case FaultKind::master_crash:
    case FaultKind::master_hang: return FaultScope::none;
  }
  throw std::logic_error("a fault of no kind");
}

std::string_view key_of(FaultScope scope) {
  switch (scope) {
    case FaultScope::none: return "";
    case FaultScope::node: return "node";
    case FaultScope::worker: return "worker";
    case FaultScope::host: return "host";
    case FaultScope::hosts: return "hosts";
  }
  throw std::logic_error("a fault of no scope");
}

const std::vector<Shape>& scenario_shapes() {
  static const std::vector<Shape> shapes = all_shapes();
  return shapes;
}

const Shape& scenario_shape(std::string_view path) {
  for (const Shape& shape : scenario_shapes()) {
    if (shape.path == path) return shape;
  }
  throw std::logic_error("no scenario shape " + std::string(path));
}

const Shape& fault_shape(std::string_view verb, FaultScope scope) {
  return scenario_shape(fault_path(verb, scope));
}

const std::vector<std::string>& expectation_heads() {
  static const std::vector<std::string> heads = {"role",  "service", "workers", "executions",
                                                 "batch", "always",  "never",   "worker"};
  return heads;
}

}  // namespace rehearse::sim
