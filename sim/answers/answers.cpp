#include "sim/answers/answers.hpp"

#include <algorithm>
#include <set>

#include "sim/answers/chains.hpp"

namespace rehearse::sim {
namespace {

using core::Time;

void add_once(std::vector<std::string>& names, const std::string& name) {
  if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
}

Away away(const SavedRun& run, const SavedOutage& outage) {
  Away one;
  one.outage = &outage;
  if (!outage.phases.empty()) one.before = chain_to(run, outage.phases.front().begins);
  for (const SavedPhase& phase : outage.phases) {
    // What is still so at the end of the run has no record that ends it: it is told by the one that began it.
    one.phases.push_back({&phase, chain_to(run, phase.ends, phase.begins)});
  }
  return one;
}

/// The decision led to a record about the part, about its role, or about a resource of it.
bool is_about(const SavedDecision& decision, const SavedPart& part, const SavedRun& run) {
  const SavedRecord* record = run.find(decision.record);
  if (record == nullptr) return false;
  const auto tells_of = [&](const SavedPart& one) {
    const bool same_kind = record->subject == one.kind || (record->subject == "host" && one.kind == "node");
    return same_kind && record->who == one.name;
  };
  if (tells_of(part)) return true;
  return std::any_of(run.parts.begin(), run.parts.end(), [&](const SavedPart& other) {
    const bool related = (part.kind == "role" && other.role == part.name) ||
                         (part.kind == "resource" && other.kind == "role" && other.name == part.role);
    return related && tells_of(other);
  });
}

/// The times in which the part was not in service, state by state.
std::vector<Spell> spells_of(const SavedRun& run, const SavedPart& part) {
  std::vector<Spell> spells;
  SavedId told = 0;  // the latest record that a chain of this spell has told
  for (const SavedState& state : part.states) {
    if (state.in_service()) continue;
    if (spells.empty() || spells.back().to != state.from) {
      spells.emplace_back().from = state.from;
      told = 0;
    }
    Spell& spell = spells.back();
    spell.to = state.to;
    spell.at_end = state.to == run.end;
    Chain chain = chain_to(run, state.begun_by);
    std::erase_if(chain, [&](const SavedRecord* record) { return record->id <= told; });
    if (!chain.empty()) told = chain.back()->id;
    spell.steps.push_back({&state, std::move(chain)});
  }
  for (Spell& spell : spells) {
    if (!run.decisions) continue;
    for (const SavedDecision& decision : *run.decisions) {
      const bool meanwhile = decision.at >= spell.from && decision.at <= spell.to;
      if (meanwhile && is_about(decision, part, run)) spell.decisions.push_back(&decision);
    }
  }
  return spells;
}

bool in_service_at_end(const SavedPart& part, Time end) {
  return !part.states.empty() && part.states.back().to == end && part.states.back().in_service();
}

/// Whether its not being in service is worth a question: what nobody wants is no trouble.
bool is_missed(const SavedPart& part, Time end) {
  const bool there = !part.states.empty() && part.states.back().to == end;
  return there && !part.states.back().in_service() && part.states.back().meaning != "not wanted";
}

}  // namespace

std::vector<std::string> services_of(const SavedRun& run) {
  std::vector<std::string> names = {"sql_server", "ssisdb", "scale_out_master", "package_execution"};
  for (const SavedPart& part : run.parts) {
    if (part.kind == "worker") add_once(names, "worker " + part.name);
  }
  for (const SavedOutage& outage : run.outages) add_once(names, outage.service);
  return names;
}

std::vector<std::string> parts_of(const SavedRun& run) {
  std::vector<std::string> names;
  for (const SavedPart& part : run.parts) add_once(names, part.name);
  return names;
}

std::optional<WhyAway> why_away(const SavedRun& run, const std::string& service, std::optional<Time> from,
                                std::optional<Time> to) {
  const std::vector<std::string> known = services_of(run);
  const auto is_known = [&](const std::string& name) {
    return std::find(known.begin(), known.end(), name) != known.end();
  };
  WhyAway answer{service, from, to, {}, 0};
  if (!is_known(service)) answer.service = "worker " + service;
  if (!is_known(answer.service)) return std::nullopt;
  for (const SavedOutage& outage : run.outages) {
    if (outage.service != answer.service) continue;
    const bool meant = (!to || outage.from <= *to) && (!from || outage.to >= *from);
    if (meant)
      answer.outages.push_back(away(run, outage));
    else
      ++answer.elsewhere;
  }
  return answer;
}

std::vector<WhyNot> why_not(const SavedRun& run, const std::string& name) {
  std::vector<WhyNot> answers;
  for (const SavedPart& part : run.parts) {
    if (part.name != name && part.kind + " " + part.name != name) continue;
    WhyNot answer{&part, spells_of(run, part), {}};
    const std::string& role = part.kind == "role" ? part.name : part.role;
    for (const SavedPart& other : run.parts) {
      const bool of_role = !role.empty() && other.role == role && &other != &part;
      if (of_role && !in_service_at_end(other, run.end)) answer.lacking.push_back(&other);
    }
    answers.push_back(std::move(answer));
  }
  return answers;
}

std::vector<SavedParameter> behind_outages(const SavedRun& run) {
  std::vector<SavedParameter> rows;
  std::set<std::string> told;
  for (const SavedOutage& outage : run.outages) {
    for (const SavedPhase& phase : outage.phases) {
      for (const SavedParameter& row : phase.rests_on) {
        if (told.insert(row.name).second) rows.push_back(row);
      }
    }
  }
  return rows;
}

std::vector<Question> questions_of(const SavedRun& run) {
  std::vector<Question> questions;
  for (const std::string& service : services_of(run)) {
    std::vector<const SavedOutage*> outages;
    for (const SavedOutage& outage : run.outages) {
      if (outage.service == service) outages.push_back(&outage);
    }
    if (outages.size() == 1) questions.push_back({"why was " + service + " away", "--why-away", service, {}, {}});
    if (outages.size() < 2) continue;
    for (const SavedOutage* outage : outages)
      questions.push_back({"why was " + service + " away", "--why-away", service, outage->from, outage->to});
  }
  for (const SavedPart& part : run.parts) {
    if (!is_missed(part, run.end)) continue;
    const auto same = std::count_if(run.parts.begin(), run.parts.end(),
                                    [&](const SavedPart& other) { return other.name == part.name; });
    questions.push_back({"why is the " + part.kind + " " + part.name + " not in service at the end",
                         "--why-not",
                         same > 1 ? part.kind + " " + part.name : part.name,
                         {},
                         {}});
  }
  questions.push_back({"which parameters does this rest on", "--parameters", "", {}, {}});
  return questions;
}

}  // namespace rehearse::sim
