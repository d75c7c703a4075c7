// The options of commands that explore what faults come to in a design: `faults` and `diff`.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "cli/command_line.hpp"
#include "model/units.hpp"
#include "sim/faults/exploration.hpp"
#include "sim/faults/stage.hpp"

namespace CLI {
class App;
}

namespace rehearse::cli {

struct ExploringOptions {
  unsigned faults = 1;
  std::string at = "median", start = "2027-03-01T10:00:00Z";
  std::uint64_t seed = 1, limit = 1'000'000;
  unsigned threads = 0;
  bool without_operations = false, quiet = false;
};

/// --k, --without-operations, --at, --threads, --limit, --start and --seed. --quiet is each command's own.
void add_exploring_options(CLI::App& command, ExploringOptions& options);
/// Those that change the result, where they are not the defaults.
void repeat(const ExploringOptions& options, CommandLine& command);

/// The date of --start; nullopt after telling that it is none.
std::optional<Date> start_of(const ExploringOptions& options);
sim::StageOptions stage_options(const ExploringOptions& options, Date start);
/// Interrupts end the exploration. Progress is shown where a person watches; `name` stands before it.
sim::ExplorationOptions exploration_options(const ExploringOptions& options, const std::string& name = "");

}  // namespace rehearse::cli
