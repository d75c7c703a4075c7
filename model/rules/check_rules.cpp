// Rules about the check itself. Their findings come from check.cpp: a pure function over the design cannot know them.
#include "model/rules/families.hpp"

namespace rehearse::model::rules {
namespace {

Findings nothing(const Facts& /*facts*/) {
  return {};
}

constexpr Rule rules[] = {
    {"CHECK-001", Level::warning, "the reader of designs warns",
     "The design or a file that it names can be read, but something in it is odd: a key in two spellings, a number in "
     "quotes, a settings file that contradicts the design.",
     "Do what the finding says.", "S 2", &nothing},
    {"CHECK-002", Level::note, "a suppression that accepts nothing",
     "The finding is gone, the rule is off, or the suppression points elsewhere. Left behind, it would hide the next "
     "one.",
     "Remove the suppression, or correct its rule or pointer.", "-", &nothing},
};

}  // namespace

std::span<const Rule> check_rules() {
  return rules;
}

}  // namespace rehearse::model::rules
