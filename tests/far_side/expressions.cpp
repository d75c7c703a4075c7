// Expressions: operators and literals.
#include <algorithm>
#include <cmath>

#include "tests/far_side/conversions.hpp"
#include "tests/far_side/dotnet.hpp"
#include "tests/far_side/interpreter.hpp"
#include "tests/far_side/text_units.hpp"

namespace far_side {
namespace {

std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return text;
}

bool ends_with_expression(std::string_view kind) {
  return kind.ends_with("_expression");
}

/// "logical" of logical_expression and of logical_argument_expression.
std::string_view level(std::string_view kind) {
  return kind.substr(0, kind.find('_'));
}

/// How many bytes of a single quote stand there, ASCII or typographic; 0: none.
std::size_t quote_at(const std::string& text, std::size_t at) {
  for (const std::string quote : {"'", "\u2018", "\u2019", "\u201A", "\u201B"}) {
    if (text.compare(at, quote.size(), quote) == 0) return quote.size();
  }
  return 0;
}

std::string verbatim(const std::string& literal) {
  std::string value;
  const std::size_t begin = quote_at(literal, 0);
  std::size_t end = literal.size() - 1;
  while (quote_at(literal, end) == 0) --end;
  for (std::size_t at = begin; at < end;) {
    const std::size_t quote = quote_at(literal, at);
    const std::size_t length = std::max<std::size_t>(quote, 1);
    value += literal.substr(at, length);
    at += length;
    if (quote != 0) at += quote_at(literal, at);
  }
  return value;
}

Value number_of(const Node& literal) {
  std::string text = lower_case(literal.text());
  std::int64_t factor = 1;
  static const std::map<std::string, int> suffixes = {{"kb", 10}, {"mb", 20}, {"gb", 30}, {"tb", 40}, {"pb", 50}};
  const bool hexadecimal = text.starts_with("0x");
  if (text.size() > 2 && suffixes.count(text.substr(text.size() - 2)) != 0) {
    factor = std::int64_t{1} << suffixes.at(text.substr(text.size() - 2));
    text.resize(text.size() - 2);
  }
  if (text.ends_with("l") || (!hexadecimal && text.ends_with("d"))) text.pop_back();
  if (literal.is("real_literal")) return real_number(Value(text)) * static_cast<double>(factor);
  if (hexadecimal) return static_cast<std::int64_t>(std::stoull(text.substr(2), nullptr, 16)) * factor;
  return Value(text).whole() * factor;
}

/// The text of a double-quoted literal between its parts: ` escapes and doubled quotes.
std::string unescaped(const std::string& text) {
  std::string value;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '"' && at + 1 < text.size() && text[at + 1] == '"') ++at;
    if (text[at] != '`' || at + 1 == text.size()) {
      value += text[at];
      continue;
    }
    const char next = text[++at];
    switch (next) {
      case 'n': value += '\n'; break;
      case 'r': value += '\r'; break;
      case 't': value += '\t'; break;
      case 'a': value += '\a'; break;
      case 'b': value += '\b'; break;
      case 'f': value += '\f'; break;
      case 'v': value += '\v'; break;
      case '0': value += '\0'; break;
      default: value += next;
    }
  }
  return value;
}

}  // namespace

Value Interpreter::value_of_statement(const Node& statement) {
  if (statement.is("pipeline")) {
    const std::vector<Node> parts = statement.children();
    if (parts.size() == 1 && ends_with_expression(parts[0].kind())) return evaluate(parts[0]);
  }
  Array out;
  act(statement, out);
  return collapsed(std::move(out));
}

Value Interpreter::evaluate(const Node& expression) {
  std::vector<Node> parts = expression.parts();
  Node node = expression;
  while (parts.size() == 1 && (ends_with_expression(node.kind()) || node.is("string_literal") ||
                               node.is("integer_literal") || node.is("argument_expression"))) {
    node = parts.front();
    parts = node.parts();
  }
  const std::string_view kind = node.kind();
  if (kind == "variable") return evaluate_variable(node);
  if (kind == "verbatim_string_characters") return verbatim(node.text());
  if (kind == "expandable_string_literal") return evaluate_expandable(node);
  if (kind == "decimal_integer_literal" || kind == "hexadecimal_integer_literal" || kind == "real_literal") {
    return number_of(node);
  }
  if (kind == "parenthesized_expression") return value_of_statement(node.child("pipeline"));
  if (kind == "sub_expression" || kind == "array_expression") {
    Array out;
    if (node.has("statement_list")) run_statements(node.child("statement_list"), out);
    return kind == "array_expression" ? Value(std::move(out)) : collapsed(std::move(out));
  }
  if (kind == "hash_literal_expression") return evaluate_hashtable(node);
  if (kind == "script_block_expression") return make_block(node);
  if (kind == "member_access") return evaluate_member(node);
  if (kind == "element_access") return evaluate_element(node);
  if (kind == "invokation_expression") return evaluate_invocation(node);
  if (kind == "type_literal") return type_value(type_of(node));
  if (kind == "cast_expression") return cast(node, type_of(parts[0]), evaluate(parts[1]));
  if (kind == "expression_with_unary_operator") return evaluate_unary(node);
  if (kind == "post_increment_expression" || kind == "post_decrement_expression" ||
      kind == "pre_increment_expression" || kind == "pre_decrement_expression") {
    return increment(node);
  }
  if (kind == "assignment_expression") return assign(node);
  if (kind == "array_literal_expression" || kind == "argument_expression_list") {
    Array items;
    for (const Node& item : node.children()) {
      const Value value = evaluate(item);
      items.push_back(value.is_null() ? Value() : value);
    }
    return items;
  }
  if (parts.size() == 3 && ends_with_expression(kind)) return evaluate_binary(node);
  not_known(node, "a " + std::string(kind));
}

