#include "sim/answers/saved_result.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "model/large_json.hpp"
#include "model/reading.hpp"
#include "model/whole_file.hpp"
#include "sim/answers/saved_shapes.hpp"
#include "sim/report/json_report.hpp"

namespace rehearse::sim {
namespace {

using model::Object;
using model::Value;

constexpr std::size_t size_limit = std::size_t{1} << 30;  // 1 GiB
constexpr std::size_t most_told = 100;                    // about; a damaged file may have millions of problems
constexpr double most_seconds = 4e9;                      // of the world's clock, either way

bool is_null(const Value& value) {
  return value.node().kind == model::JsonNode::Kind::null;
}

class Reader {
 public:
  /// What is wrong with the file is added to `told` by its values.
  Reader(SavedRun& run, const std::vector<model::Diagnostic>& told) : run_(run), told_(told) {}

  void read(const Object& object) {
    object.read("scenario", run_.scenario, &Value::any_text);
    object.read("file", run_.file, &Value::any_text);
    object.read("design", run_.design, &Value::any_text);
    object.read("design_file", run_.design_file, &Value::any_text);
    object.read("start", run_.start, &Value::any_text);
    object.read("outcome", run_.outcome, &Value::any_text);
    read_seed(object);
    run_.end = core::at_start + length(object, "duration", 0);
    // Records come first: the others name them.
    each(object, "timeline", saved_shapes::record, [&](const Object& one) { run_.records.push_back(record(one)); });
    each(object, "verdicts", saved_shapes::verdict, [&](const Object& one) { run_.verdicts.push_back(verdict(one)); });
    read_texts(object, "observations", run_.observations);
    each(object, "outages", saved_shapes::outage, [&](const Object& one) { run_.outages.push_back(outage(one)); });
    each(object, "parts", saved_shapes::part, [&](const Object& one) { run_.parts.push_back(part(one)); });
    each(object, "switches", saved_shapes::a_switch,
         [&](const Object& one) { run_.switches.push_back(a_switch(one)); });
    read_parameters(object, "parameters", run_.parameters);
    if (!object.has("decisions")) return;
    run_.decisions.emplace();
    each(object, "decisions", saved_shapes::decision,
         [&](const Object& one) { run_.decisions->push_back(decision(one)); });
  }

 private:
  template <class Read>
  void each(const Object& object, std::string_view key, const model::Shape& shape, Read&& read) const {
    const auto value = object.find(key);
    if (!value) return;
    const auto elements = value->elements();
    if (!elements) return;
    for (const Value& element : *elements) {
      if (told_.size() >= most_told) return;
      if (const auto one = element.object(shape)) read(*one);
    }
  }

  static std::string text(const Object& object, std::string_view key) {
    std::string result;
    object.read(key, result, &Value::any_text);
    return result;
  }

  static void read_texts(const Object& object, std::string_view key, std::vector<std::string>& target) {
    const auto value = object.find(key);
    const auto elements = value ? value->elements() : std::nullopt;
    if (!elements) return;
    for (const Value& element : *elements) {
      if (auto one = element.any_text()) target.push_back(std::move(*one));
    }
  }

  /// The reader of JSON keeps whole numbers with a sign; a seed may be larger.
  void read_seed(const Object& object) {
    const auto value = object.find("seed");
    if (!value) return;
    const model::JsonNode& node = value->node();
    const bool number = node.kind == model::JsonNode::Kind::whole || node.kind == model::JsonNode::Kind::real;
    try {
      std::size_t used = 0;
      if (number) run_.seed = std::stoull(node.text, &used);
      if (number && used == node.text.size() && !node.text.starts_with('-')) return;
    } catch (const std::logic_error&) {  // no number, or too large
    }
    value->error(value->described() + " is no seed", "a seed is a whole number that is not negative");
  }

  static Duration length(const Object& object, std::string_view key, double least = -most_seconds) {
    double seconds = 0;
    object.read(key, seconds, &Value::number, least, most_seconds);
    return Duration(std::llround(seconds * 1e9));
  }
  static core::Time at(const Object& object, std::string_view key) { return core::at_start + length(object, key); }

