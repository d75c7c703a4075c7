// In what two design files differ, value by value: that is the reason of every other difference between the designs.
// Comments and the order of keys do not count, nor does the order of things that have names; of files that a design
// names, what they hold counts and not where they lie.
#pragma once

#include <optional>
#include <string>
#include <vector>

namespace rehearse::model {

/// A design file's text. Files that it names are opened relative to `folder`; `file`: what diagnostics call it.
struct DesignText {
  std::string text, file, folder;
};

struct DesignDifference {
  std::string pointer;           // of the value: in the first design where it has it; into a settings file after a '#'
  std::optional<std::string> a;  // the value as people write it; nullopt: this design does not have it
  std::optional<std::string> b;
};

/// In the order of the first design, then what only the second one has. Both must have been accepted by the reader of
/// designs; throws std::logic_error where one is not even JSON.
std::vector<DesignDifference> design_differences(const DesignText& a, const DesignText& b);

}  // namespace rehearse::model