Value Interpreter::evaluate_binary(const Node& expression) {
  const std::vector<Node> parts = expression.parts();
  const std::string operation = lower_case(parts[1].folded());
  const std::string_view kind = level(expression.kind());
  const Value left = evaluate(parts[0]);
  if (kind == "logical") {
    if (operation == "-and") return left.truth() && evaluate(parts[2]).truth();
    if (operation == "-or") return left.truth() || evaluate(parts[2]).truth();
    return left.truth() != evaluate(parts[2]).truth();
  }
  if (operation == "-is" || operation == "-isnot" || operation == "-as") {
    return checked_type(expression, operation, left);
  }
  const Value right = evaluate(parts[2]);
  if (kind == "bitwise") {
    const std::int64_t a = left.whole();
    const std::int64_t b = right.whole();
    return operation == "-band" ? (a & b) : operation == "-bor" ? (a | b) : (a ^ b);
  }
  if (kind == "comparison") {
    Matches matches;
    const Value result = compared(left, operation, right, matches);
    if (!matches.empty()) {
      scope_->variables["Matches"] = make_object("System.Collections.Hashtable", std::move(matches));
    }
    return result;
  }
  if (kind == "additive" || kind == "multiplicative") return calculated(left, operation, right);
  if (kind == "format") return composed(left.text(), right.items());
  if (kind == "range") {
    Array numbers;
    const std::int64_t end = right.whole();
    const std::int64_t step = left.whole() <= end ? 1 : -1;
    for (std::int64_t i = left.whole(); i != end + step; i += step) numbers.emplace_back(i);
    return numbers;
  }
  not_known(expression, "the operator " + operation);
}

Value Interpreter::evaluate_unary(const Node& expression) {
  const std::vector<Node> parts = expression.parts();
  if (parts.size() == 1) return evaluate(parts[0]);
  const std::string operation = lower_case(parts[0].folded());
  const Value value = evaluate(parts[1]);
  if (operation == "-not" || operation == "!") return !value.truth();
  if (operation == "-") return calculated(Value(0), "-", value);
  if (operation == "+") return calculated(Value(0), "+", value);
  if (operation == "-bnot") return ~value.whole();
  if (operation == ",") return Value(Array{value});
  if (operation == "-join") {
    Matches none;
    return compared(value, "-join", Value(""), none);
  }
  not_known(expression, "the operator " + operation);
}

Value Interpreter::evaluate_expandable(const Node& literal) {
  const std::vector<Node> parts = literal.children();
  const std::string script = literal.text();
  const std::size_t begin = literal.begin();
  std::string value;
  std::size_t at = begin + 1;
  for (const Node& part : parts) {
    value += unescaped(script.substr(at - begin, part.begin() - at));
    value += evaluate(part).text();
    at = part.end();
  }
  return value + unescaped(script.substr(at - begin, literal.end() - 1 - at));
}

Value Interpreter::evaluate_hashtable(const Node& literal) {
  auto table = make_object("System.Collections.Hashtable", {});
  if (!literal.has("hash_literal_body")) return table;
  for (const Node& entry : literal.child("hash_literal_body").children()) {
    const std::vector<Node> parts = entry.children();
    const Node key_node = parts.at(0).parts().at(0);
    const std::string key = key_node.is("simple_name") ? key_node.text() : evaluate(key_node).text();
    const Value value = value_of_statement(parts.at(1));
    if (!table->members.emplace(key, value.is_null() ? Value() : value).second) {
      throw std::invalid_argument(to_text(entry.place()) + ": Duplicate keys '" + key +
                                  "' are not allowed in hash literals.");
    }
  }
  return table;
}

Value Interpreter::evaluate_variable(const Node& variable) {
  const std::string text = variable.folded();
  if (text[0] == '@') not_known(variable, "splatting outside of a command");
  const bool braced = text.starts_with("${");
  return read_variable(braced ? text.substr(2, text.size() - 3) : text.substr(1));
}

}  // namespace far_side
