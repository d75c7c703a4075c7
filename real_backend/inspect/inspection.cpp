#include "real_backend/inspect/inspection.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "real_backend/inspect/design_text.hpp"
#include "real_backend/inspect/parts.hpp"

namespace rehearse::real {
namespace {

constexpr const char* export_again = "see why, and export again";

std::string list_of(const std::vector<std::string>& words) {
  return words.empty() ? "none" : fmt::format("{}", fmt::join(words, ", "));
}

/// A short account for people.
void tell_found(const Survey& survey, const DesignJson& design, Inspection& inspection) {
  const auto tell = [&](std::string what, std::string found) {
    inspection.found.emplace_back(std::move(what), std::move(found));
  };
  tell("cluster", fmt::format("{}, Windows {}", survey.cluster.name,
                              survey.windows ? model::to_text(*survey.windows) : "of an unknown version"));
  std::vector<std::string> nodes;
  for (const std::string& node : survey.nodes) {
    const auto site = survey.sites.find(node);
    nodes.push_back(site == survey.sites.end() ? node : fmt::format("{} ({})", node, site->second));
  }
  tell("nodes", list_of(nodes));
  std::vector<std::string> networks;
  for (const DesignJson& network : design["cluster"]["networks"]) {
    networks.push_back(fmt::format("{} {}", network["name"].get<std::string>(), network["subnet"].get<std::string>()));
  }
  tell("networks", list_of(networks));
  const DesignJson& witness = design["cluster"]["quorum"]["witness"];
  const std::string kind = witness["kind"].get<std::string>();
  tell("witness", kind == "none" ? kind : fmt::format("{}, {}", kind, witness.value("path", "")));
  if (survey.instance != nullptr) {
    tell("SSISDB", fmt::format("in {} '{}', SQL Server {} {}",
                               survey.has_availability_group() ? "the availability group" : "the instance",
                               survey.instance->name, survey.sql_version ? model::to_text(*survey.sql_version) : "?",
                               survey.edition ? model::to_text(*survey.edition) : "?"));
  }
  if (survey.master != nullptr) {
    tell("master",
         fmt::format("{} in the role '{}'", survey.is_joint() ? "joint," : "separate,", survey.master->group));
  }
  tell("workers", list_of(survey.workers));
  std::vector<std::string> roles;
  if (design["cluster"].contains("roles")) {
    for (const DesignJson& role : design["cluster"]["roles"]) roles.push_back(role["name"].get<std::string>());
  }
  if (!roles.empty()) tell("other roles", list_of(roles));
}

void tell_to_state(const Survey& survey, Inspection& inspection) {
  inspection.to_state.push_back(
      "the workload: none stated. Add \"workload\" with batches, rates or a history of catalog.executions "
      "(scenarios/scale_out/executions.sql exports one)");
  inspection.to_state.push_back(
      "how long SSISDB recovers and packages run here: the assumed durations of the ledger count without a word");
  if (survey.sites.empty()) {
    inspection.to_state.push_back(
        "sites: the cluster knows none. Add \"site\" to nodes and networks to lose one of them");
  } else if (!survey.cluster.quorum_resource.empty()) {
    inspection.to_state.push_back("where the witness stands: add \"site\" to it; it counts as a place of its own");
  }
}

}  // namespace

bool Inspection::understood_wholly() const {
  return design &&
         std::all_of(remarks.begin(), remarks.end(), [](const Remark& one) { return one.kind == Remark::Kind::note; });
}

Inspection inspect(const Export& exported, const std::string& artefacts) {
  Inspection inspection;
  Remarks gaps;
  for (const ExportGap& gap : exported.gaps) gaps.missing(gap.spot, gap.what + ": " + gap.why, export_again);
  if (!exported.cluster) {
    gaps.missing("the cluster", "export a node of the cluster: a design has to state it");
    inspection.remarks = gaps.all();
    return inspection;
  }
  Survey survey(exported, *exported.cluster);
  look_over(survey);
  DesignJson design;
  say_head(survey, design);
  say_cluster(survey, design);
  say_instance(survey, design);
  Certificates certificates(survey);
  Artefacts files{artefacts, {}};
  say_master(survey, certificates, files, design);
  say_workers(survey, certificates, files, design);
  certificates.say(design, files);
  say_other_roles(survey, design);
  // Last in the file, as people write it.
  if (design.contains("parameters")) {
    DesignJson parameters = std::move(design["parameters"]);
    design.erase("parameters");
    design["parameters"] = std::move(parameters);
  }
  tell_found(survey, design, inspection);
  tell_to_state(survey, inspection);
  inspection.remarks = gaps.all();
  inspection.remarks.insert(inspection.remarks.end(), survey.remarks.all().begin(), survey.remarks.all().end());
  if (survey.remarks.blocked()) return inspection;
  const auto count = [&](Remark::Kind kind) {
    return std::count_if(inspection.remarks.begin(), inspection.remarks.end(),
                         [&](const Remark& one) { return one.kind == kind; });
  };
  inspection.design = fmt::format(
      "// Made by rehearse inspect of an exported deployment. Not understood: {}, missing: {}; this design says "
      "nothing\n"
      "// about either. Durations and workload are for you to state.\n",
      count(Remark::Kind::not_understood), count(Remark::Kind::missing));
  *inspection.design += design_text(design);
  inspection.files = std::move(files.files);
  return inspection;
}

}  // namespace rehearse::real
