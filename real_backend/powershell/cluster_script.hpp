// The vocabulary of scripts that ask or change the failover cluster: standing on a node that answers for the right
// cluster, finding nodes, roles and resources by name, reading the state of a role, waiting for a state.
//
// Nodes, roles and resources are looked up in the list of all: names are compared whole and without regard to case, as
// Windows compares them, and a name with a wildcard in it stays a name. What is not there is `not_found` in our words.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/design.hpp"
#include "real_backend/powershell/primitives.hpp"
#include "real_backend/powershell/script.hpp"

namespace rehearse::real {

// ---- expressions
ps::Expression text_of(const ps::Expression& value);   // [string]value: enumerations by their names
ps::Expression is_null(const ps::Expression& value);   // $null -eq value
ps::Expression not_null(const ps::Expression& value);  // $null -ne value
ps::Expression same(const ps::Expression& left, const ps::Expression& right);  // -eq
ps::Expression is(const ps::Expression& value, const std::string& text);       // [string]value -eq 'text'
ps::Expression both(const ps::Expression& left, const ps::Expression& right);
ps::Expression either(const ps::Expression& left, const ps::Expression& right);
/// One text out of several parts; the first is a text.
ps::Expression sentence(const std::vector<ps::Expression>& parts);
/// The first of what the command puts out for which the condition on item() holds; $null: there is none.
ps::Expression first_where(const ps::Command& command, const ps::Expression& condition);
/// All of them, as a list.
ps::Expression all_where(const ps::Command& command, const ps::Expression& condition);
ps::Expression machine_name();

// ---- where a script stands
/// $cluster, as the machine's own cluster service answers. One that runs may still be joining, or have lost quorum
/// (W 2.4): then the script stops with `unreachable`; and with `refused` where this logon may not ask.
ps::Block get_cluster();
/// Stops with `unreachable` on a machine whose cluster service is absent or does not run, so that the platform goes on
/// to the next node; as get_cluster() does; with `conflict` where the machine belongs to another cluster. Afterwards
/// $cluster is the cluster.
ps::Block answers_for(const model::Cluster& cluster);

/// The same, and stops with `elsewhere` and the owner's name on a node that does not own the role of the SQL Server
/// instance, with `unreachable` where there is no such role.
ps::Block owns_instance(const model::Design& design);

// ---- finding: $variable is the node, role or resource of that name, or the script stops with `not_found`.
ps::Block find_node(std::string_view variable, const std::string& node);
ps::Block find_role(std::string_view variable, const std::string& role);
ps::Block find_resource(std::string_view variable, const std::string& resource);
// The same again, where it has been found before: as it is now.
ps::Block look_at_node(std::string_view variable, const std::string& node);
ps::Block look_at_role(std::string_view variable, const std::string& role);
ps::Block look_at_resource(std::string_view variable, const std::string& resource);
/// The resources of a role, as a list.
ps::Expression resources_of(const std::string& role);

/// $variable, a text, spelled as the design spells it: steps compare names letter by letter, and Windows keeps the
/// spelling of whoever made the thing, in capitals for computers.
ps::Block spell(std::string_view variable, const std::vector<std::string>& known);
std::vector<std::string> names_of_nodes(const model::Design& design);

/// $state is the state of the role in $role, in Windows' words (W 4.1). Of a role with addresses in several subnets
/// only those of the owner's can come online (W 6.2), and Windows calls it PartialOnline for ever (assumed): here it is
/// Online as soon as only such addresses are missing, that is offline addresses on which something online depends.
ps::Block read_role_state(const std::string& role);

// ---- waiting
/// Looks once a second until `look` has set $reached to true, for at most `within`: then stops with `timed_out` and
/// `late`. `look` may end the script.
ps::Block wait_until_reached(Duration within, const ps::Block& look, const ps::Expression& late);
/// For `look`: stops with `refused` and the message when the condition has held for so long (milliseconds) that nothing
/// of the cluster's own doing can be under way any more.
ps::Block refuse_at_rest(const ps::Expression& condition, const ps::Expression& milliseconds,
                         const ps::Expression& message);
/// A state that stays for longer than this is one of rest. RestartDelay, which begins after a failure, is half a second
/// by default (W 3.3).
inline constexpr std::chrono::milliseconds time_at_rest = std::chrono::seconds(15);

/// The limit of a script that waits so long: PowerShell and the cluster's module have to start, and questions are asked
/// before and after.
Duration limit_with(Duration within);

}  // namespace rehearse::real
