#include "model/steps/may_alter.hpp"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>

namespace rehearse::steps {
namespace {

/// Which questions of the same machine, role or resource a change is about. A change that is not listed is about
/// everything that can be asked of its port on its machine.
struct Subject {
  std::string_view change, question;
};
constexpr std::array subjects = {
    Subject{"Host.InstallFeature", "Host.FeatureInstalled"},
    Subject{"Host.WriteMasterSettings", "Host.ReadMasterSettings"},
    Subject{"Host.WriteWorkerSettings", "Host.ReadWorkerSettings"},
    Subject{"Host.StartService", "Host.QueryService"},
    Subject{"Host.StopService", "Host.QueryService"},
    Subject{"Host.RestartService", "Host.QueryService"},
    Subject{"Host.SetStartType", "Host.QueryStartType"},
    Subject{"Host.OpenFirewall", "Host.FirewallOpen"},
    Subject{"Host.InstallPatches", "Host.QueryPatches"},
    Subject{"CertificateStore.Create", "CertificateStore.List"},
    Subject{"CertificateStore.Import", "CertificateStore.List"},
    Subject{"CertificateStore.Copy", "CertificateStore.List"},
    Subject{"CertificateStore.Remove", "CertificateStore.List"},
    Subject{"CertificateStore.Bind", "CertificateStore.Binding"},
    Subject{"CertificateStore.GrantKeyAccess", "CertificateStore.KeyAccess"},
    Subject{"Cluster.Validate", "Cluster.Validated"},
    Subject{"Cluster.SetQuorum", "Cluster.Quorum"},
    Subject{"Cluster.SetProperty", "Cluster.Property"},
    Subject{"Cluster.SetDependencies", "Cluster.Dependencies"},
    Subject{"Cluster.SetResourceProperty", "Cluster.QueryProperty"},
    Subject{"Catalog.EnableLogLogin", "Catalog.LogLoginEnabled"},
    Subject{"Catalog.SetStartupProcedure", "Catalog.StartupProcedureSet"},
    Subject{"Catalog.AddAdmin", "Catalog.IsAdmin"},
    Subject{"Catalog.UpdateMasterAddress", "Catalog.MasterAddress"},
    Subject{"Catalog.EnableWorker", "Catalog.WorkerEnabled"},
};

/// Settings of the cluster that only their own changes alter: moving a role sets no property.
constexpr std::array<std::string_view, 4> settings_of_cluster = {"Cluster.Quorum", "Cluster.Property",
                                                                 "Cluster.Dependencies", "Cluster.QueryProperty"};

/// What moves roles or nodes. A move is felt everywhere: a drain takes every role along, a failed move is followed by
/// the policies, and a node that goes may take the quorum with it.
constexpr std::array<std::string_view, 17> moves = {
    "Cluster.OnlineRole",   "Cluster.OnlineResource", "Cluster.OfflineResource",    "Cluster.OfflineRole",
    "Cluster.FailResource", "Cluster.MoveRole",       "Cluster.MoveRoleToBest",     "Cluster.ForceFailover",
    "Cluster.PauseNode",    "Cluster.DrainNode",      "Cluster.ResumeDataMovement", "Cluster.ResumeNode",
    "Cluster.StopNode",     "Cluster.StartNode",      "Cluster.ClearQuarantine",    "Host.RestartMachine",
    "Host.ShutDownMachine"};

/// What is asked about the state of the cluster. Whether it was validated is asked only where nobody answers for it.
constexpr std::array<std::string_view, 7> states_of_cluster = {
    "Cluster.Answers",       "Cluster.QueryNode", "Cluster.QueryRole", "Cluster.RoleOwner",
    "Cluster.QueryResource", "Cluster.DataMoves", "Cluster.Validated"};

/// After these the machine may be restarting: setup and features restart it where Windows asks for it (W 8).
constexpr std::array<std::string_view, 7> restarts = {
    "Host.RestartMachine", "Host.ShutDownMachine", "Host.InstallFeature", "Host.InstallFci",
    "Host.AddFciNode",     "Host.InstallMaster",   "Host.InstallWorker"};

template <std::size_t count>
bool holds(const std::array<std::string_view, count>& names, std::string_view name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

/// The Generic Service starts and stops the master's service on the node that owns its role (W 5).
bool is_about_a_state_of_cluster(const AnyRequest& question, std::string_view question_name) {
  if (holds(states_of_cluster, question_name)) return true;
  const auto* of_host = std::get_if<HostRequest>(&question);
  const auto* service = of_host == nullptr ? nullptr : std::get_if<host::QueryService>(of_host);
  return service != nullptr && service->service.starts_with("SSISScaleOutMaster");
}

/// "'SQL Server'" of "Cluster.Dependencies('SQL Server')": what a change of one thing and the question about it share.
std::string_view first_argument(std::string_view request) {
  const std::size_t begin = request.find('(') + 1;
  return request.substr(begin, std::min(request.find(", ", begin), request.rfind(')')) - begin);
}

bool is_per_object(std::string_view question) {
  return question == "Cluster.Property" || question == "Cluster.Dependencies" || question == "Cluster.QueryProperty" ||
         question == "Catalog.WorkerEnabled" || question == "Catalog.IsAdmin";
}

}  // namespace

bool may_alter(const AnyRequest& change, const AnyRequest& question) {
  const std::string change_name = name_of(change), question_name = name_of(question);
  const bool is_setting = holds(settings_of_cluster, question_name);
  const bool same_machine = node_of(change) == node_of(question);
  if (holds(moves, change_name)) {
    if (is_about_a_state_of_cluster(question, question_name)) return true;
    if (std::holds_alternative<ClusterRequest>(change)) return false;
  }
  if (question_name == "Host.Answers" && holds(restarts, change_name)) return same_machine;
  if (change.index() != question.index() || !same_machine) {
    // Setup of a machine brings certificates and bindings along, and setup of an instance its role.
    const bool setup = change_name.starts_with("Host.Install") || change_name == "Host.AddFciNode";
    const bool of_instance = setup && change_name.find("Fci") != std::string::npos;
    const bool of_cluster = std::holds_alternative<ClusterRequest>(question);
    const bool of_stores = std::holds_alternative<CertificateRequest>(question);
    return (setup && of_stores && same_machine) || (of_instance && of_cluster && !is_setting);
  }
  for (const Subject& subject : subjects) {
    if (subject.change != change_name) continue;
    if (subject.question != question_name) return false;
    if (!is_per_object(question_name)) return true;
    const std::string change_text = to_text(change), question_text = to_text(question);
    return first_argument(change_text) == first_argument(question_text);
  }
  return !is_setting;
}

bool may_silence(const AnyRequest& change, const AnyRequest& question) {
  const std::string change_name = name_of(change);
  const bool of_cluster =
      std::holds_alternative<ClusterRequest>(question) || std::holds_alternative<CatalogRequest>(question);
  if (of_cluster) return holds(moves, change_name) || holds(restarts, change_name);
  return holds(restarts, change_name) && node_of(change) == node_of(question);
}

}  // namespace rehearse::steps
