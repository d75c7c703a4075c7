// The section "vary" of a study: what a replication can have of its own. Parameters have a class. What only happens in
// a replication (moments and lengths of the timeline) is put in as it begins; a parameter is a number that the world is
// deployed with, for each replication anew; everything else is structure, of which a point has one.
#include <fmt/format.h>

#include <algorithm>

#include "sim/study/study_reading.hpp"

namespace rehearse::sim {
namespace {

using model::Member;
using model::Value;
using Target = Variation::Target;

struct Field {
  std::string_view key;
  Target target;
};
constexpr Field fields[] = {
    {"at", Target::entry_at},      {"wait", Target::entry_wait},    {"for", Target::entry_for},
    {"add", Target::entry_length}, {"by", Target::entry_length},    {"every", Target::entry_every},
    {"down", Target::entry_down},  {"share", Target::entry_amount}, {"factor", Target::entry_amount}};

/// What can be put there.
enum class Sort : unsigned char { length, whole, real, boolean };

template <class Enum>
std::optional<Enum> named(const std::string& name, std::size_t count) {
  for (std::size_t index = 0; index < count; ++index) {
    if (model::name_of(static_cast<Enum>(index)) == name) return static_cast<Enum>(index);
  }
  return std::nullopt;
}

std::vector<std::string> parameter_names() {
  std::vector<std::string> names;
  for (std::size_t index = 0; index < model::timing_count; ++index)
    names.emplace_back(model::name_of(static_cast<model::Timing>(index)));
  for (std::size_t index = 0; index < model::setting_count; ++index)
    names.emplace_back(model::name_of(static_cast<model::Setting>(index)));
  for (std::size_t index = 0; index < model::switch_count; ++index)
    names.emplace_back(model::name_of(static_cast<model::Switch>(index)));
  return names;
}

/// A length of time or a number, as the file has it.
std::optional<double> read_number(const Value& value, Sort sort) {
  constexpr double most = 1e9;
  constexpr auto most_whole = static_cast<std::int64_t>(most);
  switch (sort) {
    case Sort::length: {
      const auto length = value.duration();
      return length ? std::optional(static_cast<double>(length->count())) : std::nullopt;
    }
    case Sort::whole: {
      const auto number = value.whole(0, most_whole);
      return number ? std::optional(static_cast<double>(*number)) : std::nullopt;
    }
    case Sort::real: return value.number(0, most);
    case Sort::boolean: {
      const auto word = value.boolean();
      return word ? std::optional(*word ? 1.0 : 0.0) : std::nullopt;
    }
  }
  return std::nullopt;
}

std::optional<Quantity> read_quantity(const Value& value, Sort sort) {
  const auto members = value.node().kind == model::JsonNode::Kind::object ? value.members() : std::nullopt;
  const Member* only = members && members->size() == 1 ? &members->front() : nullptr;
  Quantity quantity;
  quantity.lengths = sort == Sort::length;
  if (only != nullptr && only->name == "among") {
    constexpr std::size_t most_values = 100;  // each is tried with the readers
    const auto elements = only->value.elements(1, most_values);
    if (!elements) return std::nullopt;
    quantity.kind = Quantity::Kind::among;
    for (const Value& element : *elements) {
      const auto number = read_number(element, sort);
      if (!number) return std::nullopt;
      quantity.among.push_back(*number);
    }
    return quantity;
  }
  if (sort == Sort::length) {
    const auto distribution = value.distribution();
    if (!distribution) return std::nullopt;
    quantity.sampler.emplace(*distribution);
    return quantity;
  }
  if (only == nullptr || only->name != "uniform" || sort == Sort::boolean) {
    value.error("this says not how it varies", sort == Sort::boolean
                                                   ? R"(write { "among": [true, false] })"
                                                   : R"(write { "uniform": [5, 40] } or { "among": [5, 10, 20] })");
    return std::nullopt;
  }
  const auto bounds = only->value.elements(2, 2);
  const auto low = bounds ? read_number(bounds->at(0), sort) : std::nullopt;
  const auto high = low ? read_number(bounds->at(1), sort) : std::nullopt;
  if (!high) return std::nullopt;
  if (*low > *high) {
    only->value.error("the lower bound is above the upper one", "write the lower one first");
    return std::nullopt;
  }
  quantity.kind = sort == Sort::whole ? Quantity::Kind::whole : Quantity::Kind::real;
  quantity.low = *low;
  quantity.high = *high;
  return quantity;
}

std::string json_of(double value, Sort sort) {
  switch (sort) {
    case Sort::length: return '"' + model::to_text(Duration(static_cast<std::int64_t>(value))) + '"';
    case Sort::whole: return fmt::format("{}", static_cast<std::int64_t>(value));
    case Sort::real: return fmt::format("{}", value);
    case Sort::boolean: return value != 0 ? "true" : "false";
  }
  return "";
}

class VariationReader {
 public:
  VariationReader(const Member& member, const Address& address, const StudyReading& reading)
      : member_(member), address_(address), reading_(reading) {
    variation_.address = address.text;
    variation_.text = json_text(member.value.node());
  }

