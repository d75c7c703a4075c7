#include "cli/check_command.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <iostream>
#include <iterator>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "cli/command_line.hpp"
#include "cli/design_reading.hpp"
#include "cli/html_option.hpp"
#include "cli/page.hpp"
#include "cli/structure_account.hpp"
#include "cli/telling.hpp"
#include "cli/wanted_file.hpp"
#include "model/rules/check.hpp"
#include "sim/report/check_reports.hpp"
#include "sim/report/html/check_page.hpp"

namespace rehearse::cli {
namespace {

namespace rules = model::rules;

struct Options {
  std::vector<std::string> designs, severities;
  std::string format = "text", colour = "auto";
  std::string junit, sarif, html, date, horizon = "60d", explain;
  bool quiet = false, rules = false;
  StructureOptions structure;
};

/// A day ("2027-03-01", its first moment in UTC) or a date with a time of day; nullopt: neither.
std::optional<Date> date_of(const std::string& text) {
  constexpr std::size_t length_of_a_day = 10;
  return model::parse_date(text.size() == length_of_a_day ? text + "T00:00:00Z" : text);
}

/// What is to be checked against; nullopt after a message.
std::optional<rules::CheckOptions> read_options(const Options& options) {
  rules::CheckOptions result;
  const auto day = options.date.empty()
                       ? std::optional<Date>(std::chrono::floor<std::chrono::days>(std::chrono::system_clock::now()))
                       : date_of(options.date);
  if (!day) {
    spdlog::error("'{}' is no date: write for example 2027-03-01", options.date);
    return std::nullopt;
  }
  result.date = *day;
  const auto horizon = model::parse_duration(options.horizon);
  if (!horizon) {
    spdlog::error("'{}' is no length of time: write for example 60d", options.horizon);
    return std::nullopt;
  }
  result.horizon = *horizon;
  for (const std::string& text : options.severities) {
    const std::size_t equals = text.find('=');
    const rules::Rule* rule = rules::find_rule(text.substr(0, equals));
    const auto level = equals == std::string::npos ? std::nullopt : rules::level_of(text.substr(equals + 1));
    if (rule == nullptr) {
      const std::string guess = model::did_you_mean(text.substr(0, equals), rules::rule_ids());
      spdlog::error("there is no rule '{}'{}", text.substr(0, equals),
                    guess.empty() ? std::string() : fmt::format("; did you mean '{}'?", guess));
      return std::nullopt;
    }
    if (!level) {
      spdlog::error("'{}' is no severity of a rule: write {}=error, warning, note or off", text, rule->id);
      return std::nullopt;
    }
    result.levels[std::string(rule->id)] = *level;
  }
  return result;
}

/// Nullopt and a diagnostic in `unreadable` where the file is not there.
std::optional<model::DesignText> read_source(const std::string& path, rules::CheckResult& unreadable) {
  if (path == "-") return model::DesignText{{std::istreambuf_iterator<char>(std::cin), {}}, "<standard input>", "."};
  unreadable.file = path;
  return read_design_text(path, unreadable.diagnostics);
}

/// One design's part of the result.
struct Checked {
  rules::CheckResult result;
  std::string source;
  std::string structure;  // text; with --format json a JSON object; empty: not asked for
};

/// Nullopt where a file of its structure could not be written, which was told.
std::optional<Checked> check_file(const std::string& path, const Options& options, const rules::CheckOptions& check) {
  Checked checked;
  const std::optional<model::DesignText> source = read_source(path, checked.result);
  if (!source) return checked;
  checked.source = source->text;
  checked.result = rules::check(source->text, source->file, source->folder, check);
  if (!options.structure.any() || !checked.result.design) return checked;
  std::ostringstream text;
  const bool as_json = options.format == "json";
  const bool told = tell_structure(options.structure, *checked.result.design, path, check.date, text,
                                   as_json ? &checked.structure : nullptr);
  if (!told) return std::nullopt;
  if (!as_json) checked.structure = text.str();
  return checked;
}

/// The command that says the same again, whatever day it is.
std::string again(const Options& options, const rules::CheckOptions& check) {
  std::string command = "rehearse check";
  for (const std::string& design : options.designs) command += " " + shell_word(design);
  const auto day = std::chrono::floor<std::chrono::days>(check.date);
  const std::string date = model::to_text(check.date);
  command += " --date " + (check.date == day ? date.substr(0, date.find('T')) : date);
  if (options.horizon != "60d") command += " --horizon " + shell_word(options.horizon);
  for (const std::string& severity : options.severities) command += " --severity " + shell_word(severity);
  return command;
}

Exit explain(const Options& options) {
  const rules::Rule* rule = rules::find_rule(options.explain);
  if (rule == nullptr) {
    const std::string guess = model::did_you_mean(options.explain, rules::rule_ids());
    spdlog::error("there is no rule '{}'{}", options.explain,
                  guess.empty() ? std::string("; --rules lists them") : fmt::format("; did you mean '{}'?", guess));
    return Exit::usage;
  }
  if (options.format == "json") {
    sim::write_rules_json(std::cout, {rule, 1});
  } else {
    sim::write_rule(std::cout, *rule);
  }
  return flushed(Exit::passed);
}

Exit list_rules(const Options& options) {
  if (options.format == "json") {
    sim::write_rules_json(std::cout, rules::all_rules());
  } else {
    sim::write_rules(std::cout, rules::all_rules());
  }
  return flushed(Exit::passed);
}

Exit run(const Options& options) {
  if (!options.explain.empty()) return explain(options);
  if (options.rules) return list_rules(options);
  if (options.designs.empty()) {
    spdlog::error("there is nothing to check: name a design");
    return Exit::usage;
  }
  if (options.structure.for_one_design() && (options.designs.size() != 1 || options.designs.front() == "-")) {
    spdlog::error("--dot and --proofs write the files of one design: name one file");
    return Exit::usage;
  }
  const auto check = read_options(options);
  if (!check) return Exit::usage;
  const std::vector<NamedFile> outputs = {{"--junit", options.junit},
                                          {"--sarif", options.sarif},
                                          {"--html", options.html},
                                          {"--dot", options.structure.dot}};
  if (!can_write_html(options.html) || !nothing_is_lost_by(outputs, options.designs)) return Exit::usage;
  WantedFile junit(options.junit), sarif(options.sarif), html(options.html);
  if (!junit || !sarif || !html) return Exit::io;

  std::vector<rules::CheckResult> results;
  std::vector<std::string> structures, sources;
  Exit exit = Exit::passed;
  for (const std::string& design : options.designs) {
    std::optional<Checked> checked = check_file(design, options, *check);
    if (!checked) return Exit::io;
    const rules::CheckResult& result = checked->result;
    if (!result.readable()) {
      tell(result.diagnostics);
      exit = Exit::usage;
      continue;
    }
    if (result.count(rules::Level::error) != 0 && exit == Exit::passed) exit = Exit::failed;
    results.push_back(std::move(checked->result));
    structures.push_back(std::move(checked->structure));
    sources.push_back(std::move(checked->source));
  }
  if (options.format == "json") {
    sim::write_check_json(std::cout, results, *check, structures);
  } else {
    const Page page(true);
    const bool colour = in_colour(options.colour);
    for (std::size_t i = 0; i < results.size(); ++i) {
      sim::write_check_text(std::cout, results[i], {colour, options.quiet});
      if (!structures[i].empty()) std::cout << '\n' << structures[i];
    }
    if (exit == Exit::failed) std::cout << "reproduce: " << again(options, *check) << '\n';
  }
  const bool written =
      junit.write_report([&](std::ostream& out) { sim::write_check_junit(out, results); }) &&
      sarif.write_report([&](std::ostream& out) { sim::write_check_sarif(out, results, REHEARSE_VERSION); }) &&
      html.write_report([&](std::ostream& out) {
        std::vector<sim::html::CheckedDesign> designs;
        for (std::size_t i = 0; i < results.size(); ++i) designs.push_back({&results[i], sources[i]});
        sim::html::write_check_page(out, designs, *check);
      });
  if (!written) return Exit::io;
  return flushed(exit);
}

}  // namespace

void add_check_command(CLI::App& program, Exit& exit) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand("check", "holds a design against the rules, before it is built");
  command->add_option("DESIGN", options->designs, "design files, or - for standard input");
  add_format_option(*command, options->format);
  command->add_option("--junit", options->junit, "also write a JUnit XML report to this file");
  command->add_option("--sarif", options->sarif, "also write a SARIF 2.1.0 report to this file, for code review");
  add_html_option(*command, options->html);
  command->add_option("--severity", options->severities, "RULE=error, warning, note or off; over what the design says")
      ->allow_extra_args(false);
  command->add_option("--date", options->date, "what day it is: 2027-03-01 (default: today)");
  command->add_option("--horizon", options->horizon, "certificates that end within this time are told")
      ->capture_default_str();
  command->add_option("--explain", options->explain, "a rule: what it means, why, and what to do");
  command->add_flag("--rules", options->rules, "list all rules");
  const std::string structure = "Structure";
  command
      ->add_flag("--structure", options->structure.weaknesses,
                 "what takes services along when it fails, alone or in pairs")
      ->group(structure);
  command->add_option("--tree", options->structure.tree, "print everything that a service needs, as a tree")
      ->check(CLI::IsMember(services_with_a_tree()))
      ->group(structure);
  command
      ->add_option("--dot", options->structure.dot,
                   "write that tree to this file for Graphviz (package_execution, or what --tree names)")
      ->group(structure);
  command
      ->add_option("--proofs", options->structure.proofs,
                   "write a scenario for each of them into this folder, which rehearse run plays")
      ->group(structure);
  add_color_option(*command, options->colour);
  command->add_flag("--quiet,-q", options->quiet, "neither notes nor what the design accepts");
  command->footer(
      "examples:\n"
      "  rehearse check scenarios/designs/reference.json\n"
      "  rehearse check design.json --sarif check.sarif --horizon 90d --severity WORK-001=error\n"
      "  rehearse check --explain CERT-002\n"
      "exit codes: 0 no error, 1 a rule found an error, 64 bad usage or input, 70 a bug in Rehearse,\n"
      "  74 input or output failed");
  command->callback([options, &exit] { exit = run(*options); });
}

}  // namespace rehearse::cli
