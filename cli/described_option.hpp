// An option of a command as texts about it need it: manual page, completion.
#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace rehearse::cli {

struct DescribedOption {
  std::vector<std::string> names;     // "-q", "--quiet"; empty: it stands by itself
  std::string placeholder;            // of its value, "FILE"; empty: a flag
  std::string description, standard;  // standard: its value where none is given
  std::vector<std::string> choices;   // the words that its value may be; empty: any
  bool required = false;

  bool positional() const { return names.empty(); }
  bool flag() const { return placeholder.empty(); }
};

/// In the order of their definition.
std::vector<DescribedOption> options_of(const CLI::App& command);

/// The commands of the program, in the order of their definition.
std::vector<const CLI::App*> commands_of(const CLI::App& program);

}  // namespace rehearse::cli