  std::optional<Variation> read() {
    const auto sort = find_target();
    if (!sort) return std::nullopt;
    const auto& axes = reading_.study.axes;
    if (std::find(axes.begin(), axes.end(), address_.text) != axes.end()) {
      wrong("points differ in it, and so replications of a point cannot", "remove it here or there");
      return std::nullopt;
    }
    auto quantity = read_quantity(member_.value, *sort);
    if (!quantity) return std::nullopt;
    variation_.quantity = std::move(*quantity);
    if (!stands_extremes(*sort)) return std::nullopt;
    return std::move(variation_);
  }

 private:
  void wrong(const std::string& what, const std::string& remedy) const {
    member_.value.tell(model::Severity::error, member_.key_place, "'" + address_.text + "': " + what, remedy);
  }

  /// nullopt after a diagnostic.
  std::optional<Sort> find_target() { return address_.head() == "timeline" ? find_entry() : find_parameter(); }

  std::optional<Sort> find_entry() {
    const auto& steps = address_.steps;
    const auto* place = steps.size() == 3 ? std::get_if<std::size_t>(&steps[1]) : nullptr;
    const auto* key = place != nullptr ? std::get_if<std::string>(&steps[2]) : nullptr;
    const auto* field = std::find_if(std::begin(fields), std::end(fields),
                                     [&](const Field& one) { return key != nullptr && one.key == *key; });
    if (field == std::end(fields)) {
      wrong("nothing of the timeline that a replication can have of its own",
            "write for example timeline[0].at; of an entry at, wait, for, add, by, every, down, share and factor vary");
      return std::nullopt;
    }
    variation_.entry = *place;
    variation_.target = field->target;
    return field->target == Target::entry_amount ? Sort::real : Sort::length;
  }

  std::optional<Sort> find_parameter() {
    const auto& steps = address_.steps;
    const auto* key = steps.size() == 2 ? std::get_if<std::string>(&steps[1]) : nullptr;
    if (key != nullptr && address_.head() == "fci" && *key == "HealthCheckTimeout") {
      variation_.target = Target::health_check_timeout;
      return Sort::length;
    }
    if (key != nullptr && address_.head() == "fci" && *key == "FailureConditionLevel") {
      variation_.target = Target::failure_condition_level;
      return Sort::whole;
    }
    const auto* section = steps.size() == 3 ? std::get_if<std::string>(&steps[1]) : nullptr;
    if (section != nullptr && address_.head() == "cluster" && *section == "properties") {
      property_ = true;
      variation_.target = Target::setting;
      return Sort::whole;
    }
    if (key == nullptr || address_.head() != "parameters") {
      wrong("it is structural: a point has one value of it, and its replications cannot differ in it",
            "list its values under 'sweep', or vary a parameter, for example cluster.properties.SameSubnetThreshold");
      return std::nullopt;
    }
    if (const auto setting = named<model::Setting>(*key, model::setting_count)) {
      variation_.target = Target::setting;
      variation_.setting = *setting;
      return model::is_count(*setting) ? Sort::whole : Sort::length;
    }
    if (const auto timing = named<model::Timing>(*key, model::timing_count)) {
      variation_.target = Target::timing;
      variation_.timing = *timing;
      return Sort::length;
    }
    if (const auto which = named<model::Switch>(*key, model::switch_count)) {
      variation_.target = Target::unknown_switch;
      variation_.which = *which;
      return Sort::boolean;
    }
    const std::string guess = model::did_you_mean(*key, parameter_names());
    wrong("there is no such parameter", guess.empty() ? "the JSON report of `rehearse run` lists all of them"
                                                      : "did you mean 'parameters." + guess + "'?");
    return std::nullopt;
  }

