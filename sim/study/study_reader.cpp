#include "sim/study/study_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <limits>
#include <nlohmann/json.hpp>
#include <utility>

#include "model/steps/sha256.hpp"
#include "model/whole_file.hpp"
#include "sim/study/study_reading.hpp"
#include "sim/study/study_shapes.hpp"
#include "sim/study/tally.hpp"

namespace rehearse::sim {
namespace {

using model::Diagnostic;
using model::JsonNode;
using model::Member;
using model::Object;
using model::Value;

namespace fs = std::filesystem;

constexpr std::int64_t most_replications = 1'000'000'000'000;

void read_scenario_of(const Value& value, StudyReading& reading) {
  const auto path = value.text();
  if (!path) return;
  const std::string shown = (fs::path(reading.display_folder) / *path).lexically_normal().string();
  reading.study.scenario_file = shown;
  reading.documents = Documents::read((fs::path(reading.base_folder) / *path).string(), shown, reading.of_scenario);
  if (!reading.documents)
    value.error("the scenario '" + *path + "' cannot be rehearsed", "its own errors are listed below");
}

/// What points have in common: what they may be measured by, and how long they last.
void read_base(StudyReading& reading) {
  if (!reading.documents) return;
  reading.base = reading.documents->scenario().scenario;
  if (!reading.base) return;
  reading.study.seed = reading.base->seed;
  reading.plan.emplace(reading.base->design, reading.base->start, reading.base->duration.value_or(Duration::zero()));
}

/// The place of a measure, which is added where it is not there yet; nullopt after a diagnostic.
std::optional<std::size_t> measure_named(const std::string& name, const Value& value, StudyReading& reading) {
  auto& measures = reading.study.measures;
  for (std::size_t place = 0; place < measures.size(); ++place) {
    if (measures[place].name == name) return place;
  }
  std::vector<std::string> names;
  for (Measure& measure : measures_of(*reading.plan)) {
    if (measure.name == name) {
      measures.push_back(std::move(measure));
      return measures.size() - 1;
    }
    names.push_back(measure.name);
  }
  const std::string guess = model::did_you_mean(name, names);
  value.error("there is nothing to measure that is called '" + name + "'",
              guess.empty() ? "measures are " + model::listed(names) : "did you mean '" + guess + "'?");
  return std::nullopt;
}

void read_measures(const Object& root, StudyReading& reading) {
  const auto section = root.find("measure");
  if (!reading.plan) return;
  if (!section) {
    reading.study.measures = usual_measures(*reading.plan);
    return;
  }
  const auto elements = section->elements(1);
  if (!elements) return;
  for (const Value& element : *elements) {
    const auto name = element.text();
    if (!name) continue;
    const std::size_t before = reading.study.measures.size();
    const auto place = measure_named(*name, element, reading);
    if (place && *place < before) element.error("it is there twice", "remove it");
  }
}

/// "1%", "0.5%"
std::optional<double> read_percent(const Value& value, double least) {
  const auto text = value.text();
  if (!text) return std::nullopt;
  double number = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), number);
  const bool percent = error == std::errc() && end + 1 == text->data() + text->size() && *end == '%';
  if (percent && number / 100 >= least && number <= 50) return number / 100;
  value.error(fmt::format("'{}' is no precision that can be wanted here", *text),
              fmt::format("write {}% to 50%, as a share of the figure: \"1%\"", least * 100));
  return std::nullopt;
}

/// "outage.ssisdb.p99": a measure, and what of it; without that, the mean.
void read_target(const Member& member, StudyReading& reading) {
  // Quantiles are told to the width of a histogram's bucket.
  constexpr double least_of_mean = 0.0001, least_of_quantile = 0.004;
  static const std::vector<std::pair<std::string, double>> quantiles = {
      {".p50", 0.5}, {".p90", 0.9}, {".p95", 0.95}, {".p99", 0.99}, {".p99.9", 0.999}};
  PrecisionTarget target;
  target.name = member.name;
  std::string measure = member.name;
  for (const auto& [end, p] : quantiles) {
    if (!measure.ends_with(end)) continue;
    measure.resize(measure.size() - end.size());
    target.quantile = p;
    break;
  }
  // wait.p95 is a measure by itself.
  const auto all = measures_of(*reading.plan);
  const auto is_measure = [&](const std::string& name) {
    return std::any_of(all.begin(), all.end(), [&](const Measure& one) { return one.name == name; });
  };
  if (is_measure(member.name)) {
    measure = member.name;
    target.quantile.reset();
  } else if (measure.ends_with(".mean") && !is_measure(measure)) {
    measure.resize(measure.size() - std::string_view(".mean").size());
  }
  const auto place = measure_named(measure, member.value, reading);
  const auto share = read_percent(member.value, target.quantile ? least_of_quantile : least_of_mean);
  if (!place || !share) return;
  if (target.quantile && reading.study.measures[*place].is_share()) {
    member.value.error("'" + measure + "' is one share of all time and has no quantiles",
                       "write '" + measure + "' alone");
    return;
  }
  target.measure = *place;
  target.share = *share;
  reading.study.precision.push_back(std::move(target));
}