  /// From and to, in this order.
  static void read_span(const Object& object, core::Time& from, core::Time& to) {
    from = at(object, "from");
    to = at(object, "to");
    if (to < from) object.value().error("it ends before it begins", "the file is damaged: save the run again");
  }

  static SavedId number(const Object& object, std::string_view key) {
    const auto value = object.find(key);
    if (!value || is_null(*value)) return 0;
    return static_cast<SavedId>(value->whole(1, std::numeric_limits<std::int64_t>::max()).value_or(0));
  }

  /// The number of a record that is there, or of none.
  SavedId known(const Object& object, std::string_view key) const {
    const SavedId id = number(object, key);
    if (id != 0 && run_.find(id) == nullptr) {
      object.find(key)->error(fmt::format("there is no record {}", id), "the file is damaged: save the run again");
      return 0;
    }
    return id;
  }

  SavedRecord record(const Object& object) const {
    SavedRecord one;
    one.id = number(object, "id");
    const SavedId expected = run_.records.empty() ? one.id : run_.records.back().id + 1;
    if (one.id == 0 || one.id != expected) {
      object.value().error(fmt::format("record {} stands where {} should", one.id, expected),
                           "the file is damaged: save the run again");
      one.id = std::max<SavedId>(expected, 1);
    }
    one.at = at(object, "at");
    if (!run_.records.empty() && one.at < run_.records.back().at)
      object.value().error("it comes before the record above it", "the file is damaged: save the run again");
    one.cause = number(object, "cause");
    // A cause before the journal lies in the deployment.
    if (one.cause >= one.id) {
      object.value().error(fmt::format("record {} is caused by record {}, which comes later", one.id, one.cause),
                           "the file is damaged: save the run again");
      one.cause = 0;
    }
    one.kind = text(object, "kind");
    one.who = text(object, "who");
    one.subject = text(object, "subject");
    one.text = text(object, "text");
    if (object.has("more")) one.more = text(object, "more");
    return one;
  }

  static SavedVerdict verdict(const Object& object) {
    return {text(object, "outcome"), text(object, "expectation"), text(object, "reason")};
  }

  void read_parameters(const Object& object, std::string_view key, std::vector<SavedParameter>& target) const {
    each(object, key, saved_shapes::parameter, [&](const Object& one) {
      target.push_back({text(one, "name"), text(one, "value"), text(one, "origin"), text(one, "source")});
    });
  }

  SavedOutage outage(const Object& object) const {
    SavedOutage one;
    one.service = text(object, "service");
    read_span(object, one.from, one.to);
    object.read("censored", one.censored, &Value::boolean);
    each(object, "phases", saved_shapes::phase, [&](const Object& part) {
      SavedPhase phase;
      phase.phase = text(part, "phase");
      read_span(part, phase.from, phase.to);
      phase.begins = known(part, "begins");
      phase.ends = known(part, "ends");
      read_parameters(part, "rests_on", phase.rests_on);
      one.phases.push_back(std::move(phase));
    });
    return one;
  }

  SavedPart part(const Object& object) const {
    SavedPart one;
    one.kind = text(object, "kind");
    one.name = text(object, "name");
    if (const auto role = object.find("role"); role && !is_null(*role)) one.role = text(object, "role");
    each(object, "states", saved_shapes::state, [&](const Object& stretch) {
      SavedState state;
      read_span(stretch, state.from, state.to);
      state.state = text(stretch, "state");
      state.meaning = text(stretch, "meaning");
      state.begun_by = known(stretch, "begun_by");
      one.states.push_back(std::move(state));
    });
    return one;
  }

  static SavedSwitch a_switch(const Object& object) {
    SavedSwitch one{text(object, "name"), text(object, "settle"), false};
    object.read("value", one.value, &Value::boolean);
    return one;
  }

