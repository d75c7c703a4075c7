#include "model/steps/plan_file.hpp"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "model/json_tree.hpp"
#include "model/reading.hpp"
#include "model/steps/call_json.hpp"
#include "model/whole_file.hpp"

namespace rehearse::steps {
namespace {

using Json = nlohmann::ordered_json;
using model::Need;
using model::Object;
using model::Shape;
using model::Value;

constexpr std::int64_t version = 1;

// ---------------------------------------------------------------------------------------------------- writing

Json fact_json(const Fact& fact) {
  Json json{{"ask", Json::parse(request_json(fact.question))}};
  if (const Answer* answer = fact.answer()) {
    json["answer"] = Json::parse(answer_json(*answer));
  } else {
    json["failure"] = Json::parse(failure_json(std::get<Failure>(fact.outcome)));
  }
  return json;
}

Json expected_json(const ExpectedFact& expected) {
  switch (expected.kind) {
    case ExpectedFact::Kind::known: return fact_json(*expected.fact);
    case ExpectedFact::Kind::known_after_apply:
      return {{"ask", Json::parse(request_json(expected.question))}, {"becomes", "known after apply"}};
    case ExpectedFact::Kind::gone: return {{"ask", Json::parse(request_json(expected.question))}, {"becomes", "gone"}};
  }
  throw std::logic_error("an expected fact outside the list");
}

Json step_json(const PlannedStep& step) {
  Json json{{"step", step.title},  {"name", step.name},   {"section", step.section}, {"status", to_text(step.kind)},
            {"hosts", step.hosts}, {"needs", step.needs}, {"changes", step.changes}};
  if (!step.failure.empty()) json["failure"] = step.failure;
  if (step.kind == PlannedStep::Kind::already) return json;
  json["takes"] = {{"usual", model::to_text(step.usual)}, {"p95", model::to_text(step.at_p95)}};
  json["calls"] = Json::array();
  for (const AnyRequest& call : step.calls) json["calls"].push_back(Json::parse(request_json(call)));
  json["out_of_service"] = Json::array();
  for (const OutOfService& outage : step.out_of_service) {
    json["out_of_service"].push_back(
        {{"service", outage.service}, {"usual", model::to_text(outage.usual)}, {"p95", model::to_text(outage.at_p95)}});
  }
  json["after"] = Json::array();
  for (const ExpectedFact& expected : step.after) json["after"].push_back(expected_json(expected));
  return json;
}

// ---------------------------------------------------------------------------------------------------- reading

const Shape plan_shape{"",
                       {{"rehearse", Need::required},
                        {"version", Need::required},
                        {"made", Need::required},
                        {"design", Need::required},
                        {"operation"},
                        {"observed", Need::required},
                        {"steps", Need::required},
                        {"caveats"}}};
const Shape design_shape{"/design", {{"file", Need::required}, {"name", Need::required}, {"sha256", Need::required}}};
const Shape operation_shape{"/operation", {{"name", Need::required}, {"arguments"}}};
const Shape observed_shape{"/observed", {{"sha256", Need::required}, {"facts", Need::required}}};
const Shape fact_shape{"/observed/facts/*", {{"ask", Need::required}, {"answer"}, {"failure"}, {"becomes"}}};
const Shape step_shape{"/steps/*",
                       {{"step", Need::required},
                        {"name", Need::required},
                        {"section", Need::required},
                        {"status", Need::required},
                        {"hosts"},
                        {"needs"},
                        {"changes"},
                        {"failure"},
                        {"takes"},
                        {"calls"},
                        {"out_of_service"},
                        {"after"}}};
const Shape takes_shape{"/steps/*/takes", {{"usual", Need::required}, {"p95", Need::required}}};
const Shape outage_shape{"/steps/*/out_of_service/*",
                         {{"service", Need::required}, {"usual", Need::required}, {"p95", Need::required}}};

/// Of an observation (`expected` null) or of what a step changes.
std::optional<ExpectedFact> read_expected(const Value& value) {
  const std::optional<Object> object = value.object(fact_shape);
  if (!object) return std::nullopt;
  const std::optional<Value> ask = object->find("ask");
  std::optional<AnyRequest> question = ask ? read_request(*ask) : std::nullopt;
  if (!question) return std::nullopt;
  ExpectedFact expected{*question, ExpectedFact::Kind::known, std::nullopt};
  if (const auto becomes = object->find("becomes")) {
    const auto kind = becomes->one_of<ExpectedFact::Kind>(
        {{"known after apply", ExpectedFact::Kind::known_after_apply}, {"gone", ExpectedFact::Kind::gone}});
    if (!kind) return std::nullopt;
    expected.kind = *kind;
    return expected;
  }
  if (const auto failure = object->find("failure")) {
    std::optional<Failure> read = read_failure(*failure);
    if (read) expected.fact = Fact{*question, std::move(*read)};
  } else if (const auto answer = object->find("answer")) {
    std::optional<Answer> read = read_answer(*answer);
    if (read) expected.fact = Fact{*question, std::move(*read)};
  } else {
    value.error("this fact has no outcome", "\"answer\", \"failure\" or \"becomes\" stands beside \"ask\"");
  }
  return expected.fact ? std::optional(std::move(expected)) : std::nullopt;
}

void read_observation(const Value& value, Plan& plan) {
  const std::optional<Object> object = value.object(observed_shape);
  if (!object) return;
  const auto facts = object->find("facts");
  const auto elements = facts ? facts->elements() : std::nullopt;
  if (!elements) return;
  for (const Value& element : *elements) {
    std::optional<ExpectedFact> fact = read_expected(element);
    if (fact && fact->fact) plan.observed.facts.push_back(std::move(*fact->fact));
    if (fact && !fact->fact) element.error("an observation knows every answer", "make the plan again");
  }
  std::string stated;
  object->read("sha256", stated, &Value::text);
  if (plan.observed.facts.size() == elements->size() && stated != fingerprint_of(plan.observed)) {
    object->value().error("the facts do not have the fingerprint that stands beside them: somebody edited them",
                          "make the plan again with rehearse plan");
  }
}

void read_operation(const Value& value, Plan& plan) {
  const std::optional<Object> object = value.object(operation_shape);
  if (!object) return;
  object->read("name", plan.operation, &Value::text);
  const auto arguments = object->find("arguments");
  const auto members = arguments ? arguments->members() : std::nullopt;
  if (!members) return;
  for (const model::Member& member : *members) {
    if (const auto text = member.value.any_text()) plan.arguments[member.name] = *text;
  }
}

void read_design(const Value& value, Plan& plan) {
  const std::optional<Object> object = value.object(design_shape);
  if (!object) return;
  object->read("file", plan.design_file, &Value::any_text);
  object->read("name", plan.design_name, &Value::any_text);
  object->read("sha256", plan.design_fingerprint, &Value::text);
}

void read_outages(const Value& value, PlannedStep& step) {
  const auto elements = value.elements();
  if (!elements) return;
  for (const Value& element : *elements) {
    const std::optional<Object> object = element.object(outage_shape);
    if (!object) continue;
    OutOfService outage;
    object->read("service", outage.service, &Value::text);
    object->read("usual", outage.usual, &Value::duration);
    object->read("p95", outage.at_p95, &Value::duration);
    step.out_of_service.push_back(std::move(outage));
  }
}

void read_step(const Value& value, Plan& plan) {
  const std::optional<Object> object = value.object(step_shape);
  if (!object) return;
  PlannedStep step;
  object->read("step", step.title, &Value::text);
  object->read("name", step.name, &Value::text);
  object->read("section", step.section, &Value::any_text);
  object->read("status", step.kind,
               {{to_text(PlannedStep::Kind::needed), PlannedStep::Kind::needed},
                {to_text(PlannedStep::Kind::already), PlannedStep::Kind::already},
                {to_text(PlannedStep::Kind::fails), PlannedStep::Kind::fails}});
  object->read("needs", step.needs, &Value::any_text);
  object->read("changes", step.changes, &Value::any_text);
  object->read("failure", step.failure, &Value::any_text);
  if (const auto hosts = object->find("hosts")) {
    if (auto names = hosts->texts()) step.hosts = std::move(*names);
  }
  if (const auto takes = object->find("takes")) {
    if (const auto lengths = takes->object(takes_shape)) {
      lengths->read("usual", step.usual, &Value::duration);
      lengths->read("p95", step.at_p95, &Value::duration);
    }
  }
  const auto calls = object->find("calls");
  if (const auto elements = calls ? calls->elements() : std::nullopt) {
    for (const Value& element : *elements) {
      if (auto request = read_request(element)) step.calls.push_back(std::move(*request));
    }
  }
  if (const auto outages = object->find("out_of_service")) read_outages(*outages, step);
  const auto after = object->find("after");
  if (const auto elements = after ? after->elements() : std::nullopt) {
    for (const Value& element : *elements) {
      if (auto fact = read_expected(element)) step.after.push_back(std::move(*fact));
    }
  }
  plan.steps.push_back(std::move(step));
}

}  // namespace

std::string plan_text(const Plan& plan) {
  Json json{{"rehearse", "plan"},
            {"version", version},
            {"made", model::to_text(plan.made)},
            {"design", {{"file", plan.design_file}, {"name", plan.design_name}, {"sha256", plan.design_fingerprint}}}};
  if (!plan.operation.empty()) {
    json["operation"] = {{"name", plan.operation}, {"arguments", Json::object()}};
    for (const auto& [name, value] : plan.arguments) json["operation"]["arguments"][name] = value;
  }
  json["steps"] = Json::array();
  for (const PlannedStep& step : plan.steps) json["steps"].push_back(step_json(step));
  json["caveats"] = plan.caveats;
  Json facts = Json::array();
  for (const Fact& fact : plan.observed.facts) facts.push_back(fact_json(fact));
  json["observed"] = {{"sha256", fingerprint_of(plan.observed)}, {"facts", std::move(facts)}};
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

PlanResult read_plan(std::string_view text, const std::string& file) {
  PlanResult result;
  const auto document = model::parse_json(text, file, result.diagnostics);
  if (!document) return result;
  Plan plan;
  const Value root(*document, document->root, "", result.diagnostics);
  if (const std::optional<Object> object = root.object(plan_shape)) {
    if (const auto kind = object->find("rehearse")) kind->one_of<int>({{"plan", 0}});
    if (const auto written = object->find("version")) written->whole(version, version);
    object->read("made", plan.made, &Value::date);
    if (const auto design = object->find("design")) read_design(*design, plan);
    if (const auto operation = object->find("operation")) read_operation(*operation, plan);
    if (const auto observed = object->find("observed")) read_observation(*observed, plan);
    const auto steps = object->find("steps");
    if (const auto elements = steps ? steps->elements() : std::nullopt) {
      for (const Value& element : *elements) read_step(element, plan);
    }
    const auto caveats = object->find("caveats");
    if (const auto elements = caveats ? caveats->elements() : std::nullopt) {
      for (const Value& element : *elements) plan.caveats.push_back(element.any_text().value_or(""));
    }
  }
  if (!model::has_errors(result.diagnostics)) result.plan = std::move(plan);
  return result;
}

PlanResult read_plan_file(const std::string& path) {
  std::string problem;
  const std::optional<std::string> text = model::read_whole_file(path, model::json_size_limit, problem);
  if (text) return read_plan(*text, path);
  return {std::nullopt,
          {{model::Severity::error,
            path,
            {},
            "the plan cannot be read: " + problem,
            "name a file that was written by rehearse plan"}}};
}

}  // namespace rehearse::steps
