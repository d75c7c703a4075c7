// The manual page, made of the very definitions that the command line is read with.
#pragma once

#include <iosfwd>
#include <string_view>

namespace CLI {
class App;
}

namespace rehearse::cli {

/// rehearse(1) in the macros of man(7).
void write_manual(std::ostream& out, const CLI::App& program, std::string_view version);

}  // namespace rehearse::cli