  SavedDecision decision(const Object& object) const {
    SavedDecision one;
    one.about = text(object, "about");
    one.answer = text(object, "answer");
    one.rule = text(object, "rule");
    one.source = text(object, "source");
    one.at = at(object, "at");
    one.record = known(object, "record");
    read_texts(object, "facts", one.facts);
    each(object, "options", saved_shapes::option, [&](const Object& option) {
      const auto excluded = option.find("excluded");
      const bool candidate = !excluded || is_null(*excluded);
      one.options.push_back({text(option, "node"), candidate ? "" : text(option, "excluded")});
    });
    return one;
  }

  SavedRun& run_;
  const std::vector<model::Diagnostic>& told_;
};

const std::string save = "save a run with rehearse run SCENARIO --save FILE";

/// Whether the file may be JSON of one object; people name the report for a browser, or tables of SQLite.
bool looks_like_ours(std::string_view text) {
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != text.npos && text[first] == '{';
}

/// Whether the file is a saved result of the version that is read here; tells what else it is.
bool is_ours(const Value& root, const std::string& file, std::vector<model::Diagnostic>& diagnostics) {
  const auto refuse = [&](const model::Place& place, std::string what, std::string remedy) {
    diagnostics.push_back({model::Severity::error, file, place, std::move(what), std::move(remedy)});
    return false;
  };
  const model::JsonMember* format = root.node().find("format");
  if (format == nullptr || format->value.text != runs_format) {
    const bool other = format != nullptr && format->value.text.starts_with("rehearse-");
    return refuse(root.place(),
                  other ? fmt::format("this is a file of the format {}, not a saved run", format->value.text)
                        : "this is no saved result of Rehearse",
                  save);
  }
  const model::JsonMember* version = root.node().find("version");
  const bool number = version != nullptr && version->value.kind == model::JsonNode::Kind::whole;
  if (!number) return refuse(root.place(), "the version of its format is missing", save);
  if (version->value.whole == runs_version) return true;
  const model::JsonMember* program = root.node().find("program");
  const std::string by = program != nullptr && !program->value.text.empty() ? " " + program->value.text : "";
  const bool older = version->value.whole < runs_version;
  return refuse(
      root.place(),
      fmt::format("it is of version {} of the format, written by {} Rehearse{}; version {} is read here",
                  version->value.whole, older ? "an older" : "a newer", by, runs_version),
      older ? "save the run again: the scenario and its seed are in the file" : "explain it with that Rehearse");
}

}  // namespace

const SavedRecord* SavedRun::find(SavedId id) const {
  if (records.empty() || id < records.front().id || id - records.front().id >= records.size()) return nullptr;
  return &records[id - records.front().id];
}

SavedResultReading read_saved_result(const std::string& text, const std::string& file) {
  SavedResultReading reading;
  if (!looks_like_ours(text)) {
    reading.diagnostics = {{model::Severity::error, file, {}, "this is no saved result of Rehearse", save}};
    return reading;
  }
  const auto document = model::parse_large_json(text, file, size_limit, reading.diagnostics);
  if (!document) return reading;
  const Value root(*document, document->root, "", reading.diagnostics);
  if (!is_ours(root, file, reading.diagnostics)) return reading;
  const Object object(root, saved_shapes::file);
  SavedResult result;
  object.read("program", result.program, &Value::any_text);
  const auto runs = object.find("runs");
  const auto elements = runs ? runs->elements(1) : std::nullopt;
  for (const Value& element : elements.value_or(std::vector<Value>{})) {
    const auto run = element.object(saved_shapes::run);
    if (run) Reader(result.runs.emplace_back(), reading.diagnostics).read(*run);
    if (reading.diagnostics.size() < most_told) continue;
    reading.diagnostics.push_back({model::Severity::error, file, {}, "what comes after was not looked at", save});
    break;
  }
  if (!model::has_errors(reading.diagnostics)) reading.result = std::move(result);
  return reading;
}

SavedResultReading read_saved_result_file(const std::string& path) {
  std::string problem;
  const auto text = model::read_whole_file(path, size_limit, problem);
  if (!text) return {std::nullopt, {{model::Severity::error, path, {}, problem, save}}};
  return read_saved_result(*text, path);
}

}  // namespace rehearse::sim
