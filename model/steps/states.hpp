// The states that ports speak of. Answers carry them as their text, so that a transcript stays readable; the helpers of
// the ports turn the text back and call anything else an indeterminate failure.
#pragma once

#include <optional>
#include <string_view>

#include "model/design.hpp"

namespace rehearse::steps {

enum class ServiceState { absent, stopped, running };
enum class StartType { automatic, manual, disabled };
enum class NodeState {
  up,
  down,
  paused,
  joining,
  quarantined
};  // W 1.4: the last is a flag that tools show as a state
enum class RoleState { online, offline, failed, partially_online, pending };            // W 4.1
enum class ResourceState { online, offline, failed, online_pending, offline_pending };  // W 3.1

/// How a node's cluster service is started (W 2.4): to join or form the cluster as quorum allows, to form it whatever
/// the votes say, or only to join it.
enum class NodeStart { usual, force_quorum, prevent_quorum };

/// What becomes, at the end of a pause, of the roles that a drain moved away: they stay, come back at once, or as their
/// own failback settings say.
enum class Failback { none, immediate, policy };

/// Of a machine's Windows updates.
enum class PatchState { missing, restart_needed, in_place };

/// The settings of a resource that steps touch; the platform knows which of them are common and which private
/// properties.
enum class ResourceProperty {
  restart_action,           // 0 do not restart, 1 restart, 2 restart then fail the role over (W 3.3)
  health_check_timeout,     // milliseconds, SQL Server only (W 7.1)
  failure_condition_level,  // 0 to 5, SQL Server only (W 7.1)
};

std::string_view to_text(ServiceState state);
std::string_view to_text(StartType type);
std::string_view to_text(NodeState state);
std::string_view to_text(NodeStart start);    // by the cmdlet's switch: "ForceQuorum"
std::string_view to_text(Failback failback);  // by the cmdlet's argument: "NoFailback"
std::string_view to_text(PatchState state);
std::string_view to_text(RoleState state);
std::string_view to_text(ResourceState state);
std::string_view to_text(ResourceProperty property);  // by its own name: "HealthCheckTimeout"
std::string_view to_text(model::Witness::Kind kind);  // "file share"

/// The value whose to_text is `text`; nullopt: none.
template <class State>
std::optional<State> parse_state(std::string_view text);

extern template std::optional<ServiceState> parse_state<ServiceState>(std::string_view);
extern template std::optional<StartType> parse_state<StartType>(std::string_view);
extern template std::optional<NodeState> parse_state<NodeState>(std::string_view);
extern template std::optional<PatchState> parse_state<PatchState>(std::string_view);
extern template std::optional<RoleState> parse_state<RoleState>(std::string_view);
extern template std::optional<ResourceState> parse_state<ResourceState>(std::string_view);
extern template std::optional<model::Witness::Kind> parse_state<model::Witness::Kind>(std::string_view);

}  // namespace rehearse::steps
