#include "model/reading.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <set>
#include <stdexcept>

namespace rehearse::model {
namespace {

constexpr std::size_t longest_text = 1000;

std::string shortened(std::string_view text) {
  constexpr std::size_t longest = 60;
  std::string result;
  for (const char c : text.substr(0, longest)) result += static_cast<unsigned char>(c) < 0x20 || c == 0x7f ? '?' : c;
  return text.size() > longest ? result + "..." : result;
}

bool same_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

/// did_you_mean, but a word that differs in case only is always meant.
std::string nearest(const std::string& word, const std::vector<std::string>& candidates) {
  for (const std::string& candidate : candidates) {
    if (same_ignoring_case(word, candidate)) return candidate;
  }
  return did_you_mean(word, candidates);
}

std::string remedy_by_name(const std::string& word, const std::vector<std::string>& known) {
  const std::string guess = nearest(word, known);
  if (!guess.empty()) return "did you mean '" + guess + "'?";
  constexpr std::size_t as_many_as_one_reads = 30;
  if (known.empty()) return "remove it";
  if (known.size() > as_many_as_one_reads) {
    return fmt::format("{} names are known, among them {}", known.size(), listed({known.begin(), known.begin() + 10}));
  }
  return (known.size() == 1 ? "known is: " : "known are: ") + listed(known);
}

}  // namespace

Value::Value(const JsonDocument& document, const JsonNode& node, std::string pointer,
             std::vector<Diagnostic>& diagnostics)
    : document_(&document), node_(&node), pointer_(std::move(pointer)), diagnostics_(&diagnostics) {}

void Value::tell(Severity severity, Place where, std::string what, std::string remedy) const {
  diagnostics_->push_back({severity, document_->file(), std::move(where), std::move(what), std::move(remedy)});
}

void Value::error(std::string what, std::string remedy) const {
  tell(Severity::error, place(), std::move(what), std::move(remedy));
}

void Value::warning(std::string what, std::string remedy) const {
  tell(Severity::warning, place(), std::move(what), std::move(remedy));
}

std::string Value::described() const {
  switch (node_->kind) {
    case JsonNode::Kind::null: return "null";
    case JsonNode::Kind::boolean: return node_->boolean ? "true" : "false";
    case JsonNode::Kind::whole:
    case JsonNode::Kind::real: return "the number " + shortened(node_->text);
    case JsonNode::Kind::text: return "the string \"" + shortened(node_->text) + "\"";
    case JsonNode::Kind::array: return "an array";
    case JsonNode::Kind::object: return "an object";
  }
  throw std::logic_error("a JSON node of no kind");
}

void Value::wrong_type(std::string_view wanted, std::string remedy) const {
  error(fmt::format("found {} where {} is wanted", described(), wanted), std::move(remedy));
}

std::optional<bool> Value::boolean() const {
  if (node_->kind == JsonNode::Kind::boolean) return node_->boolean;
  wrong_type("true or false", "write true or false, without quotes");
  return std::nullopt;
}

std::optional<std::string> Value::any_text() const {
  if (node_->kind != JsonNode::Kind::text) {
    const bool number = node_->kind == JsonNode::Kind::whole || node_->kind == JsonNode::Kind::real;
    wrong_type("a string",
               number ? "write it in quotes: \"" + shortened(node_->text) + "\"" : "write it in double quotes");
    return std::nullopt;
  }
  if (node_->text.size() > longest_text) {
    error(fmt::format("the string has {} bytes", node_->text.size()),
          fmt::format("at most {} bytes are read", longest_text));
    return std::nullopt;
  }
  return node_->text;
}

std::optional<std::string> Value::text() const {
  std::optional<std::string> result = any_text();
  if (!result) return std::nullopt;
  if (result->empty()) {
    error("the string is empty", "write a value or remove the key");
    return std::nullopt;
  }
  if (std::any_of(result->begin(), result->end(), [](unsigned char c) { return c < 0x20 || c == 0x7f; })) {
    error("the string holds a control character (a tab or a line break, for example)",
          "remove it; a backslash is written as \\\\");
    return std::nullopt;
  }
  return result;
}

std::optional<std::int64_t> Value::whole(std::int64_t low, std::int64_t high) const {
  const std::string wanted = fmt::format("a whole number from {} to {}", low, high);
  if (node_->kind != JsonNode::Kind::whole) {
    wrong_type(wanted,
               node_->kind == JsonNode::Kind::text ? "write the number without quotes" : "write a whole number");
    return std::nullopt;
  }
  if (node_->whole < low || node_->whole > high) {
    error(fmt::format("{} is out of range", node_->whole), "write " + wanted);
    return std::nullopt;
  }
  return node_->whole;
}

std::optional<double> Value::number(double low, double high) const {
  const std::string wanted = fmt::format("a number from {} to {}", low, high);
  if (node_->kind != JsonNode::Kind::whole && node_->kind != JsonNode::Kind::real) {
    wrong_type(wanted, node_->kind == JsonNode::Kind::text ? "write the number without quotes" : "write a number");
    return std::nullopt;
  }
  if (!(node_->real >= low && node_->real <= high)) {
    error(shortened(node_->text) + " is out of range", "write " + wanted);
    return std::nullopt;
  }
  return node_->real;
}

std::optional<Duration> Value::duration() const {
  if (node_->kind == JsonNode::Kind::whole || node_->kind == JsonNode::Kind::real) {
    wrong_type("a length of time", "write it with its unit and in quotes, for example \"30s\" or \"500ms\"");
    return std::nullopt;
  }
  if (node_->kind != JsonNode::Kind::text) {
    wrong_type("a length of time", "write for example \"500ms\", \"30s\", \"1h30m\"");
    return std::nullopt;
  }
  const std::optional<Duration> result = parse_duration(node_->text);
  if (!result) {
    error(fmt::format("\"{}\" is no length of time", shortened(node_->text)),
          "write whole numbers with the units ms, s, m, h or d, for example \"500ms\", \"30s\", \"1h30m\"");
  }
  return result;
}

std::optional<Duration> Value::duration_within(Duration low, Duration high) const {
  const std::optional<Duration> result = duration();
  if (!result || (*result >= low && *result <= high)) return result;
  error(to_text(*result) + " is out of range",
        fmt::format("write a length of time from {} to {}", to_text(low), to_text(high)));
  return std::nullopt;
}

std::optional<Date> Value::date() const {
  constexpr const char* example = "write ISO 8601 with an offset or Z, for example \"2027-03-01T00:30:00Z\"";
  if (node_->kind != JsonNode::Kind::text) {
    wrong_type("a date", example);
    return std::nullopt;
  }
  const std::optional<Date> result = parse_date(node_->text);
  if (!result) error(fmt::format("\"{}\" is no date", shortened(node_->text)), example);
  return result;
}

std::optional<std::chrono::seconds> Value::time_of_day() const {
  constexpr const char* example = "write hours and minutes of a local day, for example \"01:00\"";
  if (node_->kind != JsonNode::Kind::text) {
    wrong_type("a time of day", example);
    return std::nullopt;
  }
  const std::optional<std::chrono::seconds> result = parse_time_of_day(node_->text);
  if (!result) error(fmt::format("\"{}\" is no time of day", shortened(node_->text)), example);
  return result;
}

std::optional<std::vector<Value>> Value::elements(std::size_t low, std::size_t high) const {
  if (node_->kind != JsonNode::Kind::array) {
    wrong_type("an array", "write the value in square brackets");
    return std::nullopt;
  }
  const std::size_t count = node_->elements.size();
  if (count < low || count > high) {
    const std::string wanted = low == high                                       ? fmt::format("exactly {}", low)
                               : high == std::numeric_limits<std::size_t>::max() ? fmt::format("at least {}", low)
                                                                                 : fmt::format("{} to {}", low, high);
    error(fmt::format("the array has {} {}", count, count == 1 ? "entry" : "entries"), wanted + " are wanted");
    return std::nullopt;
  }
  std::vector<Value> result;
  for (std::size_t i = 0; i < count; ++i) {
    result.emplace_back(*document_, node_->elements[i], pointer_to(pointer_, i), *diagnostics_);
  }
  return result;
}

std::optional<std::vector<std::string>> Value::texts(std::size_t low) const {
  const std::optional<std::vector<Value>> values = elements(low);
  if (!values) return std::nullopt;
  std::vector<std::string> result;
  bool complete = true;
  for (const Value& value : *values) {
    std::optional<std::string> text = value.text();
    complete = complete && text.has_value();
    if (text) result.push_back(std::move(*text));
  }
  return complete ? std::optional(std::move(result)) : std::nullopt;
}

std::optional<std::vector<Member>> Value::members() const {
  if (node_->kind != JsonNode::Kind::object) {
    wrong_type("an object", "write { \"key\": value }");
    return std::nullopt;
  }
  std::vector<Member> result;
  std::set<std::string_view> seen;
  for (const JsonMember& member : node_->members) {
    if (!seen.insert(member.key).second) continue;
    const std::string pointer = pointer_to(pointer_, member.key);
    result.push_back({member.key, document_->place(member.key_offset, pointer),
                      Value(*document_, member.value, pointer, *diagnostics_)});
  }
  return result;
}

std::optional<Object> Value::object(const Shape& shape) const {
  if (node_->kind == JsonNode::Kind::object) return Object(*this, shape);
  wrong_type("an object", "write { \"key\": value }");
  return std::nullopt;
}

std::optional<std::size_t> Value::index_of(const std::vector<std::string>& words) const {
  if (node_->kind != JsonNode::Kind::text) {
    const bool only_quotes_are_missing = std::find(words.begin(), words.end(), node_->text) != words.end();
    wrong_type("a string", only_quotes_are_missing ? "write it in quotes: \"" + node_->text + "\""
                                                   : fmt::format("write one of: \"{}\"", fmt::join(words, "\", \"")));
    return std::nullopt;
  }
  const auto found = std::find(words.begin(), words.end(), node_->text);
  if (found != words.end()) return static_cast<std::size_t>(found - words.begin());
  const std::string guess = nearest(node_->text, words);
  error(fmt::format("\"{}\" is not known here", shortened(node_->text)),
        guess.empty() ? "write " + listed(words) : "did you mean '" + guess + "'? known are: " + listed(words));
  return std::nullopt;
}

void Member::unknown_name(std::string_view kind, const std::vector<std::string>& known, Severity severity) const {
  value.tell(severity, key_place, fmt::format("unknown {} '{}'", kind, shortened(name)), remedy_by_name(name, known));
}

Object::Object(Value value, const Shape& shape) : value_(std::move(value)), shape_(&shape) {
  std::vector<std::string> known;
  for (const Key& key : shape.keys) known.emplace_back(key.name);
  const std::optional<std::vector<Member>> members = value_.members();
  if (!members) throw std::logic_error("an Object was made of a value that is none");
  std::vector<std::string> meant;  // what unknown keys seem to stand for: not missing, only misspelled
  for (const Member& member : *members) {
    if (std::find(known.begin(), known.end(), member.name) != known.end()) continue;
    member.unknown_name("key", known);
    meant.push_back(nearest(member.name, known));
  }
  for (const Key& key : shape.keys) {
    const bool misspelled = std::find(meant.begin(), meant.end(), key.name) != meant.end();
    if (key.need == Need::required && !has(key.name) && !misspelled) {
      value_.error(fmt::format("the key '{}' is missing", key.name), fmt::format("add \"{}\"", key.name));
    }
  }
}

std::optional<Value> Object::find(std::string_view key) const {
  if (std::none_of(shape_->keys.begin(), shape_->keys.end(), [&](const Key& known) { return known.name == key; })) {
    throw std::logic_error(fmt::format("'{}' is not in the shape {}", key, shape_->path));
  }
  const JsonMember* member = value_.node().find(key);
  if (member == nullptr) return std::nullopt;
  return Value(*value_.document_, member->value, pointer_to(value_.pointer_, key), *value_.diagnostics_);
}

std::string listed(const std::vector<std::string>& words) {
  std::string result;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i > 0) result += i + 1 == words.size() ? " or " : ", ";
    result += "'" + words[i] + "'";
  }
  return result;
}

}  // namespace rehearse::model
