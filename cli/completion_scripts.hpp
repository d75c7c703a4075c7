// Scripts by which shells complete a command line. Values with a closed set of words are completed with these, all
// others with files, which is what most of them are.
#pragma once

#include <iosfwd>

namespace CLI {
class App;
}

namespace rehearse::cli {

/// For bash 4 and later; it needs no bash-completion package.
void write_bash_completion(std::ostream& out, const CLI::App& program);
/// A function for a folder of $fpath, or to be sourced.
void write_zsh_completion(std::ostream& out, const CLI::App& program);
void write_fish_completion(std::ostream& out, const CLI::App& program);

}  // namespace rehearse::cli
