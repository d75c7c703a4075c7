#include "cli/described_option.hpp"

#include <CLI/CLI.hpp>
#include <sstream>

namespace rehearse::cli {
namespace {

/// "TEXT:{text,json}": the words between the braces, as CLI11 tells which a value may be.
std::vector<std::string> choices_in(const std::string& type) {
  const std::size_t begin = type.find('{'), end = type.rfind('}');
  std::vector<std::string> words;
  if (begin == std::string::npos || end == std::string::npos || end < begin) return words;
  std::istringstream list(type.substr(begin + 1, end - begin - 1));
  for (std::string word; std::getline(list, word, ',');) words.push_back(word);
  return words;
}

}  // namespace

std::vector<DescribedOption> options_of(const CLI::App& command) {
  std::vector<DescribedOption> options;
  for (const CLI::Option* option : command.get_options()) {
    DescribedOption one;
    for (const std::string& name : option->get_snames()) one.names.push_back("-" + name);
    for (const std::string& name : option->get_lnames()) one.names.push_back("--" + name);
    const std::string type = option->get_type_name();
    one.choices = choices_in(type);
    if (one.positional()) {
      one.placeholder = option->get_name();
    } else if (option->get_items_expected_max() > 0) {
      one.placeholder = type.substr(0, type.find_first_of(":{ "));
      if (one.placeholder.empty()) one.placeholder = "VALUE";
    }
    one.description = option->get_description();
    one.standard = option->get_default_str();
    one.required = option->get_required();
    options.push_back(std::move(one));
  }
  return options;
}

std::vector<const CLI::App*> commands_of(const CLI::App& program) {
  return program.get_subcommands([](const CLI::App*) { return true; });
}

}  // namespace rehearse::cli
