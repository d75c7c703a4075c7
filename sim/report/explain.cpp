#include "sim/report/explain.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "sim/report/text_layout.hpp"
#include "sim/report/time_text.hpp"

namespace rehearse::sim {
namespace {

constexpr std::size_t most_repetitions = 3, most_names = 8;

/// What was looked at and why it came out so, after the headline: a line each.
std::vector<std::string> reasons_of(const Decision& decision) {
  std::vector<std::string> lines = options_text(decision);
  lines.insert(lines.end(), decision.facts.begin(), decision.facts.end());
  lines.push_back(fmt::format("rule: {} ({})", decision.rule, decision.source));
  return lines;
}

}  // namespace

std::vector<std::string> options_text(const Decision& decision) {
  struct Reason {
    std::string why, names;
    std::size_t nodes = 0;
  };
  std::vector<Reason> reasons;  // in the order in which nodes bring them up
  for (const Option& option : decision.options) {
    auto same = std::ranges::find(reasons, option.excluded, &Reason::why);
    if (same == reasons.end()) same = reasons.insert(reasons.end(), {option.excluded, "", 0});
    if (++same->nodes <= most_names) same->names += (same->nodes == 1 ? "" : ", ") + option.node;
  }
  std::string out, in;
  for (Reason& reason : reasons) {
    if (reason.nodes > most_names) reason.names += fmt::format(" and {} more", reason.nodes - most_names);
    if (reason.why.empty()) {
      if (reason.nodes > 1) in = "candidates: " + reason.names;
    } else {
      out += (out.empty() ? "not " : "; ") + reason.names + ": " + reason.why;
    }
  }
  std::vector<std::string> lines;
  if (!out.empty()) lines.push_back(std::move(out));
  if (!in.empty()) lines.push_back(std::move(in));
  return lines;
}

std::string decisions_text(const std::vector<Decision>& decisions) {
  std::size_t width = 0, untold = 0;
  for (const Decision& decision : decisions) width = std::max(width, offset_text(decision.at).size());
  std::map<std::string, std::size_t> told;
  std::string text;
  for (const Decision& decision : decisions) {
    const std::string first = fmt::format("  {:>{}}  ", offset_text(decision.at), width);
    const std::string indent(first.size(), ' ');
    const std::string headline = decision.about + ": " + decision.answer;
    std::string block;
    for (const std::string& line : reasons_of(decision)) block += paragraph(indent, line, indent.size() + 2);
    if (++told[headline + block] > most_repetitions) {
      ++untold;
      continue;
    }
    text += paragraph(first, headline, indent.size() + 2) + block;
  }
  if (untold > 0) text += fmt::format("  and {} more for the same reasons as one told above\n", untold);
  return text;
}

}  // namespace rehearse::sim
