#include "cli/study_origin.hpp"

#include <CLI/CLI.hpp>

#include "cli/command_line.hpp"

namespace rehearse::cli {

std::string to_text(const StudyOrigin& origin) {
  const auto text = [](const std::optional<std::uint64_t>& number) { return number ? std::to_string(*number) : ""; };
  return CommandLine("rehearse study")
      .file(origin.file)
      .option("--seed", text(origin.overrides.seed))
      .option("--replications", text(origin.overrides.replications))
      .text();
}

std::optional<StudyOrigin> study_origin_in(const std::string& text) {
  StudyOrigin origin;
  CLI::App words;
  CLI::App* const command = words.add_subcommand("study");
  command->add_option("STUDY", origin.file)->required();
  command->add_option("--seed", origin.overrides.seed);
  command->add_option("--replications", origin.overrides.replications);
  try {
    words.parse(text, true);
  } catch (const CLI::Error&) {
    return std::nullopt;
  }
  return origin;
}

}  // namespace rehearse::cli
