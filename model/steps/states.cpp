#include "model/steps/states.hpp"

#include <array>
#include <utility>

namespace rehearse::steps {
namespace {

// The texts of each enumeration, in the order of its values.
constexpr std::array<std::string_view, 3> service_states = {"absent", "stopped", "running"};
constexpr std::array<std::string_view, 3> start_types = {"automatic", "manual", "disabled"};
constexpr std::array<std::string_view, 5> node_states = {"up", "down", "paused", "joining", "quarantined"};
constexpr std::array<std::string_view, 3> node_starts = {"usual", "ForceQuorum", "PreventQuorum"};
constexpr std::array<std::string_view, 3> failbacks = {"NoFailback", "Immediate", "Policy"};
constexpr std::array<std::string_view, 3> patch_states = {"missing", "restart needed", "in place"};
constexpr std::array<std::string_view, 5> role_states = {"online", "offline", "failed", "partially online", "pending"};
constexpr std::array<std::string_view, 5> resource_states = {"online", "offline", "failed", "online pending",
                                                             "offline pending"};
constexpr std::array<std::string_view, 3> resource_properties = {"RestartAction", "HealthCheckTimeout",
                                                                 "FailureConditionLevel"};
constexpr std::array<std::string_view, 4> witness_kinds = {"none", "disk", "file share", "cloud"};

const auto& texts_of(ServiceState) {
  return service_states;
}
const auto& texts_of(StartType) {
  return start_types;
}
const auto& texts_of(NodeState) {
  return node_states;
}
const auto& texts_of(PatchState) {
  return patch_states;
}
const auto& texts_of(RoleState) {
  return role_states;
}
const auto& texts_of(ResourceState) {
  return resource_states;
}
const auto& texts_of(model::Witness::Kind) {
  return witness_kinds;
}

}  // namespace

std::string_view to_text(ServiceState state) {
  return service_states.at(static_cast<std::size_t>(state));
}
std::string_view to_text(StartType type) {
  return start_types.at(static_cast<std::size_t>(type));
}
std::string_view to_text(NodeState state) {
  return node_states.at(static_cast<std::size_t>(state));
}
std::string_view to_text(NodeStart start) {
  return node_starts.at(static_cast<std::size_t>(start));
}
std::string_view to_text(Failback failback) {
  return failbacks.at(static_cast<std::size_t>(failback));
}
std::string_view to_text(PatchState state) {
  return patch_states.at(static_cast<std::size_t>(state));
}
std::string_view to_text(RoleState state) {
  return role_states.at(static_cast<std::size_t>(state));
}
std::string_view to_text(ResourceState state) {
  return resource_states.at(static_cast<std::size_t>(state));
}
std::string_view to_text(ResourceProperty property) {
  return resource_properties.at(static_cast<std::size_t>(property));
}
std::string_view to_text(model::Witness::Kind kind) {
  return witness_kinds.at(static_cast<std::size_t>(kind));
}

template <class State>
std::optional<State> parse_state(std::string_view text) {
  const auto& texts = texts_of(State{});
  for (std::size_t i = 0; i < texts.size(); ++i) {
    if (texts[i] == text) return static_cast<State>(i);
  }
  return std::nullopt;
}

template std::optional<ServiceState> parse_state<ServiceState>(std::string_view);
template std::optional<StartType> parse_state<StartType>(std::string_view);
template std::optional<NodeState> parse_state<NodeState>(std::string_view);
template std::optional<PatchState> parse_state<PatchState>(std::string_view);
template std::optional<RoleState> parse_state<RoleState>(std::string_view);
template std::optional<ResourceState> parse_state<ResourceState>(std::string_view);
template std::optional<model::Witness::Kind> parse_state<model::Witness::Kind>(std::string_view);

}  // namespace rehearse::steps
