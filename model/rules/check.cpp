#include "model/rules/check.hpp"

#include <algorithm>
#include <set>
#include <stdexcept>
#include <tuple>

#include "model/design_reader.hpp"
#include "model/rules/stated.hpp"

namespace rehearse::model::rules {
namespace {

const Rule& rule_of(std::string_view id) {
  const Rule* rule = find_rule(id);
  if (rule == nullptr) throw std::logic_error("there is no rule " + std::string(id));
  return *rule;
}

Level level_here(const Rule& rule, const Stated& stated, const CheckOptions& options) {
  const std::string id(rule.id);
  if (const auto found = options.levels.find(id); found != options.levels.end()) return found->second;
  if (const auto found = stated.levels.find(id); found != stated.levels.end()) return found->second;
  return rule.level;
}

bool lies_at(const std::string& pointer, const std::string& at) {
  return at.empty() || pointer == at || pointer.starts_with(at + "/");
}

std::string parent_of(const std::string& pointer) {
  return pointer.substr(0, pointer.rfind('/'));
}

/// What is told of one design, while it grows.
class Telling {
 public:
  Telling(const DesignSource& source, const Stated& stated, const CheckOptions& options)
      : source_(source), stated_(stated), options_(options), used_(stated.suppressions.size(), false) {}

  void tell(const Rule& rule, const Finding& finding) {
    if (!said_.emplace(rule.id, whole(finding.pointer), finding.what).second) return;
    Told told;
    told.file = source_.file();
    told.place = source_.place(finding.pointer);
    told.width = source_.width(finding.pointer);
    told.excerpt = source_.line(told.place.line);
    add(rule, std::move(told), finding.what, finding.remedy);
  }

  /// A warning of the reader, which may be about a file that the design names.
  void tell(const Rule& rule, const Diagnostic& diagnostic) {
    const bool of_design = diagnostic.file == source_.file();
    if (of_design && spoken_of_.contains(diagnostic.place.pointer)) return;
    if (of_design && source_.has(diagnostic.place.pointer)) {
      return tell(rule, {diagnostic.place.pointer, diagnostic.what, diagnostic.remedy});
    }
    Told told;
    told.file = diagnostic.file;
    told.place = diagnostic.place;
    if (of_design) told.excerpt = source_.line(told.place.line);
    add(rule, std::move(told), diagnostic.what, diagnostic.remedy);
  }

  void tell_unused(const Rule& rule) {
    for (std::size_t i = 0; i < used_.size(); ++i) {
      const Suppression& suppression = stated_.suppressions[i];
      if (used_[i] || suppression.rule == rule.id) continue;
      const std::string where = suppression.at.empty() ? "" : " at " + suppression.at;
      tell(rule, {suppression.pointer, "nothing here is accepted: " + suppression.rule + " finds nothing" + where,
                  "remove the suppression"});
    }
  }

  std::vector<Told> sorted() && {
    std::stable_sort(told_.begin(), told_.end(), [&](const Told& a, const Told& b) {
      const auto key = [&](const Told& one) {
        return std::tuple(one.file != source_.file(), one.file, one.place.line, one.place.column);
      };
      return key(a) < key(b);
    });
    return std::move(told_);
  }

 private:
  /// What is the same in several settings files of one list is told once, at the first of them.
  static std::string whole(const std::string& pointer) {
    const std::string parent = parent_of(pointer);
    return parent.ends_with("/settings_file") ? parent : pointer;
  }

  void add(const Rule& rule, Told told, std::string what, std::string remedy) {
    const Level level = level_here(rule, stated_, options_);
    if (level == Level::off) return;
    told.rule = &rule;
    told.level = level;
    told.what = std::move(what);
    told.remedy = std::move(remedy);
    for (std::size_t i = 0; i < used_.size(); ++i) {
      const Suppression& suppression = stated_.suppressions[i];
      if (suppression.rule != rule.id || !lies_at(told.place.pointer, suppression.at)) continue;
      used_[i] = true;
      if (!told.accepted) told.accepted = suppression.reason;
    }
    spoken_of_.insert(told.place.pointer);
    // Of a key that is not there the reader speaks at the object that lacks it.
    if (!source_.has(told.place.pointer)) spoken_of_.insert(parent_of(told.place.pointer));
    told_.push_back(std::move(told));
  }

  const DesignSource& source_;
  const Stated& stated_;
  const CheckOptions& options_;
  std::vector<bool> used_;  // by suppression
  std::set<std::tuple<std::string_view, std::string, std::string>> said_;
  std::set<std::string> spoken_of_;
  std::vector<Told> told_;
};

}  // namespace

std::size_t CheckResult::count(Level level) const {
  return static_cast<std::size_t>(std::count_if(
      findings.begin(), findings.end(), [&](const Told& told) { return told.level == level && !told.accepted; }));
}

std::size_t CheckResult::accepted() const {
  return static_cast<std::size_t>(
      std::count_if(findings.begin(), findings.end(), [](const Told& told) { return told.accepted.has_value(); }));
}

CheckResult check(std::string_view text, const std::string& file_name, const std::string& base_folder,
                  const CheckOptions& options) {
  CheckResult result;
  result.file = file_name;
  DesignResult read = read_design(text, file_name, base_folder);
  result.diagnostics = std::move(read.diagnostics);
  if (!read.design) return result;
  result.name = read.design->name;
  const std::optional<DesignSource> source = DesignSource::from(text, file_name);
  if (!source) throw std::logic_error("a design that was read is no JSON");
  std::vector<Diagnostic> told_already;
  const Stated stated = read_stated(source->document(), told_already);

  Telling telling(*source, stated, options);
  const Facts facts{*read.design, *source, stated, options.date, options.horizon};
  for (const Rule& rule : all_rules()) {
    for (const Finding& finding : rule.find(facts)) telling.tell(rule, finding);
  }
  const Rule& of_reader = rule_of("CHECK-001");
  for (const Diagnostic& diagnostic : result.diagnostics) telling.tell(of_reader, diagnostic);
  telling.tell_unused(rule_of("CHECK-002"));
  result.findings = std::move(telling).sorted();
  result.design = std::move(read.design);
  return result;
}

}  // namespace rehearse::model::rules