void read_steady_state(const Object& root, StudyReading& reading) {
  constexpr std::int64_t most_batches = 1000;
  const auto warm_up = root.find("warm_up");
  const auto batches = root.find("batches");
  if (warm_up && reading.base) {
    const Duration longest = reading.base->duration.value_or(Duration::zero());
    const auto length = warm_up->duration();
    if (length && !reading.base->duration) {
      warm_up->error("the scenario ends when nothing is left to happen, and has no steady state",
                     "give it a duration: \"set\": { \"duration\": \"7d\" }");
    } else if (length && (*length <= Duration::zero() || *length >= longest)) {
      warm_up->error(model::to_text(*length) + " is no part of the rehearsal",
                     "write less than its duration, " + model::to_text(longest));
    } else if (length) {
      reading.study.warm_up = *length;
    }
  }
  if (!batches) return;
  if (!warm_up) batches->error("batches are of the time after a warm-up", "write 'warm_up', too, or remove it");
  if (const auto number = batches->whole(2, most_batches)) reading.study.batches = static_cast<std::uint64_t>(*number);
}

void read_faults(const Value& value, StudyReading& reading) {
  reading.study.faults = read_random_faults(value).value_or(RandomFaults());
  if (reading.base && !reading.base->duration) {
    value.error("faults that come by themselves never end, and neither does this rehearsal",
                "give it a duration: \"set\": { \"duration\": \"365d\" }");
  }
}

/// Every point must have what is measured.
void check_points(const Object& root, StudyReading& reading) {
  for (const StudyPoint& point : reading.study.points) {
    const world::Blueprint plan(point.scenario.design, point.scenario.start, Duration::zero());
    const auto there = measures_of(plan);
    for (const Measure& measure : reading.study.measures) {
      const bool found =
          std::any_of(there.begin(), there.end(), [&](const Measure& one) { return one.name == measure.name; });
      if (found) continue;
      const auto section = root.find("measure");
      (section ? *section : root.value())
          .error("the point with " + name_of(point) + " has no '" + measure.name + "'",
                 "measure what all points have in common");
      return;
    }
    const bool short_of_warm_up = point.scenario.duration && *point.scenario.duration <= reading.study.warm_up;
    if (short_of_warm_up && reading.study.warm_up > Duration::zero()) {
      root.find("warm_up")->error("the point with " + name_of(point) + " ends before it", "write less");
      return;
    }
  }
}

std::string identity_of(const StudyReading& reading) {
  const Study& study = reading.study;
  std::string text = fmt::format("rehearse study {} {} {} {} {}\n", Tally::version, study.seed, study.replications,
                                 study.warm_up.count(), study.batches);
  for (const Measure& measure : study.measures) text += measure.name + '\n';
  for (const std::string& name : random_fault_names()) {
    if (study.faults.holds(random_fault_from(name).value())) text += "fault " + name + '\n';
  }
  for (const PrecisionTarget& target : study.precision) text += fmt::format("{} {}\n", target.name, target.share);
  for (const Variation& variation : study.variations) text += variation.address + ' ' + variation.text + '\n';
  for (const std::string& point : reading.seen) text += point;
  return steps::sha256_hex(text);
}

