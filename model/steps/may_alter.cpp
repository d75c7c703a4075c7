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
  const bool is_setting =
      std::find(settings_of_cluster.begin(), settings_of_cluster.end(), question_name) != settings_of_cluster.end();
  const bool same_machine = node_of(change) == node_of(question);
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

}  // namespace rehearse::steps
