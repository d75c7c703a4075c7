#include <nlohmann/json.hpp>
#include <ostream>

#include "sim/answers/answers_text.hpp"

namespace rehearse::sim {
namespace {

using Json = nlohmann::ordered_json;

template <class Things, class Make>
Json list(const Things& things, Make&& make) {
  Json result = Json::array();
  for (const auto& thing : things) result.push_back(make(thing));
  return result;
}

Json seconds(Duration length) {
  return std::chrono::duration<double>(length).count();
}
Json at(core::Time time) {
  return seconds(time.time_since_epoch());
}

Json record(const SavedRecord* one) {
  Json row = {{"id", one->id}, {"at", at(one->at)}, {"text", one->text}};
  if (!one->more.empty()) row["more"] = one->more;
  return row;
}

Json parameter(const SavedParameter& row) {
  return {{"name", row.name}, {"value", row.value}, {"origin", row.origin}, {"source", row.source}};
}

Json phase(const Away::Part& part) {
  const SavedPhase& one = *part.phase;
  return {{"phase", one.phase},
          {"from", at(one.from)},
          {"to", at(one.to)},
          {"length", seconds(one.to - one.from)},
          {"records", list(part.chain, record)},
          {"rests_on", list(one.rests_on, parameter)}};
}

Json outage(const Away& away) {
  const SavedOutage& one = *away.outage;
  return {{"from", at(one.from)},
          {"to", at(one.to)},
          {"length", seconds(one.to - one.from)},
          {"censored", one.censored},
          {"before", list(away.before, record)},
          {"phases", list(away.phases, phase)}};
}

Json decision(const SavedDecision* one) {
  const auto option = [](const SavedDecision::Option& node) -> Json {
    return {{"node", node.node}, {"excluded", node.excluded.empty() ? Json() : Json(node.excluded)}};
  };
  return {{"at", at(one->at)},
          {"about", one->about},
          {"answer", one->answer},
          {"rule", one->rule},
          {"source", one->source},
          {"facts", one->facts},
          {"options", list(one->options, option)}};
}

Json spell(const Spell& one) {
  const auto step = [](const Spell::Step& part) -> Json {
    return {{"from", at(part.state->from)},
            {"to", at(part.state->to)},
            {"state", part.state->state},
            {"meaning", part.state->meaning},
            {"records", list(part.chain, record)}};
  };
  return {{"from", at(one.from)},
          {"to", at(one.to)},
          {"at_end", one.at_end},
          {"states", list(one.steps, step)},
          {"decisions", list(one.decisions, decision)}};
}

Json not_in_service(const WhyNot& answer) {
  const auto lacking = [](const SavedPart* part) -> Json {
    return {{"kind", part->kind}, {"name", part->name}, {"state", part->states.back().state}};
  };
  return {{"kind", answer.part->kind},
          {"name", answer.part->name},
          {"spells", list(answer.spells, spell)},
          {"lacking", list(answer.lacking, lacking)}};
}

Json question(const Question& one) {
  return {{"question", one.words},
          {"option", one.option},
          {"value", one.value.empty() ? Json() : Json(one.value)},
          {"from", one.from ? at(*one.from) : Json()},
          {"to", one.to ? at(*one.to) : Json()}};
}

void write(std::ostream& out, const SavedRun& run, const char* key, Json answer) {
  Json document = {{"scenario", run.scenario}, {"file", run.file}, {"seed", run.seed}, {"outcome", run.outcome}};
  document[key] = std::move(answer);
  out << document.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace

void write_why_away_json(std::ostream& out, const SavedRun& run, const WhyAway& answer) {
  write(out, run, "why_away", {{"service", answer.service}, {"outages", list(answer.outages, outage)}});
}

void write_why_not_json(std::ostream& out, const SavedRun& run, const std::vector<WhyNot>& answers) {
  write(out, run, "why_not", list(answers, not_in_service));
}

void write_parameters_json(std::ostream& out, const SavedRun& run) {
  const auto a_switch = [](const SavedSwitch& one) -> Json {
    return {{"name", one.name}, {"value", one.value}, {"settle", one.settle}};
  };
  write(out, run, "parameters",
        {{"behind_outages", list(behind_outages(run), parameter)},
         {"switches", list(run.switches, a_switch)},
         {"all", list(run.parameters, parameter)}});
}

void write_summary_json(std::ostream& out, const SavedRun& run) {
  write(out, run, "questions", list(questions_of(run), question));
}

}  // namespace rehearse::sim