void read_root(const Object& root, const StudyOverrides& overrides, StudyReading& reading) {
  Study& study = reading.study;
  if (const auto schema = root.find("$schema")) schema->text();
  root.read("name", study.name, &Value::text);
  root.read("description", study.description, &Value::text);
  if (const auto scenario = root.find("scenario")) read_scenario_of(*scenario, reading);
  if (const auto settings = root.find("set")) read_set(*settings, reading);
  read_base(reading);
  if (const auto seed = root.find("seed")) {
    const auto number = seed->whole(0, std::numeric_limits<std::int64_t>::max());
    if (number) study.seed = static_cast<std::uint64_t>(*number);
  }
  if (const auto replications = root.find("replications")) {
    const auto number = replications->whole(1, most_replications);
    if (number) study.replications = static_cast<std::uint64_t>(*number);
  }
  study.seed = overrides.seed.value_or(study.seed);
  study.replications = overrides.replications.value_or(study.replications);
  read_measures(root, reading);
  read_steady_state(root, reading);
  const auto precision = root.find("precision");
  if (const auto targets = precision && reading.plan ? precision->members() : std::nullopt) {
    if (targets->empty()) precision->error("no figure is named", "write for example { \"outage.ssisdb.p99\": \"1%\" }");
    for (const Member& target : *targets) read_target(target, reading);
  }
  if (const auto faults = root.find("faults")) read_faults(*faults, reading);
  if (!reading.base) return;
  read_points(root, reading);
  if (const auto vary = root.find("vary")) read_variations(*vary, reading);
  check_points(root, reading);
  read_questions(root, reading);
}

bool earlier(const Diagnostic& a, const Diagnostic& b) {
  return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
}

}  // namespace

std::string json_text(const JsonNode& node) {
  switch (node.kind) {
    case JsonNode::Kind::null: return "null";
    case JsonNode::Kind::boolean: return node.boolean ? "true" : "false";
    case JsonNode::Kind::whole:
    case JsonNode::Kind::real: return node.text;
    case JsonNode::Kind::text: return nlohmann::json(node.text).dump();
    case JsonNode::Kind::array: {
      std::string text = "[";
      for (const JsonNode& element : node.elements) text += (text.size() > 1 ? ", " : "") + json_text(element);
      return text + "]";
    }
    case JsonNode::Kind::object: {
      std::string text = "{";
      for (const model::JsonMember& member : node.members) {
        text += (text.size() > 1 ? ", " : " ") + nlohmann::json(member.key).dump() + ": " + json_text(member.value);
      }
      return text + (text.size() > 1 ? " }" : "}");
    }
  }
  return "";
}

std::optional<Address> address_of(const Member& member) {
  std::string problem;
  auto address = parse_address(member.name, problem);
  if (!address) {
    constexpr std::size_t most_shown = 80;
    const std::string shown = member.name.size() > most_shown ? member.name.substr(0, most_shown) + "..." : member.name;
    member.value.tell(model::Severity::error, member.key_place, "'" + shown + "' is no address: " + problem,
                      "write for example cluster.properties.SameSubnetThreshold or timeline[0].at");
  }
  return address;
}

StudyResult read_study(std::string_view text, std::string file_name, std::string base_folder,
                       const StudyOverrides& overrides) {
  StudyReading reading;
  reading.study.file = file_name;
  reading.base_folder = std::move(base_folder);
  reading.display_folder = fs::path(file_name).parent_path().string();
  const auto document = model::parse_json(text, file_name, reading.of_study);
  if (document) {
    const Value root(*document, document->root, "", reading.of_study);
    if (const std::optional<Object> object = root.object(study_shape(""))) read_root(*object, overrides, reading);
  }
  StudyResult result;
  result.diagnostics = std::move(reading.of_study);
  std::stable_sort(result.diagnostics.begin(), result.diagnostics.end(), &earlier);
  result.diagnostics.insert(result.diagnostics.end(), reading.of_scenario.begin(), reading.of_scenario.end());
  if (model::has_errors(result.diagnostics)) return result;
  reading.study.identity = identity_of(reading);
  result.study = std::move(reading.study);
  return result;
}

StudyResult read_study_file(const std::string& path, const StudyOverrides& overrides) {
  std::string problem;
  const auto text = model::read_whole_file(path, model::json_size_limit, problem);
  if (!text) {
    return {std::nullopt,
            {{model::Severity::error, path, {}, "the study cannot be read: " + problem, "name a study file"}}};
  }
  return read_study(*text, path, fs::path(path).parent_path().string(), overrides);
}

}  // namespace rehearse::sim
