#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "sim/report/check_reports.hpp"

namespace rehearse::sim {
namespace {

using fmt::format;
using model::rules::CheckResult;
using model::rules::Level;
using model::rules::Rule;
using model::rules::Told;

constexpr std::string_view red = "\x1b[31m", yellow = "\x1b[33m", blue = "\x1b[36m", bold = "\x1b[1m", off = "\x1b[0m";

std::string_view colour_of(Level level) {
  return level == Level::error ? red : level == Level::warning ? yellow : blue;
}

class Account {
 public:
  Account(std::ostream& out, CheckTextOptions options) : out_(out), options_(options) {}

  void tell(const Told& told) {
    headline(told);
    if (!told.excerpt.empty()) excerpt(told);
    if (!told.remedy.empty()) out_ << format("      = remedy: {}\n", told.remedy);
    if (told.accepted) out_ << format("      = accepted: {}\n", shown(*told.accepted));
    out_ << format("      = why: rehearse check --explain {} ({})\n\n", told.rule->id, told.rule->source);
  }

  void summary(const CheckResult& result) {
    const auto counted = [&](Level level, std::string_view one, std::string_view many) {
      const std::size_t count = result.count(level);
      return format("{} {}", count, count == 1 ? one : many);
    };
    std::string text = format("{}: {}, {}, {}", shown(result.file), counted(Level::error, "error", "errors"),
                              counted(Level::warning, "warning", "warnings"), counted(Level::note, "note", "notes"));
    if (result.accepted() != 0) text += format(", {} accepted", result.accepted());
    out_ << painted(text, bold) << '\n';
  }

 private:
  std::string painted(std::string_view text, std::string_view colour) const {
    return options_.colour ? format("{}{}{}", colour, text, off) : std::string(text);
  }

  /// Control characters of the file must not reach the terminal.
  static std::string shown(std::string_view text) {
    std::string result(text);
    std::replace_if(
        result.begin(), result.end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; }, '?');
    return result;
  }

  void headline(const Told& told) {
    std::string place = shown(told.file);
    if (told.place.line > 0) place += format(":{}:{}", told.place.line, told.place.column);
    const std::string severity(told.accepted ? "accepted" : to_text(told.level));
    out_ << painted(place + ":", bold) << ' ' << painted(severity + ":", told.accepted ? blue : colour_of(told.level))
         << ' ' << told.what << format(" [{}]\n", told.rule->id);
  }

  void excerpt(const Told& told) {
    constexpr std::size_t widest = 160;
    const auto column = static_cast<std::size_t>(std::max(told.place.column, 1)) - 1;
    std::size_t from = 0;
    if (column > widest / 2 && told.excerpt.size() > widest) {
      from = column - widest / 2;
      while (from > 0 && is_continuation(told.excerpt[from])) --from;
    }
    std::string line = told.excerpt.substr(from, widest);
    while (from + line.size() < told.excerpt.size() && is_continuation(told.excerpt[from + line.size()])) {
      line += told.excerpt[from + line.size()];
    }
    std::string blank;
    for (const char c : told.excerpt.substr(from, column - std::min(column, from))) {
      if (c == '\t') {
        blank += '\t';
      } else if (!is_continuation(c)) {
        blank += ' ';
      }
    }
    const std::string_view marked =
        std::string_view(told.excerpt).substr(std::min(column, told.excerpt.size()), told.width);
    const auto width = static_cast<std::size_t>(
        std::count_if(marked.begin(), marked.end(), [](char c) { return !is_continuation(c); }));
    std::string mark(1, '^');
    if (width > 1) mark += std::string(std::min(width, widest) - 1, '~');
    std::string safe = line;
    std::replace_if(
        safe.begin(), safe.end(), [](unsigned char c) { return (c < 0x20 && c != '\t') || c == 0x7f; }, '?');
    out_ << format("{:5} | {}\n      | {}{}\n", told.place.line, safe, blank, painted(mark, colour_of(told.level)));
  }

  static bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0U) == 0x80U; }

  std::ostream& out_;
  CheckTextOptions options_;
};

/// The text in lines of at most 100 columns, each behind two blanks.
void write_wrapped(std::ostream& out, std::string_view text) {
  constexpr std::size_t columns = 96;
  while (!text.empty()) {
    std::size_t end = std::min(text.size(), columns);
    if (end < text.size()) {
      const std::size_t blank = text.rfind(' ', end);
      if (blank != std::string_view::npos && blank > 0) end = blank;
    }
    out << "  " << text.substr(0, end) << '\n';
    text.remove_prefix(end);
    while (text.starts_with(' ')) text.remove_prefix(1);
  }
}

}  // namespace

void write_check_text(std::ostream& out, const CheckResult& result, CheckTextOptions options) {
  Account account(out, options);
  for (const Told& told : result.findings) {
    if (options.quiet && (told.level == Level::note || told.accepted)) continue;
    account.tell(told);
  }
  account.summary(result);
}

void write_rule(std::ostream& out, const Rule& rule) {
  out << format("{} ({}): {}\n\nWhy\n", rule.id, to_text(rule.level), rule.title);
  write_wrapped(out, rule.why);
  out << "\nRemedy\n";
  write_wrapped(out, rule.remedy);
  out << format("\nSource: {}\n", rule.source);
}

void write_rules(std::ostream& out, std::span<const Rule> rules) {
  for (const Rule& rule : rules) out << format("{:9}  {:7}  {}\n", rule.id, to_text(rule.level), rule.title);
}

}  // namespace rehearse::sim
