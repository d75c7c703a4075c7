#include "cli/manual.hpp"

#include <CLI/CLI.hpp>
#include <ostream>
#include <sstream>
#include <string>

#include "cli/described_option.hpp"

namespace rehearse::cli {
namespace {

/// Text as troff takes it: backslashes and hyphens as themselves, and no line that it would read as a request.
std::string troff(std::string_view text) {
  std::string result;
  bool line_start = true;
  for (const char c : text) {
    if (line_start && (c == '.' || c == '\'')) result += "\\&";
    line_start = c == '\n';
    if (c == '\\') {
      result += "\\e";
    } else if (c == '-') {
      result += "\\-";
    } else {
      result += c;
    }
  }
  return result;
}

std::string shown(const DescribedOption& option) {
  if (option.positional()) return "\\fI" + troff(option.placeholder) + "\\fR";
  std::string text;
  for (const std::string& name : option.names) text += (text.empty() ? "" : ", ") + ("\\fB" + troff(name) + "\\fR");
  return option.flag() ? text : text + " \\fI" + troff(option.placeholder) + "\\fR";
}

void write_options(std::ostream& out, const CLI::App& command) {
  for (const DescribedOption& option : options_of(command)) {
    out << ".TP\n" << shown(option) << '\n' << troff(option.description);
    const bool told = !option.choices.empty() && option.description.find(option.choices.back()) != std::string::npos;
    if (!option.choices.empty() && !told) {
      out << " (";
      for (std::size_t i = 0; i < option.choices.size(); ++i) out << (i == 0 ? "" : ", ") << troff(option.choices[i]);
      out << ")";
    }
    if (!option.standard.empty()) out << "; default: " << troff(option.standard);
    out << '\n';
  }
}

/// Examples and exit codes, line by line as they are.
void write_footer(std::ostream& out, const CLI::App& command) {
  const std::string footer = command.get_footer();
  if (footer.empty()) return;
  out << ".PP\n.nf\n";
  std::istringstream lines(footer);
  for (std::string line; std::getline(lines, line);) out << troff(line) << '\n';
  out << ".fi\n";
}

}  // namespace

void write_manual(std::ostream& out, const CLI::App& program, std::string_view version) {
  out << ".TH REHEARSE 1 \"\" \"rehearse " << troff(version) << "\" \"User Commands\"\n"
      << ".SH NAME\nrehearse \\- failover of SSIS Scale Out on a Windows failover cluster, before it happens\n"
      << ".SH SYNOPSIS\n.B rehearse\n\\fICOMMAND\\fR [\\fIOPTION\\fR]...\n"
      << ".SH DESCRIPTION\n"
      << troff(program.get_description()) << ".\n"
      << ".SH OPTIONS\n";
  write_options(out, program);
  out << ".SH COMMANDS\n";
  for (const CLI::App* command : commands_of(program)) {
    out << ".SS rehearse " << troff(command->get_name());
    for (const DescribedOption& option : options_of(*command)) {
      if (option.positional())
        out << ' ' << troff(option.required ? option.placeholder : "[" + option.placeholder + "]");
    }
    out << '\n' << troff(command->get_description()) << ".\n";
    write_options(out, *command);
    write_footer(out, *command);
  }
  out << ".SH EXAMPLES AND EXIT STATUS\n";
  write_footer(out, program);
  out << ".SH ENVIRONMENT\n.TP\n.B NO_COLOR\nWhere it is set, nothing is coloured unless \\fB\\-\\-color always\\fR "
         "asks for it.\n";
}

}  // namespace rehearse::cli
