#include "sim/study/constraint.hpp"

#include <array>
#include <charconv>

#include "model/units.hpp"

namespace rehearse::sim {
namespace {

using Relation = Constraint::Relation;

struct Sign {
  std::string_view text;
  Relation relation;
};
// The longer ones first: ">=" begins like ">".
constexpr std::array<Sign, 6> signs = {{{">=", Relation::at_least},
                                        {"<=", Relation::at_most},
                                        {"==", Relation::equal},
                                        {"!=", Relation::other},
                                        {">", Relation::greater},
                                        {"<", Relation::less}}};

std::string_view trimmed(std::string_view text) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  return text;
}

std::optional<double> number_in(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<Constraint::Side> parse_side(std::string_view text, std::string& problem) {
  Constraint::Side side;
  if (number_in(text)) {
    side.value = text;
    return side;
  }
  if (model::parse_duration(text)) {
    side.value = '"' + std::string(text) + '"';
    return side;
  }
  side.address = parse_address(text, problem);
  return side.address ? std::optional(side) : std::nullopt;
}

/// A length of time or a number.
struct Amount {
  bool length = false;
  double number = 0;
};
std::optional<Amount> amount_in(std::string_view json) {
  if (json.size() > 2 && json.front() == '"' && json.back() == '"') {
    const auto length = model::parse_duration(json.substr(1, json.size() - 2));
    if (length) return Amount{true, static_cast<double>(length->count())};
    return std::nullopt;
  }
  const auto number = number_in(json);
  return number ? std::optional(Amount{false, *number}) : std::nullopt;
}

std::optional<Amount> amount_of(const Constraint::Side& side, const Documents& documents, std::string& problem) {
  if (!side.address) return amount_in(side.value);
  const std::optional<std::string> value = documents.get(*side.address);
  if (!value) {
    problem = "neither the files nor the point state '" + side.address->text + "'";
    return std::nullopt;
  }
  const auto amount = amount_in(*value);
  if (!amount) problem = "'" + side.address->text + "' is " + *value + ", and no length of time or number";
  return amount;
}

}  // namespace

std::optional<Constraint> parse_constraint(std::string_view text, std::string& problem) {
  for (const Sign& sign : signs) {
    const std::size_t place = text.find(sign.text);
    if (place == std::string_view::npos) continue;
    const auto left = parse_side(trimmed(text.substr(0, place)), problem);
    const auto right = left ? parse_side(trimmed(text.substr(place + sign.text.size())), problem) : std::nullopt;
    if (!right) return std::nullopt;
    return Constraint{*left, *right, sign.relation};
  }
  problem = "it compares nothing";
  return std::nullopt;
}

std::optional<bool> holds(const Constraint& constraint, const Documents& documents, std::string& problem) {
  const auto left = amount_of(constraint.left, documents, problem);
  const auto right = left ? amount_of(constraint.right, documents, problem) : std::nullopt;
  if (!right) return std::nullopt;
  if (left->length != right->length) {
    problem = "it compares a length of time with a number";
    return std::nullopt;
  }
  switch (constraint.relation) {
    case Relation::less: return left->number < right->number;
    case Relation::at_most: return left->number <= right->number;
    case Relation::equal: return left->number == right->number;
    case Relation::other: return left->number != right->number;
    case Relation::at_least: return left->number >= right->number;
    case Relation::greater: return left->number > right->number;
  }
  return std::nullopt;
}

}  // namespace rehearse::sim
