// The sections "set", "sweep", "points", "one_at_a_time" and "constraint" of a study: from values at addresses to
// scenarios, each read by the ordinary readers.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <set>

#include "sim/scenario/settings_change.hpp"
#include "sim/study/constraint.hpp"
#include "sim/study/study_reading.hpp"

namespace rehearse::sim {
namespace {

using model::Member;
using model::Object;
using model::Value;

/// Values at an address, as a section of the file lists them.
struct Axis {
  Address address;
  std::vector<Value> values;
};

/// One value of one axis.
struct Choice {
  const Address* address = nullptr;
  Value value;
};
using Choices = std::vector<Choice>;

std::vector<Axis> read_axes(const Value& section) {
  std::vector<Axis> axes;
  const auto members = section.members();
  if (!members) return axes;
  if (members->empty()) section.error("there is no address in it", "name one with a list of values, or remove it");
  for (const Member& member : *members) {
    const auto address = address_of(member);
    const auto values = member.value.elements(1);
    if (!address || !values) continue;
    std::set<std::string> seen;
    for (const Value& value : *values) {
      if (!seen.insert(json_text(value.node())).second) value.error("the value is there twice", "remove it");
    }
    axes.push_back({*address, *values});
  }
  return axes;
}

/// How many points the axes make; where the number is too large to be told, the greatest.
std::size_t grid_size(const std::vector<Axis>& axes) {
  std::size_t size = 1;
  for (const Axis& axis : axes) {
    if (__builtin_mul_overflow(size, axis.values.size(), &size)) return std::numeric_limits<std::size_t>::max();
  }
  return size;
}

std::size_t one_at_a_time_size(const std::vector<Axis>& axes) {
  std::size_t size = 1;
  for (const Axis& axis : axes) size += axis.values.size();
  return size;
}

std::vector<Choices> grid(const std::vector<Axis>& axes) {
  std::vector<Choices> points = {{}};
  for (const Axis& axis : axes) {
    std::vector<Choices> longer;
    for (const Choices& point : points) {
      for (const Value& value : axis.values) {
        longer.push_back(point);
        longer.back().push_back({&axis.address, value});
      }
    }
    points = std::move(longer);
  }
  return points;
}

std::vector<Choices> one_at_a_time(const std::vector<Axis>& axes) {
  std::vector<Choices> points = {{}};
  for (const Axis& axis : axes) {
    for (const Value& value : axis.values) points.push_back({{&axis.address, value}});
  }
  return points;
}

/// For people: a text without its quotes.
std::string shown(const std::string& json) {
  const bool text = json.size() > 2 && json.front() == '"' && json.find('\\') == std::string::npos;
  return text ? json.substr(1, json.size() - 2) : json;
}

class PointsReader {
 public:
  PointsReader(const Object& root, StudyReading& reading) : root_(root), reading_(reading) {}

  void read() {
    read_constraints();
    const std::vector<std::string> sections = {"sweep", "points", "one_at_a_time"};
    std::optional<Value> section;
    std::string kind;
    for (const std::string& name : sections) {
      const auto found = root_.find(name);
      if (!found) continue;
      if (section) {
        found->error("a study has its points from one section, and '" + kind + "' is there, too",
                     "write one of sweep, points and one_at_a_time");
        return;
      }
      section = found;
      kind = name;
    }
    if (!section) {
      points_ = {{}};
    } else if (kind == "points") {
      points_ = listed(*section);
      if (!can_be_compared(points_.size(), *section)) return;
    } else {
      // Counted before they are made, and before any document is read.
      axes_ = read_axes(*section);
      const bool sweep = kind == "sweep";
      if (!can_be_compared(sweep ? grid_size(axes_) : one_at_a_time_size(axes_), *section)) return;
      if (!lead_somewhere()) return;
      points_ = sweep ? grid(axes_) : one_at_a_time(axes_);
    }
    add_all(section.value_or(root_.value()));
  }

 private:
  static bool can_be_compared(std::size_t points, const Value& section) {
    if (points <= most_points) return true;
    section.error(fmt::format("these are {} points", points),
                  fmt::format("at most {} can be compared: write fewer values", most_points));
    return false;
  }

  void read_constraints() {
    const auto section = root_.find("constraint");
    if (!section) return;
    std::vector<Value> lines = {*section};
    if (section->node().kind == model::JsonNode::Kind::array)
      lines = section->elements(1).value_or(std::vector<Value>{});
    for (const Value& line : lines) {
      const auto text = line.text();
      std::string problem;
      const auto constraint = text ? parse_constraint(*text, problem) : std::nullopt;
      if (constraint) constraints_.push_back({*constraint, line});
      if (text && !constraint) {
        line.error("'" + *text + "' is no constraint: " + problem,
                   "write for example \"fci.HealthCheckTimeout >= 30s\"");
      }
    }
  }

  /// Where an axis leads nowhere there are no points; the values of the others are looked at alone.
  bool lead_somewhere() {
    const std::size_t before = told_.size();
    std::vector<std::pair<Choice, Documents>> others;
    for (const Axis& axis : axes_) {
      for (const Value& value : axis.values) {
        Documents documents = *reading_.documents;
        const Choice choice{&axis.address, value};
        if (set(documents, choice)) others.emplace_back(choice, std::move(documents));
      }
    }
    if (told_.size() == before) return true;
    for (const auto& [choice, documents] : others) {
      const ScenarioResult result = documents.scenario();
      if (result.scenario) continue;
      const model::Diagnostic& first = first_error(result.diagnostics);
      tell_once(choice, first.what, first.remedy);
    }
    return false;
  }

