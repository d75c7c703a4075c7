// `rehearse plan`: which steps bring real machines to what a design states, or perform an operation on them; what each
// changes, how long it takes, and what is out of service meanwhile.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "cli/real_platform.hpp"
#include "model/steps/plan.hpp"

namespace rehearse::cli {

/// Adds the command to the program. `exit` receives what it ended with.
void add_plan_command(CLI::App& program, Exit& exit);

/// A design, read and found plannable, with the text of its file.
struct PlannableDesign {
  model::Design design;
  std::string text;
};
/// nullopt after every problem was told.
std::optional<PlannableDesign> read_plannable(const std::string& path);

/// Looks at the machines and plans the operation, or the deployment if it is empty, in a simulated world that begins
/// there. nullopt after telling what is wrong; `exit` says what kind of thing.
std::optional<steps::Plan> make_plan(RealPlatform& machines, const PlannableDesign& plannable,
                                     const std::string& operation, const steps::OperationArguments& arguments,
                                     Exit& exit);

/// Asks machines that did not answer once more, and says of each why it does not: "SQL2: Connection refused". Throws
/// what RealPlatform::run throws.
std::vector<std::string> reasons_of_silence(RealPlatform& machines, std::vector<std::string> silent);

/// "role=SQL Server (MSSQLSERVER)" taken apart; nullopt after telling what is wrong.
std::optional<steps::OperationArguments> read_arguments(const std::vector<std::string>& words);

}  // namespace rehearse::cli
