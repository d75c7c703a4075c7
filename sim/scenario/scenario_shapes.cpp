#include "sim/scenario/scenario_shapes.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <stdexcept>

#include "model/steps/operations.hpp"
#include "sim/scenario/fault_kinds.hpp"

namespace rehearse::sim {
namespace {

using model::Key;
using model::Need;
using model::Shape;

constexpr Need required = Need::required;

/// "/timeline/*:fault with node, for?": a question mark for what may be left out.
std::string fault_path(std::string_view verb, const std::vector<Key>& keys) {
  std::string path = "/timeline/*:" + std::string(verb);
  for (const Key& key : keys) {
    path += (&key == keys.data() ? " with " : ", ") + std::string(key.name);
    if (key.need == Need::optional) path += '?';
  }
  return path;
}

std::vector<Key> keys_of(std::string_view verb, const FaultInfo& fault) {
  return verb == "repair" ? fault.keys_of_repair() : fault.keys_of_fault();
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
  for (const std::string_view verb : {"fault", "repair"}) {
    for (const FaultInfo& fault : fault_table()) {
      if (verb == "repair" && !fault.can_be_repaired()) continue;
      const std::vector<Key> own = keys_of(verb, fault);
      const std::string path = fault_path(verb, own);
      if (std::any_of(shapes.begin(), shapes.end(), [&](const Shape& shape) { return shape.path == path; })) continue;
      std::vector<Key> keys = timeline_keys(verb);
      keys.insert(keys.end(), own.begin(), own.end());
      shapes.push_back({kept(path), std::move(keys)});
    }
  }
  for (const steps::OperationInfo& operation : steps::operations()) {
    std::vector<Key> keys = timeline_keys("step");
    keys.push_back({"fails"});
    for (const std::string& argument : operation.required) keys.push_back({argument, required});
    for (const std::string& argument : operation.optional) keys.push_back({argument});
    shapes.push_back({kept("/timeline/*:" + operation.name), std::move(keys)});
  }
}

const Shape& find_shape(const std::vector<Shape>& shapes, std::string_view path) {
  for (const Shape& shape : shapes) {
    if (shape.path == path) return shape;
  }
  throw std::logic_error("no scenario shape " + std::string(path));
}

/// Figures that an expectation may bound, each with an object of its own below.
constexpr std::string_view expected_work = "/expect/*:work/work";

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
        {"workload"},
        {"timeline"},
        {"expect"}}},
      {"/workload", {{"like", required}, {"executions", required}, {"at"}}},
      {"/expect/*:role", {{"role", required}, {"owner"}, {"state"}, {"by"}, {"at"}}},
      {"/expect/*:service", {{"service", required}, {"outage", required}}},
      {"/expect/*:service/outage", {{"min"}, {"max"}, {"with"}}},
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
        {"unfinished"},
        {"late"},
        {"messages_kept"},
        {"timed_out"},
        {"refused"}}},
      {"/expect/*:work", {{"work", required}}},
      {expected_work, {{"wait"}, {"queue"}, {"overlap"}, {"stamped_for"}, {"utilisation"}}},
      {"/expect/*:batch", {{"batch", required}, {"done_by"}, {"deadline"}}},
      {"/expect/*:always", {{"always", required}}},
      {"/expect/*:never", {{"never", required}}},
      {"/expect/*:finding", {{"finding", required}}},
      {"/expect/*:outcome", {{"outcome", required}}},
      {"/expect/*:worker", {{"worker", required}, {"refused"}, {"lurks"}, {"second_connection_refused"}}},
  };
  add_timeline(shapes);
  for (const Key& figure : std::vector<Key>(find_shape(shapes, expected_work).keys)) {
    shapes.push_back({kept(fmt::format("{}/{}", expected_work, figure.name)), {{"min"}, {"max"}}});
  }
  return shapes;
}

}  // namespace

const std::vector<Shape>& scenario_shapes() {
  static const std::vector<Shape> shapes = all_shapes();
  return shapes;
}

const Shape& scenario_shape(std::string_view path) {
  return find_shape(scenario_shapes(), path);
}

const Shape& fault_shape(std::string_view verb, FaultKind kind) {
  return scenario_shape(fault_path(verb, keys_of(verb, info_of(kind))));
}

const std::vector<std::string>& expectation_heads() {
  static const std::vector<std::string> heads = {"role",   "service", "workers", "executions", "batch", "work",
                                                 "always", "never",   "finding", "outcome",    "worker"};
  return heads;
}

}  // namespace rehearse::sim
