// How commands speak to people: results on standard output, everything else on standard error.
#pragma once

#include <exception>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "model/diagnostic.hpp"

namespace rehearse::cli {

/// One line each, on standard error.
void tell(const std::vector<model::Diagnostic>& diagnostics);

/// Says that an invariant of this program is broken, and with which command it is to be seen again. Exit::bug.
Exit tell_bug(const std::exception& error, const std::string& reproduce);

/// What a command ends with when its result is written: `exit`, or Exit::io after telling that standard output could
/// not be written.
Exit flushed(Exit exit);

/// Whether the descriptor is a terminal that shows colours, and NO_COLOR (no-color.org) does not forbid them.
bool takes_colour(int descriptor);

/// Whether results are in colour: "always", "never", or "auto", where standard output takes it.
bool in_colour(const std::string& wish);

/// Whether a person watches progress: standard error is a terminal.
bool watched();

}  // namespace rehearse::cli
