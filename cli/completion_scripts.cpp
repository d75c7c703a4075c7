#include "cli/completion_scripts.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <CLI/CLI.hpp>
#include <ostream>
#include <string>

#include "cli/command_line.hpp"
#include "cli/described_option.hpp"

namespace rehearse::cli {
namespace {

using fmt::format;

/// The words of a list for compgen -W: one string of the shell, each word a line, so that words may hold spaces.
std::string lines_of(const std::vector<std::string>& words) {
  return shell_word(format("{}", fmt::join(words, "\n")));
}

std::vector<std::string> names_of(const CLI::App& command) {
  std::vector<std::string> names;
  for (const DescribedOption& option : options_of(command))
    names.insert(names.end(), option.names.begin(), option.names.end());
  return names;
}

/// Cases of bash: after an option that takes a value, the words that it may be; none: files.
void write_bash_values(std::ostream& out, const CLI::App& command) {
  for (const DescribedOption& option : options_of(command)) {
    if (option.flag() || option.positional()) continue;
    for (const std::string& name : option.names) {
      out << format("    '{} {}') words={} value=1 ;;\n", command.get_name(), name,
                    option.choices.empty() ? "''" : lines_of(option.choices));
    }
  }
}

/// Between single quotes of a shell, where backslashes and quotes have no place.
std::string plain(const std::string& text) {
  std::string result;
  for (const char c : text) result += c == '\\' || c == '\'' || c == '\n' ? ' ' : c;
  return result;
}

/// The same for zsh, in whose specifications brackets and colons mean something.
std::string zsh_text(const std::string& text) {
  std::string result;
  for (const char c : plain(text)) {
    if (c == '[' || c == ']' || c == ':') result += '\\';
    result += c;
  }
  return result;
}

std::string escaped_spaces(const std::vector<std::string>& words) {
  std::string result;
  for (const std::string& word : words) {
    if (!result.empty()) result += ' ';
    for (const char c : word) result += c == ' ' ? std::string("\\ ") : std::string(1, c);
  }
  return result;
}

}  // namespace

void write_bash_completion(std::ostream& out, const CLI::App& program) {
  out << "# bash completion of rehearse: source <(rehearse completion bash)\n"
         "_rehearse() {\n"
         "  local current=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD-1]} command= word words= value= "
         "index\n"
         "  COMPREPLY=()\n"
         "  # --option=value comes as three words.\n"
         "  if [[ $current == = ]]; then current=; elif [[ $before == = ]]; then before=${COMP_WORDS[COMP_CWORD-2]}; "
         "fi\n"
         "  for ((index = 1; index < COMP_CWORD; ++index)); do\n"
         "    word=${COMP_WORDS[index]}\n"
         "    case $word in\n      ";
  const std::vector<const CLI::App*> commands = commands_of(program);
  std::vector<std::string> names = names_of(program);
  for (std::size_t i = 0; i < commands.size(); ++i) out << (i == 0 ? "" : "|") << commands[i]->get_name();
  out << ") command=$word; break ;;\n    esac\n  done\n  case \"$command $before\" in\n";
  for (const CLI::App* command : commands) write_bash_values(out, *command);
  out << "  esac\n"
         "  if [[ -z $value ]]; then\n"
         "    case $command in\n";
  for (const CLI::App* command : commands) {
    names.push_back(command->get_name());
    std::vector<std::string> choices;  // of a word that stands by itself
    for (const DescribedOption& option : options_of(*command)) {
      if (option.positional()) choices.insert(choices.end(), option.choices.begin(), option.choices.end());
    }
    out << format("      {}) if [[ $current == -* ]]; then words={}; else words={}; fi ;;\n", command->get_name(),
                  lines_of(names_of(*command)), choices.empty() ? "''" : lines_of(choices));
  }
  out << format("      *) words={} value=1 ;;\n", lines_of(names))
      << "    esac\n"
         "  fi\n"
         "  local IFS=$'\\n'\n"
         "  if [[ -n $words ]]; then\n"
         "    for word in $words; do\n"
         "      [[ $word == \"$current\"* ]] && COMPREPLY+=(\"$(printf %q \"$word\")\")\n"
         "    done\n"
         "  else\n"
         "    compopt -o filenames 2>/dev/null\n"
         "    COMPREPLY=($(compgen -f -- \"$current\"))\n"
         "  fi\n"
         "}\n"
         "complete -F _rehearse rehearse\n";
}

void write_zsh_completion(std::ostream& out, const CLI::App& program) {
  out << "#compdef rehearse\n"
         "# zsh completion of rehearse\n"
         "_rehearse() {\n"
         "  local context state line\n"
         "  typeset -A opt_args\n"
         "  _arguments -C \\\n";
  for (const DescribedOption& option : options_of(program)) {
    for (const std::string& name : option.names) out << format("    '{}[{}]' \\\n", name, zsh_text(option.description));
  }
  out << "    '1:command:->command' '*::argument:->argument'\n"
         "  case $state in\n"
         "    command)\n"
         "      local -a commands=(\n";
  for (const CLI::App* command : commands_of(program))
    out << format("        '{}:{}'\n", command->get_name(), zsh_text(command->get_description()));
  out << "      )\n"
         "      _describe command commands ;;\n"
         "    argument)\n"
         "      case $line[1] in\n";
  for (const CLI::App* command : commands_of(program)) {
    out << format("        {})\n          _arguments", command->get_name());
    bool files = true;
    for (const DescribedOption& option : options_of(*command)) {
      const std::string action = option.choices.empty() ? "_files" : "(" + escaped_spaces(option.choices) + ")";
      if (option.positional()) {
        files = files && option.choices.empty();
        if (!option.choices.empty()) out << format(" \\\n            '1:{}:{}'", zsh_text(option.placeholder), action);
        continue;
      }
      for (const std::string& name : option.names) {
        const std::string begin = format(" \\\n            '*{}[{}]", name, zsh_text(option.description));
        out << begin << (option.flag() ? "'" : format(":{}:{}'", zsh_text(option.placeholder), action));
      }
    }
    out << (files ? " \\\n            '*:file:_files' ;;\n" : " ;;\n");
  }
  out << "      esac ;;\n"
         "  esac\n"
         "}\n"
         "if [[ $funcstack[1] == _rehearse ]]; then _rehearse \"$@\"; else compdef _rehearse rehearse; fi\n";
}

void write_fish_completion(std::ostream& out, const CLI::App& program) {
  out << "# fish completion of rehearse\n";
  const auto write_options = [&](const CLI::App& command, const std::string& condition) {
    for (const DescribedOption& option : options_of(command)) {
      if (option.positional()) {
        if (!option.choices.empty())
          out << format("complete -c rehearse -n '{}' -f -a '{}'\n", condition, escaped_spaces(option.choices));
        continue;
      }
      out << format("complete -c rehearse -n '{}'", condition);
      for (const std::string& name : option.names)
        out << (name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1));
      if (!option.flag())
        out << (option.choices.empty() ? " -r -F" : format(" -x -a '{}'", escaped_spaces(option.choices)));
      out << format(" -d '{}'\n", plain(option.description));
    }
  };
  write_options(program, "__fish_use_subcommand");
  for (const CLI::App* command : commands_of(program)) {
    out << format("complete -c rehearse -n __fish_use_subcommand -f -a {} -d '{}'\n", command->get_name(),
                  plain(command->get_description()));
    write_options(*command, "__fish_seen_subcommand_from " + command->get_name());
  }
}

}  // namespace rehearse::cli
