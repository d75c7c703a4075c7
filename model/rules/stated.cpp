#include "model/rules/stated.hpp"

#include <functional>

#include "model/design_shapes.hpp"
#include "model/reading.hpp"

namespace rehearse::model::rules {
namespace {

/// The way down a tree whose keys others have judged.
class Walk {
 public:
  Walk(const JsonDocument& document, std::vector<Diagnostic>& diagnostics)
      : document_(document), diagnostics_(diagnostics) {}

  Value root() const { return {document_, document_.root, "", diagnostics_}; }

  std::optional<Value> down(const Value& from, std::string_view key) const {
    const JsonMember* member = from.node().find(key);
    if (member == nullptr) return std::nullopt;
    return Value(document_, member->value, pointer_to(from.pointer(), key), diagnostics_);
  }

  void each(const std::optional<Value>& array, const std::function<void(const Value&)>& visit) const {
    if (!array) return;
    const std::vector<JsonNode>& elements = array->node().elements;
    for (std::size_t i = 0; i < elements.size(); ++i) {
      visit(Value(document_, elements[i], pointer_to(array->pointer(), i), diagnostics_));
    }
  }

  template <class T>
  void word(const Value& object, std::string_view key, const Choices<T>& choices,
            std::map<std::string, T>& into) const {
    const auto value = down(object, key);
    const auto read = value ? value->one_of(choices) : std::nullopt;
    if (read) into.emplace(object.pointer(), *read);
  }

 private:
  const JsonDocument& document_;
  std::vector<Diagnostic>& diagnostics_;
};

const Choices<StartType>& start_types() {
  static const Choices<StartType> words = {{"manual", StartType::manual}, {"automatic", StartType::automatic}};
  return words;
}

const Choices<Level>& levels() {
  static const Choices<Level> words = {
      {"error", Level::error}, {"warning", Level::warning}, {"note", Level::note}, {"off", Level::off}};
  return words;
}

/// The id as the registry writes it; empty after a diagnostic.
std::string known_rule(const Value& value) {
  const auto text = value.text();
  if (!text) return {};
  if (const Rule* rule = find_rule(*text)) return std::string(rule->id);
  const std::string guess = did_you_mean(*text, rule_ids());
  value.error("there is no rule '" + *text + "'",
              guess.empty() ? "`rehearse check --rules` lists them" : "did you mean '" + guess + "'?");
  return {};
}

void read_suppression(const Value& value, std::vector<Suppression>& into) {
  const auto object = value.object(design_shape("/suppress/*"));
  if (!object) return;
  Suppression suppression;
  suppression.pointer = value.pointer();
  if (const auto rule = object->find("rule")) suppression.rule = known_rule(*rule);
  object->read("reason", suppression.reason, &Value::text);
  if (const auto at = object->find("at")) {
    const auto text = at->any_text();
    if (!text) return;
    if (!text->empty() && text->front() != '/') {
      at->error("'" + *text + "' is no JSON pointer", "write for example \"/scale_out/master\"");
      return;
    }
    suppression.at = *text;
  }
  if (!suppression.rule.empty() && !suppression.reason.empty()) into.push_back(std::move(suppression));
}

void read_levels(const Value& value, std::map<std::string, Level>& into) {
  const auto members = value.members();
  if (!members) return;
  for (const Member& member : *members) {
    const Rule* rule = find_rule(member.name);
    if (rule == nullptr) {
      member.unknown_name("rule", rule_ids());
      continue;
    }
    if (const auto level = member.value.one_of(levels())) into[std::string(rule->id)] = *level;
  }
}

}  // namespace

Stated read_stated(const JsonDocument& document, std::vector<Diagnostic>& diagnostics) {
  Stated stated;
  const Walk walk(document, diagnostics);
  const Value root = walk.root();
  if (const auto suppress = walk.down(root, "suppress")) {
    for (const Value& entry : suppress->elements().value_or(std::vector<Value>())) {
      read_suppression(entry, stated.suppressions);
    }
  }
  if (const auto severities = walk.down(root, "rule_severity")) read_levels(*severities, stated.levels);
  if (const auto cluster = walk.down(root, "cluster")) {
    walk.each(walk.down(*cluster, "nodes"),
              [&](const Value& node) { walk.word(node, "windows", windows_versions(), stated.windows_of_nodes); });
  }
  const auto scale_out = walk.down(root, "scale_out");
  if (!scale_out) return stated;
  const auto master = walk.down(*scale_out, "master");
  const auto start = master ? walk.down(*master, "start_type") : std::nullopt;
  if (start) stated.master_start = start->one_of(start_types());
  walk.each(walk.down(*scale_out, "workers"), [&](const Value& pool) {
    walk.word(pool, "start_type", start_types(), stated.start_of_pools);
    walk.word(pool, "sql", sql_versions(), stated.sql_of_pools);
    walk.word(pool, "edition", editions(), stated.edition_of_pools);
  });
  return stated;
}

}  // namespace rehearse::model::rules
