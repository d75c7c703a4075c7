#include "sim/report/json_report.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <ostream>

#include "sim/report/describe.hpp"
#include "sim/report/events.hpp"
#include "sim/report/rests_on.hpp"
#include "sim/report/roles.hpp"
#include "sim/report/tracks.hpp"
#include "sim/report/worker_outages.hpp"
#include "sim/scenario/explanations.hpp"

namespace rehearse::sim {
namespace {

using Json = nlohmann::ordered_json;

double seconds(Duration length) {
  return std::chrono::duration<double>(length).count();
}
Json at(core::Time time) {
  return time == core::never ? Json() : Json(seconds(time.time_since_epoch()));
}
Json id(world::RecordId record) {
  return record == 0 ? Json() : Json(record);
}

std::string_view kind_of(world::Part part) {
  switch (part) {
    case world::Part::cluster: return "cluster";
    case world::Part::host: return "host";
    case world::Part::group: return "role";
    case world::Part::resource: return "resource";
    case world::Part::instance: return "instance";
    case world::Part::worker: return "worker";
    case world::Part::batch: return "batch";
    case world::Part::task: return "execution";
    case world::Part::certificate: return "certificate";
    case world::Part::site: return "site";
  }
  return "";
}

template <class Things, class Make>
Json list(const Things& things, Make&& make) {
  Json result = Json::array();
  for (const auto& thing : things) result.push_back(make(thing));
  return result;
}

Json verdict(const Verdict& one) {
  return {{"outcome", to_text(one.outcome)},
          {"expectation", one.expectation},
          {"reason", one.reason},
          {"settle", one.settle},
          {"line", one.place.line},
          {"column", one.place.column},
          {"pointer", one.place.pointer}};
}

Json parameter(const model::LedgerRow& row) {
  return {{"name", row.name}, {"value", row.value}, {"origin", model::to_text(row.origin)}, {"source", row.source}};
}

Json outage(const Outage& one, const world::Blueprint& plan, const RestsOn& rests_on) {
  const auto phase = [&](const PhaseSpan& span) -> Json {
    return {{"phase", to_text(span.phase)},
            {"from", at(span.from)},
            {"to", at(span.to)},
            {"length", seconds(span.to - span.from)},
            {"begins", id(span.begins)},
            {"ends", id(span.ends)},
            {"rests_on", list(rests_on.phase(span, one.service), parameter)}};
  };
  return {{"service", name_of(one.service, plan)}, {"from", at(one.from)},     {"to", at(one.to)},
          {"length", seconds(one.length())},       {"censored", one.censored}, {"phases", list(one.phases, phase)}};
}

Json episode(const WorkerEpisode& one) {
  return {{"from", at(one.from)},
          {"to", at(one.to)},
          {"first_back", at(one.first_back)},
          {"half_back", at(one.half_back)},
          {"last_back", at(one.last_back)},
          {"workers", one.workers}};
}

Json executions(const TaskCounts& tasks) {
  return {{"planned", tasks.planned},
          {"submitted", tasks.submitted},
          {"never_submitted", tasks.never_submitted},
          {"succeeded", tasks.succeeded},
          {"ended_without_success", tasks.ended_without_success},
          {"unfinished", tasks.unfinished},
          {"overlapped", tasks.overlapped},
          {"repeated", tasks.repeated},
          {"refused_success", tasks.refused_success},
          {"stamped", tasks.stamped},
          {"stopped", tasks.stopped},
          {"lost", tasks.lost()},
          {"doubled", tasks.doubled()}};
}

Json spell(const WorkFigures::Spell& one) {
  return {{"longest", seconds(one.longest)}, {"total", seconds(one.total)}, {"going_on", one.going_on}};
}

Json work(const WorkFigures& figures) {
  const WorkFigures::Wait& wait = figures.wait;
  const WorkFigures::Queue& queue = figures.queue;
  return {{"wait",
           {{"of", wait.of},
            {"still_waiting", wait.still_waiting},
            {"mean", seconds(wait.mean)},
            {"p50", seconds(wait.p50)},
            {"p95", seconds(wait.p95)},
            {"longest", seconds(wait.longest)}}},
          {"queue",
           {{"mean", queue.mean},
            {"longest", queue.longest},
            {"longest_at", at(queue.longest_at)},
            {"at_end", queue.at_end}}},
          {"utilisation", figures.utilisation ? Json(*figures.utilisation) : Json()},
          {"overlap", spell(figures.overlap)},
          {"stamped_for", spell(figures.stamped)},
          {"late", figures.late},
          {"messages_kept", figures.messages_kept},
          {"timed_out", figures.timed_out},
          {"refused", figures.refused}};
}

Json role(const RoleNote& note) {
  return {{"name", note.name}, {"owner", note.owner}, {"state", note.state}, {"moves", note.moves}};
}

Json option(const Option& one) {
  return {{"node", one.node}, {"excluded", one.excluded.empty() ? Json() : Json(one.excluded)}};
}

Json decision(const Decision& one) {
  return {{"kind", to_text(one.kind)}, {"at", at(one.at)},     {"record", id(one.record)},
          {"about", one.about},        {"answer", one.answer}, {"options", list(one.options, option)},
          {"facts", one.facts},        {"rule", one.rule},     {"source", one.source}};
}

Json batch(const BatchDay& day) {
  return {{"batch", day.name},
          {"due", at(day.due)},
          {"done", at(day.done)},
          {"deadline", at(day.deadline)},
          {"makespan", day.makespan() ? Json(seconds(*day.makespan())) : Json()},
          {"executions", day.executions},
          {"succeeded", day.succeeded}};
}

Json step(const OperationNote& note) {
  return {{"name", note.name},       {"section", note.section},
          {"outcome", note.outcome}, {"failure", note.failure.empty() ? Json() : Json(note.failure)},
          {"from", at(note.from)},   {"to", at(note.to)}};
}

Json part(const Track& track) {
  const auto stretch = [](const Stretch& one) -> Json {
    return {{"from", at(one.from)},
            {"to", at(one.to)},
            {"state", one.status.state},
            {"meaning", to_text(one.status.tone)},
            {"begun_by", id(one.begun_by)}};
  };
  return {{"kind", to_text(track.kind)},
          {"name", track.name},
          {"role", track.role.empty() ? Json() : Json(track.role)},
          {"states", list(track.stretches, stretch)}};
}

Json switches(const RunResult& result) {
  Json rows = Json::array();
  for (std::size_t number = 0; number < model::switch_count; ++number) {
    if ((result.last.consulted >> number & 1U) == 0) continue;
    const auto which = static_cast<model::Switch>(number);
    rows.push_back({{"name", model::name_of(which)},
                    {"value", result.plan->parameters()[which]},
                    {"settle", model::lab_test_of(which)}});
  }
  return rows;
}

Json timeline(const RunResult& result) {
  Json rows = Json::array();
  world::RecordId number = result.journal.first;
  for (const world::Record& record : result.journal.records) {
    Sentence sentence = describe(record, *result.plan, result.scenario, result.acts);
    Json row = {{"id", number++},
                {"at", at(record.at)},
                {"cause", id(record.cause)},
                {"kind", world::to_text(record.kind)},
                {"who", sentence.who},
                {"subject", kind_of(record.subject.part())},
                {"object", record.object == world::none ? Json() : Json(record.object)},
                {"value", record.value},
                {"text", to_text(sentence)}};
    if (std::vector<int> events = event_ids(record, *result.plan); !events.empty()) row["event"] = std::move(events);
    if (!sentence.more.empty()) row["more"] = std::move(sentence.more);
    rows.push_back(std::move(row));
  }
  return rows;
}

Json run(const RunResult& result, JsonOptions options) {
  const Scenario& scenario = result.scenario;
  const world::Blueprint& plan = *result.plan;
  const RestsOn rests_on(result);
  Json report = {{"scenario", scenario.name},
                 {"description", scenario.description},
                 {"file", scenario.file},
                 {"design", plan.design().name},
                 {"design_file", scenario.design_file},
                 {"placement", model::to_text(plan.design().scale_out.placement)},
                 {"seed", scenario.seed},
                 {"start", model::to_text(plan.start())},
                 {"duration", seconds(result.end - core::at_start)},
                 {"events", result.events},
                 {"fingerprint", fmt::format("{:016x}", result.fingerprint)},
                 {"outcome", to_text(result.outcome())},
                 {"verdicts", list(result.verdicts, verdict)},
                 {"observations", result.observations},
                 {"outages", list(result.outages, [&](const Outage& one) { return outage(one, plan, rests_on); })},
                 {"workers", list(worker_episodes(result.outages), episode)},
                 {"roles", list(roles_at_end(result), role)},
                 {"executions", executions(result.tasks)},
                 {"work", work(result.work)},
                 {"batches", list(result.batches, batch)},
                 {"deployment", list(result.deployment, step)},
                 {"operations", list(result.operations, step)},
                 {"switches", switches(result)},
                 {"parameters", list(plan.parameters().ledger(), parameter)},
                 {"parts", list(Tracks(result).all(), part)}};
  if (options.explain) report["decisions"] = list(explain(result), decision);
  report["timeline"] = timeline(result);
  return report;
}

Outcome worst(const std::vector<RunResult>& results) {
  const auto any = [&](Outcome outcome) {
    return std::any_of(results.begin(), results.end(),
                       [&](const RunResult& result) { return result.outcome() == outcome; });
  };
  if (any(Outcome::failed)) return Outcome::failed;
  return any(Outcome::unknown) ? Outcome::unknown : Outcome::passed;
}

}  // namespace

void write_json(std::ostream& out, const std::vector<RunResult>& results, JsonOptions options) {
  const Json report = {{"format", runs_format},
                       {"version", runs_version},
                       {"program", options.program},
                       {"outcome", to_text(worst(results))},
                       {"runs", list(results, [&](const RunResult& result) { return run(result, options); })}};
  // Names come from files; bytes that are not UTF-8 are replaced, because the report must be JSON whatever they are.
  out << report.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace rehearse::sim
