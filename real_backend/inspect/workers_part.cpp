// The part "scale_out.workers" of a design.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>

#include "real_backend/inspect/parts.hpp"
#include "real_backend/inspect/scale_out_part.hpp"

namespace rehearse::real {
namespace {

using model::same_name;

/// The site where the machine stands, by its addresses and the sites of the cluster's networks; empty: unknown.
std::string site_of(const ExportedMachine& machine, const DesignJson& cluster) {
  std::set<std::string> sites;
  for (const std::string& address : machine.addresses) {
    const auto number = model::parse_ipv4(address);
    for (const DesignJson& network : cluster.at("networks")) {
      std::string problem;
      const auto subnet = model::parse_subnet(network.at("subnet").get<std::string>(), problem);
      if (number && subnet && subnet->contains(*number) && network.contains("site")) {
        sites.insert(network.at("site").get<std::string>());
      }
    }
  }
  return sites.size() == 1 ? *sites.begin() : "";
}

void say_site(Survey& survey, const ExportedMachine& machine, const DesignJson& cluster, DesignJson& worker) {
  std::set<std::string> all;
  for (const auto& [node, site] : survey.sites) all.insert(site);
  if (all.size() < 2) return;
  const std::string site = site_of(machine, cluster);
  if (!site.empty()) {
    worker["site"] = site;
    return;
  }
  survey.remarks.missing(machine.spot, "the site of the worker " + machine.name,
                         "add \"site\" to it: it counts as that of the first node without it");
}

/// The service of a worker on this machine; nullptr: none, or none that the design can state.
const ExportedSettings* worker_on(Survey& survey, const ExportedMachine& machine) {
  const std::string number = survey.master_service.substr(std::min<std::size_t>(survey.master_service.size(), 18));
  const ExportedSettings* chosen = nullptr;
  for (const ExportedSettings& file : machine.worker_settings) {
    if (chosen == nullptr && same_name(file.service, "SSISScaleOutWorker" + number)) {
      chosen = &file;
      continue;
    }
    survey.remarks.not_understood(
        file.spot, fmt::format("{} on {} is a worker of another version than the master", file.service, machine.name),
        "a design has one version for all");
  }
  if (chosen == nullptr || survey.node(machine.name) == nullptr) return chosen;
  survey.remarks.not_understood(chosen->spot, "the node " + machine.name + " has a worker, too",
                                "a design has workers on machines of their own: it leaves it out");
  return nullptr;
}

/// A worker whose settings could be read.
struct Worker {
  const ExportedMachine& machine;
  const ExportedSettings& file;
  model::WorkerSettings settings;
};

void say_worker(Survey& survey, Certificates& certificates, Artefacts& artefacts, const Worker& found,
                const std::string& certificate_key, DesignJson& design) {
  const auto& [machine, file, settings] = found;
  if (settings.endpoint.empty()) {
    survey.remarks.not_understood(file.spot, "WorkerSettings.config of " + machine.name + " has no endpoint",
                                  "the design leaves this worker out");
    return;
  }
  const std::string certificate = certificates.use(settings.worker_certificate_thumbprint, certificate_key,
                                                   "the worker " + machine.name, file.spot);
  if (certificate.empty()) return;
  DesignJson worker = {{"name", machine.name}};
  const ExportedService* const service = find_service(machine, file.service);
  if (service != nullptr && can_be_stated(service->account)) {
    worker["account"] = service->account;
  } else {
    survey.remarks.missing(machine.spot, "the account of the worker " + machine.name,
                           "add \"account\" to it: a virtual account counts without it");
  }
  say_site(survey, machine, design.at("cluster"), worker);
  worker["certificate"] = certificate;
  worker["settings_file"] = artefacts.add(machine.name + "/WorkerSettings.config", *file.bytes);
  survey.workers.push_back(machine.name);
  design["scale_out"]["workers"].push_back(std::move(worker));
}

/// What SSISDB knows of workers that the machines do not say.
void compare_with_catalog(Survey& survey) {
  if (!survey.exported.ssisdb) return;
  const auto& agents = survey.exported.ssisdb->workers;
  if (!agents) {
    survey.remarks.missing("the workers that SSISDB knows", "export again as an account that may read its catalog");
    return;
  }
  for (const ExportedWorkerAgent& agent : *agents) {
    const bool stated = std::any_of(survey.workers.begin(), survey.workers.end(),
                                    [&](const std::string& one) { return same_name(one, agent.machine); });
    if (!stated && survey.exported.machine(agent.machine) == nullptr) {
      survey.remarks.missing(agent.spot, "the worker " + agent.machine + ", which SSISDB knows",
                             "run the script there with -ThisMachineOnly and put its file beside the others");
    }
    if (stated && !agent.enabled) {
      survey.remarks.not_understood(agent.spot, "the worker " + agent.machine + " is disabled in SSISDB",
                                    "a design has enabled workers; rehearse it with the fault worker.disable");
    }
  }
  for (const std::string& worker : survey.workers) {
    if (std::none_of(agents->begin(), agents->end(), [&](const auto& one) { return same_name(one.machine, worker); })) {
      survey.remarks.not_understood(survey.exported.machine(worker)->spot, "SSISDB does not know the worker " + worker,
                                    "it has never been connected; a design has it connected and enabled");
    }
  }
}

}  // namespace

void say_workers(Survey& survey, Certificates& certificates, Artefacts& artefacts, DesignJson& design) {
  design["scale_out"]["workers"] = DesignJson::array();
  std::vector<const ExportedMachine*> machines;
  for (const ExportedMachine& machine : survey.exported.machines) machines.push_back(&machine);
  std::sort(machines.begin(), machines.end(), [](const auto* a, const auto* b) {
    // WRK2 before WRK10.
    return a->name.size() != b->name.size() ? a->name.size() < b->name.size() : model::NameLess()(a->name, b->name);
  });
  std::vector<Worker> workers;
  std::set<std::string> thumbprints;
  for (const ExportedMachine* machine : machines) {
    const ExportedSettings* const file = worker_on(survey, *machine);
    if (file == nullptr) {
      if (survey.node(machine->name) == nullptr) {
        survey.remarks.note(machine->spot, machine->name + " is neither a node of the cluster nor a worker");
      }
      continue;
    }
    auto settings = use_settings(survey, *machine, *file, &model::read_worker_settings);
    if (!settings) continue;
    thumbprints.insert(settings->worker_certificate_thumbprint);
    workers.push_back({*machine, *file, std::move(*settings)});
  }
  for (const Worker& worker : workers) {
    say_worker(survey, certificates, artefacts, worker,
               thumbprints.size() == 1 ? "worker" : "worker-" + worker.machine.name, design);
  }
  compare_with_catalog(survey);
  if (!survey.workers.empty()) return;
  survey.remarks.missing("any worker with its settings and its certificate",
                         "export the workers (-Workers): a design has to state one");
  survey.remarks.block();
}

}  // namespace rehearse::real
