// What a design says for its rules only: the simulated world does not depend on it. Which findings are accepted and
// why, how grave each rule is here, and facts about machines that decide whether a deployment is supported or starts by
// itself.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/design.hpp"
#include "model/json_tree.hpp"
#include "model/rules/rule.hpp"

namespace rehearse::model::rules {

enum class StartType : std::uint8_t { manual, automatic };

struct Suppression {
  std::string rule;     // id
  std::string at;       // findings at this pointer or below it; empty: wherever they are
  std::string reason;   // never empty
  std::string pointer;  // of the suppression itself
};

struct Stated {
  std::vector<Suppression> suppressions;
  std::map<std::string, Level> levels;                     // by id
  std::map<std::string, WindowsVersion> windows_of_nodes;  // by the node's pointer; absent: the design's
  std::map<std::string, SqlVersion> sql_of_pools;          // by the pool's pointer; absent: the design's
  std::map<std::string, Edition> edition_of_pools;
  std::optional<StartType> master_start;
  std::map<std::string, StartType> start_of_pools;
};

/// Reads it from a design; wrong values are told, keys that do not belong where they stand are not: the reader of
/// designs knows its own shapes.
Stated read_stated(const JsonDocument& document, std::vector<Diagnostic>& diagnostics);

}  // namespace rehearse::model::rules
