// A design rule: one thing that makes a design bad although it can be read, with the reason and the cure. Rules are
// pure functions over a design; where the design does not say enough to know, a rule says nothing. Ids are stable: they
// stand in suppressions, in CI and in people's heads, so a rule may go but its id is never given to another.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "model/design.hpp"
#include "model/units.hpp"

namespace rehearse::model::rules {

class DesignSource;
struct Stated;

/// How grave a finding is. An error fails a check. `off`: the rule is not told at all.
enum class Level : std::uint8_t { off, note, warning, error };
std::string_view to_text(Level level);
using model::to_text;  // of versions, lengths and dates
/// "error", "warning", "note", "off"; nullopt: none of them.
std::optional<Level> level_of(std::string_view text);

/// One place where a rule is broken.
struct Finding {
  std::string pointer;  // JSON pointer into the design; need not be there: then its nearest ancestor is meant
  std::string what;     // what is wrong here, one sentence without a full stop
  std::string remedy;   // what to write instead, one sentence without a full stop
};
using Findings = std::vector<Finding>;

/// What a rule may look at. Everything outlives the call.
struct Facts {
  const Design& design;
  const DesignSource& source;  // which keys the file holds: a default is not a statement
  const Stated& stated;        // what the file says for rules only
  Date date{};                 // "today"
  Duration horizon{};          // what ends within it is worth a word
};

struct Rule {
  std::string_view id;      // "CERT-003"
  Level level;              // unless configured otherwise
  std::string_view title;   // what is wrong, in a few words
  std::string_view why;     // what comes of it, for --explain
  std::string_view remedy;  // what to do about it in general
  std::string_view source;  // "S 5, 11", "W 11, 3"; "(assumed)" where no sheet says it
  Findings (*find)(const Facts& facts);
};

/// Every rule, family after family, in a fixed order.
std::span<const Rule> all_rules();

/// nullptr: there is no such rule. Upper and lower case make no difference.
const Rule* find_rule(std::string_view id);

std::vector<std::string> rule_ids();

}  // namespace rehearse::model::rules
