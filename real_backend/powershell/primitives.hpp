// What each request is on real Windows: a script for one machine, and how its answer is read. One function a port; the
// scripts stand in files by subject (host_primitives.cpp, certificate_primitives.cpp, ...). Each cmdlet, parameter and
// trap has its source (W 8, W 7.5, S 3, S 7).
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "model/design.hpp"
#include "model/steps/requests.hpp"
#include "real_backend/powershell/script.hpp"
#include "real_backend/site.hpp"

namespace rehearse::real {

/// Where a script has to run.
enum class Where : unsigned char {
  on_host,        // on the machine that the request names
  on_cluster,     // on any node that answers for the cluster
  on_first_node,  // before there is a cluster: on the first node that answers
  on_sql_owner,   // on the node that owns the role of the SQL Server instance now: no second hop to the instance
};

/// What a script on a machine cannot see, because the machine is away meanwhile: the platform waits for it after the
/// script has answered.
enum class After : unsigned char {
  nothing,
  /// The script's answer is the time of the last boot (a text): done when boot_time() answers another one. A script
  /// that answers null found that no restart is needed: done at once.
  restarted,
  powered_off,  // done when the machine no longer answers
};

struct Primitive {
  ps::Block script;
  Where where = Where::on_host;
  std::string host;         // for on_host
  bool second_hop = false;  // needs more than a network logon's rights (W 8, real-parts 2)
  /// Windows refuses it to network logons, delegated or not, so it goes through a scheduled task whatever the site
  /// says: installing updates (the update agent's documentation lists what cannot be called from elsewhere).
  bool task_only = false;
  Duration limit = std::chrono::minutes(2);

  After after = After::nothing;
  Duration within{};  // for `after`, counted from the script's answer

  /// Secrets of the script that the request does not bring along. The script has them as Secret(name, ""); whoever runs
  /// it asks the operator for each and hands the text over.
  std::vector<std::string> asks;

  /// An exchange of several scripts: made from the answer line of this script, the next one is run where it says. The
  /// answer of the request is that of the last. Throws Failure: that of the script, or `indeterminate` for a line that
  /// is no answer. Reading what is there always comes first, so the last script alone changes anything.
  std::function<Primitive(const std::string& line)> next;
};

/// The text with which fail() says that another node owns what was asked for; its message is that node's name.
inline constexpr const char* elsewhere = "elsewhere";

/// What the scripts need to know beside the request.
struct Surroundings {
  const model::Design& design;
  const Site& site;
};

// Each throws Failure where no script can be made of the request: `refused` for a text that the thing it names cannot
// be (a thumbprint, a service), or a site that does not say what is needed; `not_found` for a file that is not there.
Primitive primitive_of(const steps::HostRequest& request, const Surroundings& around);
Primitive primitive_of(const steps::CertificateRequest& request, const Surroundings& around);
Primitive primitive_of(const steps::ClusterRequest& request, const Surroundings& around);
Primitive primitive_of(const steps::CatalogRequest& request, const Surroundings& around);

/// Answers the time of the machine's last boot, a text that is another one after each restart.
Primitive boot_time(const std::string& host);

/// The answer line of a script, read for this request. Throws Failure: the script's own, with Windows' words and the
/// closed list's code, or `indeterminate` for a line that is no answer to this request.
steps::Answer read_answer(const steps::AnyRequest& request, const std::string& line);

}  // namespace rehearse::real
