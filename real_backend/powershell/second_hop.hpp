// The second hop: what a logon over the network may not do. A script that came by ssh with a key, or by WinRM, acts on
// its machine, and cannot log on to the next one: Active Directory, the file share, the other nodes. Such scripts are
// performed by a scheduled task on the same machine, which logs on with a password (real-parts 2).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/steps/requests.hpp"
#include "model/steps/secret.hpp"
#include "real_backend/powershell/primitives.hpp"
#include "real_backend/site.hpp"

namespace rehearse::real {

/// Why performing the request takes more than a network logon, with the source, for plans: "New-Cluster joins the other
/// nodes and makes a computer object in Active Directory (W 8, real-parts 2)". nullopt: it does not.
std::optional<std::string_view> needs_second_hop(const steps::AnyRequest& request);

/// The primitive, performed by a scheduled task under site.installation_account, whose password is the secret. Its
/// answer is the primitive's own. The task's name is made from the script, so a task that an interrupted run left
/// running is waited for and not started twice.
///
/// For the time it takes there is on the machine a folder that only Administrators and SYSTEM can read. It holds the
/// script, its secrets under the machine's data protection, and at last the answer; the task removes the first two
/// before it begins. Task and folder are removed in the end, unless the script that waits is cancelled, dies or runs
/// out of time while the task runs: that goes on to its end, since half of it would be worse, and the same script, sent
/// again, waits for it and removes both.
Primitive through_scheduled_task(const Primitive& primitive, const Site& site, const steps::Secret& password);

/// The name of that task.
std::string task_name(const Primitive& primitive);

}  // namespace rehearse::real
