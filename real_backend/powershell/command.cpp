#include <algorithm>
#include <stdexcept>

#include "real_backend/powershell/command_table.hpp"
#include "real_backend/powershell/script.hpp"
#include "real_backend/powershell/writer.hpp"

namespace rehearse::real::ps {
namespace {

/// The block as a value of a command, or of a pipeline.
std::string script_block(const Block& block) {
  if (block.lines().size() == 1) return "{ " + block.lines().front() + " }";
  std::string text = "{\n";
  for (const std::string& line : block.lines()) text += "  " + line + "\n";
  return text + "}";
}

/// tree-sitter-powershell takes this one for a statement of its own and knows it only with a bare script block.
constexpr std::string_view by_position = "ForEach-Object";

bool takes_script_block(std::string_view type) {
  return type.starts_with("ScriptBlock") || type.starts_with("object");
}

/// "setup.exe" of "D:\sql\setup.exe".
std::string_view last_part(std::string_view path) {
  const std::size_t separator = path.find_last_of("\\/");
  return separator == std::string_view::npos ? path : path.substr(separator + 1);
}

/// A literal that Windows PowerShell hands to a program otherwise than it stands in the script.
bool is_damaged_on_the_way(const std::string& argument) {
  return argument == "''" || (argument.starts_with('\'') && argument.find('"') != std::string::npos);
}

Expression lined_up(std::string text, Uses uses, const std::vector<Command>& then) {
  for (const Command& command : then) {
    text += " | " + command.text();
    uses.add(Writer::uses(command));
  }
  Expression expression = Writer::operation(std::move(text));
  Writer::uses(expression) = std::move(uses);
  return expression;
}

}  // namespace

Command::Command(std::string_view cmdlet) : cmdlet_(cmdlet), text_(cmdlet) {
  if (!command_table().cmdlet(cmdlet)) throw std::logic_error("the command table has no cmdlet " + cmdlet_);
}

// The parameter's type.
const std::string& Command::begin(std::string_view parameter) {
  const std::string call = cmdlet_ + " -" + std::string(parameter);
  const std::string* type = command_table().parameter(*command_table().cmdlet(cmdlet_), parameter);
  if (!type) throw std::logic_error("the command table has no parameter " + call);
  if (std::find(given_.begin(), given_.end(), parameter) != given_.end()) {
    throw std::logic_error("a script gives a parameter twice: " + call);
  }
  given_.emplace_back(parameter);
  if (cmdlet_ != by_position) {
    text_ += " -" + std::string(parameter);
  } else if (parameter != "Process") {
    throw std::logic_error(call + " cannot be written so that every parser reads it");
  }
  return *type;
}

Command& Command::with(std::string_view parameter, const Expression& value) {
  if (begin(parameter) == "switch") throw std::logic_error(text_ + " is a switch and takes no value");
  text_ += " " + Writer::argument(value);
  uses_.add(Writer::uses(value));
  return *this;
}

Command& Command::with(std::string_view parameter, const Block& block) {
  if (!takes_script_block(begin(parameter))) throw std::logic_error(text_ + " takes no script block");
  if (Writer::uses(block).ends) throw std::logic_error(text_ + ": a script block cannot end the script");
  text_ += " " + script_block(block);
  uses_.add(Writer::uses(block));
  uses_.emits = false;
  return *this;
}

Command& Command::flag(std::string_view parameter) {
  if (begin(parameter) != "switch") throw std::logic_error(text_ + " is no switch and takes a value");
  return *this;
}

Expression value_of(const Command& command) {
  return lined_up(command.text(), Writer::uses(command), {});
}

Expression pipeline(const Expression& first, const std::vector<Command>& then) {
  return lined_up(Writer::operand(first), Writer::uses(first), then);
}

Expression pipeline(const Command& first, const std::vector<Command>& then) {
  return lined_up(first.text(), Writer::uses(first), then);
}

Expression native(const Expression& program, const std::vector<Expression>& arguments) {
  const std::string_view name = last_part(Writer::ending(program));
  if (!command_table().program(name)) {
    throw std::logic_error("the command table has no program '" + std::string(name) + "' for " + program.text());
  }
  Uses uses = Writer::uses(program);
  // An input of its own, for a program that inherits the transport's can hang in its start (transport/bootstrap.hpp).
  std::string call = "@() | & " + program.text();
  for (const Expression& argument : arguments) {
    const Uses& of_argument = Writer::uses(argument);
    if (!of_argument.secrets.empty()) throw std::logic_error("a command line would hold a secret: " + program.text());
    if (is_damaged_on_the_way(argument.text())) {
      throw std::logic_error("Windows PowerShell cannot hand this to a program: " + argument.text());
    }
    call += " " + argument.text();
    uses.add(of_argument);
  }
  // What a program writes to its error stream would end a script that stops at errors.
  Expression expression =
      Writer::operation("& { $ErrorActionPreference = 'Continue'; " + call + " 2>&1 | ForEach-Object { [string]$_ } }");
  Writer::uses(expression) = std::move(uses);
  return expression;
}

}  // namespace rehearse::real::ps
