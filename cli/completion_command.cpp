#include "cli/completion_command.hpp"

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>
#include <string>

#include "cli/completion_scripts.hpp"
#include "cli/telling.hpp"

namespace rehearse::cli {

void add_completion_command(CLI::App& program, Exit& exit) {
  auto shell = std::make_shared<std::string>();
  CLI::App* command = program.add_subcommand("completion", "prints the completion of this command line for a shell");
  command->add_option("SHELL", *shell, "bash, zsh or fish")->required()->check(CLI::IsMember({"bash", "zsh", "fish"}));
  command->footer(
      "examples:\n"
      "  source <(rehearse completion bash)\n"
      "  rehearse completion zsh > ~/.zfunc/_rehearse      # a folder of $fpath\n"
      "  rehearse completion fish > ~/.config/fish/completions/rehearse.fish\n"
      "exit codes: 0 printed, 64 bad usage, 70 a bug in Rehearse, 74 output failed");
  command->callback([shell, &program, &exit] {
    if (*shell == "bash") write_bash_completion(std::cout, program);
    if (*shell == "zsh") write_zsh_completion(std::cout, program);
    if (*shell == "fish") write_fish_completion(std::cout, program);
    exit = flushed(Exit::passed);
  });
}

}  // namespace rehearse::cli