  /// The readers take the smallest and the greatest value, or all of a few.
  bool stands_extremes(Sort sort) {
    constexpr double nearly_never = 1e-9;
    std::vector<double> values = variation_.quantity.among;
    if (values.empty()) values = {variation_.quantity.at(nearly_never), variation_.quantity.at(1 - nearly_never)};
    std::vector<Scenario> scenarios;
    for (const double value : values) {
      Documents documents = *reading_.documents;
      std::string problem;
      if (!documents.set(address_, json_of(value, sort), problem)) {
        wrong(problem, "write an address that leads to something");
        return false;
      }
      ScenarioResult result = documents.scenario();
      if (!result.scenario) {
        const auto first =
            std::find_if(result.diagnostics.begin(), result.diagnostics.end(), [](const model::Diagnostic& one) {
              return one.severity == model::Severity::error && one.place.pointer != "/design";
            });
        const bool found = first != result.diagnostics.end();
        wrong(fmt::format("with {}, {}", json_of(value, sort), found ? first->what : "it cannot be rehearsed"),
              found ? first->remedy : "write values that the readers of scenarios and designs take");
        return false;
      }
      scenarios.push_back(std::move(*result.scenario));
    }
    if (*std::min_element(values.begin(), values.end()) == *std::max_element(values.begin(), values.end())) {
      wrong("it does not vary", "write values that differ, or put the value under 'set'");
      return false;
    }
    return !property_ || find_property(values, scenarios);
  }

  /// A property of the cluster is a setting of the ledger, times a unit. Which one is seen from what its values change.
  bool find_property(const std::vector<double>& values, const std::vector<Scenario>& scenarios) {
    const auto last = static_cast<std::size_t>(std::max_element(values.begin(), values.end()) - values.begin());
    const auto first = static_cast<std::size_t>(std::min_element(values.begin(), values.end()) - values.begin());
    const model::Parameters &low = scenarios[first].design.parameters, &high = scenarios[last].design.parameters;
    std::vector<model::Setting> changed;
    for (std::size_t index = 0; index < model::setting_count; ++index) {
      const auto setting = static_cast<model::Setting>(index);
      if (low[setting] != high[setting]) changed.push_back(setting);
    }
    if (changed.size() == 1) {
      variation_.setting = changed.front();
      const auto greatest = static_cast<std::int64_t>(values[last]), least = static_cast<std::int64_t>(values[first]);
      variation_.unit = high[variation_.setting] / greatest;
      const bool right = high[variation_.setting] == variation_.unit * greatest &&
                         low[variation_.setting] == variation_.unit * least && variation_.unit > 0;
      if (right) return true;
    }
    wrong("its replications cannot differ in it", "list its values under 'sweep'");
    return false;
  }

  const Member& member_;
  const Address& address_;
  const StudyReading& reading_;
  bool property_ = false;  // of the cluster
  Variation variation_;
};

}  // namespace

void read_variations(const Value& value, StudyReading& reading) {
  const auto members = value.members();
  if (!members) return;
  if (members->empty()) value.error("there is no address in it", "name one with how it varies, or remove it");
  for (const Member& member : *members) {
    const auto address = address_of(member);
    if (!address) continue;
    if (auto variation = VariationReader(member, *address, reading).read())
      reading.study.variations.push_back(std::move(*variation));
  }
}

}  // namespace rehearse::sim