  std::vector<Choices> listed(const Value& section) {
    std::vector<Choices> points;
    const auto elements = section.elements(1);
    if (!elements) return points;
    for (const Value& element : *elements) {
      const auto members = element.members();
      if (!members) continue;
      Choices& point = points.emplace_back();
      for (const Member& member : *members) {
        const auto address = address_of(member);
        if (!address) continue;
        addresses_.push_back(std::make_unique<Address>(*address));
        point.push_back({addresses_.back().get(), member.value});
      }
    }
    return points;
  }

  void add_all(const Value& section) {
    for (const Choices& point : points_) {
      for (const Choice& choice : point) {
        auto& axes = reading_.study.axes;
        if (std::find(axes.begin(), axes.end(), choice.address->text) == axes.end())
          axes.push_back(choice.address->text);
      }
    }
    const std::size_t before = reading_.of_study.size();
    for (const Choices& point : points_) {
      add(point, section);
    }
    const bool all_left_out = reading_.study.points.empty() && !points_.empty() && reading_.of_study.size() == before;
    if (!all_left_out) return;
    const bool only_one = points_.size() == 1 && points_.front().empty();
    root_.find("constraint")
        .value_or(section)
        .error(only_one ? "the scenario and its design do not keep the constraints" : "no point keeps the constraints",
               "write values that keep them, or mend the constraints");
  }

  /// Puts the settings in, one after the other. False: told.
  bool set(Documents& documents, const Choice& choice) {
    const std::string value = json_text(choice.value.node());
    std::string problem;
    if (documents.set(*choice.address, value, problem)) return true;
    tell_once(choice, problem, "write an address that leads to something in the design or the scenario");
    return false;
  }

  void tell_once(const Choice& choice, const std::string& what, const std::string& remedy) {
    if (told_.insert(choice.value.pointer()).second)
      choice.value.error("'" + choice.address->text + "': " + what, remedy);
  }

  void add(const Choices& choices, const Value& section) {
    Documents documents = *reading_.documents;
    StudyPoint point;
    for (const Choice& choice : choices) {
      if (!set(documents, choice)) return;
      point.settings.push_back({choice.address->text, shown(json_text(choice.value.node()))});
    }
    for (const auto& [constraint, line] : constraints_) {
      std::string problem;
      const auto kept = holds(constraint, documents, problem);
      if (!kept && told_.insert(line.pointer()).second)
        line.error(problem, "compare what the files state, or state it under 'set'");
      if (!kept.value_or(false)) return;
    }
    std::optional<Scenario> scenario;
    if (!read_point(documents, choices, section, name_of(point), scenario)) return;
    point.scenario = std::move(*scenario);
    point.prepared_like = documents.deployment_text();
    for (const std::string& text : texts_of_settings(point.scenario.timeline)) point.prepared_like += '\n' + text;
    reading_.seen.push_back(documents.fingerprint_text());
    reading_.study.points.push_back(std::move(point));
  }

  /// Where a point cannot be read, the value that is to blame is one that cannot be read alone; or it is the point.
  bool read_point(const Documents& documents, const Choices& choices, const Value& section, const std::string& name,
                  std::optional<Scenario>& scenario) {
    ScenarioResult result = documents.scenario();
    scenario = std::move(result.scenario);
    if (scenario) return true;
    for (const Choice& choice : choices) {
      Documents alone = *reading_.documents;
      std::string problem;
      if (!alone.set(*choice.address, json_text(choice.value.node()), problem)) continue;
      const ScenarioResult tried = alone.scenario();
      if (tried.scenario) continue;
      const model::Diagnostic& first = first_error(tried.diagnostics);
      tell_once(choice, first.what, first.remedy);
      return false;
    }
    const model::Diagnostic& first = first_error(result.diagnostics);
    if (told_.insert(section.pointer()).second) section.error("with " + name + ": " + first.what, first.remedy);
    return false;
  }

  static const model::Diagnostic& first_error(const std::vector<model::Diagnostic>& diagnostics) {
    // A scenario whose design is wrong says so, and the design says what.
    const auto is_error = [](const model::Diagnostic& one) { return one.severity == model::Severity::error; };
    const auto about_more = [&](const model::Diagnostic& one) {
      return is_error(one) && one.place.pointer != "/design";
    };
    const auto found = std::find_if(diagnostics.begin(), diagnostics.end(), about_more);
    return found != diagnostics.end() ? *found : *std::find_if(diagnostics.begin(), diagnostics.end(), is_error);
  }

  const Object& root_;
  StudyReading& reading_;
  std::vector<std::pair<Constraint, Value>> constraints_;
  std::vector<Axis> axes_;
  std::vector<std::unique_ptr<Address>> addresses_;  // of "points"
  std::vector<Choices> points_;
  std::set<std::string> told_;  // pointers of values that something was said about
};

}  // namespace

void read_set(const Value& value, StudyReading& reading) {
  const auto members = value.members();
  if (!members) return;
  for (const Member& member : *members) {
    const auto address = address_of(member);
    if (!address || !reading.documents) continue;
    Documents changed = *reading.documents;
    std::string problem;
    if (!changed.set(*address, json_text(member.value.node()), problem)) {
      member.value.error("'" + address->text + "': " + problem,
                         "write an address that leads to something in the design or the scenario");
      continue;
    }
    reading.documents = std::move(changed);
  }
  if (!reading.documents || model::has_errors(reading.of_study)) return;
  const ScenarioResult result = reading.documents->scenario();
  for (const model::Diagnostic& diagnostic : result.diagnostics) {
    if (diagnostic.severity != model::Severity::error) continue;
    value.error("with this, " + diagnostic.what, diagnostic.remedy);
  }
}

void read_points(const Object& root, StudyReading& reading) {
  PointsReader(root, reading).read();
}

}  // namespace rehearse::sim
