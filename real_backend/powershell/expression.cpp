#include <algorithm>
#include <stdexcept>

#include "model/endpoint.hpp"
#include "real_backend/powershell/command_table.hpp"
#include "real_backend/powershell/quoting.hpp"
#include "real_backend/powershell/script.hpp"
#include "real_backend/powershell/writer.hpp"

namespace rehearse::real::ps {
namespace {

bool is_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

template <class Item>
void add_missing(std::vector<Item>& to, const std::vector<Item>& from) {
  for (const Item& item : from) {
    if (std::find(to.begin(), to.end(), item) == to.end()) to.push_back(item);
  }
}

/// What a member is asked of: a number would take the dot for its own.
std::string receiver(const Expression& object) {
  const std::string text = Writer::operand(object);
  return is_digit(text[0]) ? "(" + text + ")" : text;
}

/// A member of a variable needs no brackets as the argument of a command; one of anything else does.
Expression part_of(const Expression& object, std::string text, const Uses& uses) {
  const bool of_variable = Writer::is_word(object) && text[0] == '$';
  Expression part = of_variable ? Writer::word(std::move(text)) : Writer::value(std::move(text));
  Writer::uses(part) = uses;
  return part;
}

const NetType& known_type(std::string_view type) {
  const NetType* known = command_table().type(type);
  if (!known) throw std::logic_error("the command table has no type " + std::string(type));
  return *known;
}

void require_method(std::string_view type, std::string_view name, std::size_t arguments) {
  const NetType& known = known_type(type);
  const auto method = known.methods.find(name);
  if (method != known.methods.end() && method->second.contains(arguments)) return;
  throw std::logic_error("the command table has no " + std::string(type) + "::" + std::string(name) + " with " +
                         std::to_string(arguments) + " arguments");
}

std::string_view symbol(Operator op) {
  switch (op) {
    case Operator::equal: return "-eq";
    case Operator::not_equal: return "-ne";
    case Operator::less: return "-lt";
    case Operator::greater: return "-gt";
    case Operator::at_least: return "-ge";
    case Operator::at_most: return "-le";
    case Operator::like: return "-like";
    case Operator::matches: return "-match";
    case Operator::contains: return "-contains";
    case Operator::in: return "-in";
    case Operator::plus: return "+";
    case Operator::minus: return "-";
    case Operator::both: return "-and";
    case Operator::either: return "-or";
    case Operator::joined: return "-join";
    case Operator::split_by: return "-split";
  }
  throw std::logic_error("an operator outside the list");
}

constexpr std::string_view readable_variables[] = {"Matches", "Error", "PID", "PSVersionTable"};

}  // namespace

void Uses::add(const Uses& more) {
  add_missing(secrets, more.secrets);
  add_missing(variables, more.variables);
  add_missing(assigned, more.assigned);
  ends |= more.ends;
  emits |= more.emits;
}

std::string checked_name(std::string_view name) {
  const bool good = !name.empty() && !is_digit(name[0]) && std::all_of(name.begin(), name.end(), [](char c) {
    return is_letter(c) || is_digit(c) || c == '_';
  });
  if (!good) throw std::logic_error("no name for a script: '" + std::string(name) + "'");
  return std::string(name);
}

std::string argument_list(const std::vector<Expression>& arguments, Uses& uses) {
  std::string text;
  for (const Expression& argument : arguments) {
    text += (text.empty() ? "" : ", ") + Writer::operand(argument);
    uses.add(Writer::uses(argument));
  }
  return "(" + text + ")";
}

std::string Expression::text() const {
  return Writer::argument(*this);
}

Expression Expression::member(std::string_view name) const {
  return part_of(*this, receiver(*this) + "." + checked_name(name), uses_);
}

Expression Expression::method(std::string_view name, const std::vector<Expression>& arguments) const {
  Uses uses = uses_;
  const std::string given = argument_list(arguments, uses);
  return part_of(*this, receiver(*this) + "." + checked_name(name) + given, uses);
}

Expression Expression::at(const Expression& index) const {
  Uses uses = uses_;
  uses.add(index.uses_);
  return part_of(*this, receiver(*this) + "[" + Writer::open(index) + "]", uses);
}

Expression literal(std::string_view text) {
  Expression expression = Writer::word(single_quoted(text));
  Writer::ending(expression) = text;
  return expression;
}
Expression literal(const char* text) {
  return literal(std::string_view(text));
}
Expression literal(const std::string& text) {
  return literal(std::string_view(text));
}

Expression number(std::int64_t value) {
  const std::string text = std::to_string(value);
  return value < 0 ? Writer::operation(text) : Writer::word(text);
}

Expression flag(bool value) {
  return Writer::word(value ? "$true" : "$false");
}

Expression null() {
  return Writer::word("$null");
}

Expression list(const std::vector<Expression>& items) {
  Uses uses;
  Expression expression = Writer::word("@" + argument_list(items, uses));
  Writer::uses(expression) = uses;
  return expression;
}

Expression list_of(const std::vector<std::string>& texts) {
  std::vector<Expression> items;
  for (const std::string& text : texts) items.push_back(literal(text));
  return list(items);
}

Expression table(const std::vector<std::pair<std::string, Expression>>& entries) {
  std::string text;
  Uses uses;
  for (const auto& [key, value] : entries) {
    text += (text.empty() ? " " : "; ") + single_quoted(key) + " = " + Writer::operand(value);
    uses.add(Writer::uses(value));
  }
  Expression expression = Writer::word("@{" + text + (text.empty() ? "}" : " }"));
  Writer::uses(expression) = uses;
  return expression;
}

Expression variable(std::string_view name) {
  Expression expression = Writer::word("$" + checked_name(name));
  const bool automatic = std::any_of(std::begin(readable_variables), std::end(readable_variables),
                                     [&](std::string_view known) { return model::same_name(known, name); });
  if (!automatic) Writer::uses(expression).variables.emplace_back(name);
  return expression;
}

Expression item() {
  return Writer::word("$_");
}

Expression secret(const steps::Secret& secret) {
  if (secret.empty()) throw std::logic_error("a script asks for the empty secret");
  Expression expression = Writer::word("$Secrets[" + single_quoted(secret.name()) + "]");
  Writer::uses(expression).secrets.push_back(secret);
  return expression;
}

Expression type_member(std::string_view type, std::string_view name) {
  if (!known_type(type).members.contains(name)) {
    throw std::logic_error("the command table has no " + std::string(type) + "::" + std::string(name));
  }
  return Writer::value("[" + std::string(type) + "]::" + std::string(name));
}

Expression type_method(std::string_view type, std::string_view name, const std::vector<Expression>& arguments) {
  require_method(type, name, arguments.size());
  Uses uses;
  const std::string given = argument_list(arguments, uses);
  Expression expression = Writer::value("[" + std::string(type) + "]::" + std::string(name) + given);
  Writer::uses(expression) = uses;
  if (type == "System.IO.Path" && name == "Combine") Writer::ending(expression) = Writer::ending(arguments.back());
  return expression;
}

Expression new_object(std::string_view type, const std::vector<Expression>& arguments) {
  return type_method(type, "new", arguments);
}

Expression cast(std::string_view type, const Expression& value) {
  known_type(type.ends_with("[]") ? type.substr(0, type.size() - 2) : type);
  Expression expression = Writer::operation("[" + std::string(type) + "]" + Writer::operand(value));
  Writer::uses(expression) = Writer::uses(value);
  return expression;
}

Expression binary(const Expression& left, Operator op, const Expression& right) {
  Expression expression =
      Writer::operation(Writer::operand(left) + " " + std::string(symbol(op)) + " " + Writer::operand(right));
  Writer::uses(expression) = Writer::uses(left);
  Writer::uses(expression).add(Writer::uses(right));
  if (op == Operator::plus) Writer::ending(expression) = Writer::ending(right);
  return expression;
}

Expression negate(const Expression& value) {
  Expression expression = Writer::operation("-not " + Writer::operand(value));
  Writer::uses(expression) = Writer::uses(value);
  return expression;
}

Expression exit_code() {
  return Writer::word("$LASTEXITCODE");
}

}  // namespace rehearse::real::ps
