// What the program is like at a terminal: help, manual page, completion, colours, narrow windows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <sstream>

#include "tests/cli/run_program.hpp"
#include "tests/support/files.hpp"

namespace {

using rehearse::cli::Ended;
using rehearse::cli::run_program;
using testing::AnyOf;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::IsSupersetOf;
using testing::Le;
using testing::Not;
using testing::SizeIs;
using testing::StartsWith;

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

class AtTerminal : public testing::Test {
 protected:
  Ended run(const std::string& arguments, const std::string& before = "") {
    return run_program(folder_.path(), arguments, before);
  }

  /// What a program of the shell prints; nullopt where the shell is not there.
  std::optional<std::string> shell(const std::string& name, const std::string& script) {
    if (std::system(("command -v " + name + " >/dev/null").c_str()) != 0) return std::nullopt;
    const std::string file = folder_.path("script"), out = folder_.path("printed");
    std::ofstream(file) << script;
    // The folder of the program comes first in the path: completion calls it by its name.
    const std::string path = std::filesystem::path(REHEARSE_PROGRAM).parent_path().string();
    const int status = std::system(
        ("cd '" REHEARSE_SOURCE_DIR "' && PATH='" + path + "':$PATH " + name + " '" + file + "' >'" + out + "' 2>&1")
            .c_str());
    EXPECT_EQ(status, 0) << rehearse::tests::content_of(out);
    return rehearse::tests::content_of(out);
  }

  /// What bash completes these words with.
  std::vector<std::string> bash(const std::string& words, int which) {
    const auto printed = shell("bash", "source <(rehearse completion bash)\ncompopt() { :; }\nCOMP_WORDS=(" + words +
                                           ")\nCOMP_CWORD=" + std::to_string(which) +
                                           "\n_rehearse\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n");
    return lines_of(printed.value());
  }

  /// Inside of a terminal of so many columns, by script(1): everything that the program shows.
  std::string in_terminal(int columns, const std::string& command) {
    const std::string file = folder_.path("typescript");
    const std::string inner = "stty cols " + std::to_string(columns) + " rows 40; " + command;
    const std::string outer = "cd '" REHEARSE_SOURCE_DIR "' && TERM=xterm script -qec \"" + inner + "\" '" + file +
                              "' >/dev/null 2>&1 </dev/null";
    EXPECT_EQ(std::system(outer.c_str()), 0);
    std::string text = rehearse::tests::content_of(file);
    std::erase(text, '\r');
    return text.substr(text.find('\n') + 1);  // after "Script started"
  }

  const std::string program_ = "'" REHEARSE_PROGRAM "'";
  const std::vector<std::string> commands_ = {"run",  "explain", "check", "faults",  "diff",
                                              "plan", "apply",   "probe", "inspect", "completion"};
  rehearse::tests::TemporaryFolder folder_;
};

TEST_F(AtTerminal, every_command_ends_its_help_with_examples_and_exit_codes) {
  for (const std::string& command : commands_) {
    const Ended ended = run(command + " --help");
    EXPECT_EQ(ended.exit, 0);
    const std::size_t examples = ended.out.find("\nexamples:\n"), codes = ended.out.find("\nexit codes: ");
    ASSERT_NE(examples, std::string::npos) << command;
    ASSERT_NE(codes, std::string::npos) << command;
    EXPECT_LT(examples, codes);
    EXPECT_THAT(ended.out.substr(examples), HasSubstr("rehearse " + command));
    for (const std::string& line : lines_of(ended.out.substr(codes + 1)))
      EXPECT_THAT(line, AnyOf(IsEmpty(), StartsWith("exit codes: "), StartsWith("  "))) << command;
    if (command != "completion") {
      EXPECT_THAT(ended.out, HasSubstr("--quiet")) << command;
    }
  }
}

TEST_F(AtTerminal, the_manual_page_has_every_command_and_option_and_pleases_troff) {
  const Ended ended = run("--man");
  EXPECT_EQ(ended.exit, 0);
  EXPECT_THAT(ended.out, StartsWith(".TH REHEARSE 1"));
  for (const std::string& command : commands_) {
    EXPECT_THAT(ended.out, HasSubstr(".SS rehearse " + command));
    for (const std::string& line : lines_of(run(command + " --help").out)) {
      const std::size_t name = line.find("--");
      if (!line.starts_with("  ") || name == std::string::npos || name > 8) continue;
      std::string option = "\\fB";
      for (const char c : line.substr(name, line.find_first_of(" ,", name) - name))
        option += c == '-' ? "\\-" : std::string(1, c);
      EXPECT_THAT(ended.out, HasSubstr(option + "\\fR")) << command;
    }
  }
  if (std::system("command -v groff >/dev/null") != 0) GTEST_SKIP() << "groff is not there";
  const std::string check = program_ + " --man | groff -man -Tutf8 -ww -z 2>'" + folder_.path("warnings") + "'";
  EXPECT_EQ(std::system(check.c_str()), 0);
  EXPECT_EQ(rehearse::tests::content_of(folder_.path("warnings")), "");
}

TEST_F(AtTerminal, bash_completes_commands_options_words_and_files) {
  EXPECT_THAT(bash("rehearse ''", 1), IsSupersetOf(commands_));
  EXPECT_THAT(bash("rehearse ex", 1), ElementsAre("explain"));
  EXPECT_THAT(bash("rehearse run --tr", 2), ElementsAre("--trace"));
  EXPECT_THAT(bash("rehearse explain run.json --why", 3), ElementsAre("--why-away", "--why-not"));
  EXPECT_THAT(bash("rehearse run --format ''", 3), ElementsAre("text", "json"));
  EXPECT_THAT(bash("rehearse run --format = j", 4), ElementsAre("json"));
  EXPECT_THAT(bash("rehearse run --format =", 3), ElementsAre("text", "json"));
  EXPECT_THAT(bash("rehearse run scenarios/node_loss", 2),
              ElementsAre("scenarios/node_loss.json", "scenarios/node_loss_strict.json"));
  EXPECT_THAT(bash("rehearse run --junit scenarios/node_loss.", 3), ElementsAre("scenarios/node_loss.json"));
  EXPECT_THAT(bash("rehearse completion ''", 2), ElementsAre("bash", "zsh", "fish"));
  EXPECT_THAT(bash("rehearse faults d.json --fail-on need", 4), ElementsAre("needs\\ a\\ person"));
}

TEST_F(AtTerminal, zsh_takes_its_completion) {
  const auto printed = shell("zsh", "autoload -Uz compinit && compinit -u -d '" + folder_.path("dump") +
                                        "'\nsource <(rehearse completion zsh)\nprint $_comps[rehearse]\n");
  if (!printed) GTEST_SKIP() << "zsh is not there";
  EXPECT_EQ(*printed, "_rehearse\n");
}

TEST_F(AtTerminal, fish_completes_commands_options_and_words) {
  const auto printed = shell("fish",
                             "rehearse completion fish | source\ncomplete -C 'rehearse ex'\ncomplete -C 'rehearse run "
                             "--tr'\ncomplete -C 'rehearse run --format '\n");
  if (!printed) GTEST_SKIP() << "fish is not there";
  for (const std::string begin : {"explain\t", "--trace\t", "text", "json"})
    EXPECT_THAT(lines_of(*printed), Contains(StartsWith(begin)));
}

TEST_F(AtTerminal, colours_are_for_terminals_and_not_against_NO_COLOR) {
  const std::string command = program_ + " run scenarios/planned_move.json --quiet";
  const std::string escape = "\x1b[";
  EXPECT_THAT(in_terminal(120, command), HasSubstr(escape));
  EXPECT_THAT(in_terminal(120, "NO_COLOR=1 " + command), Not(HasSubstr(escape)));
  EXPECT_THAT(in_terminal(120, "TERM=dumb " + command), Not(HasSubstr(escape)));
  EXPECT_THAT(in_terminal(120, "NO_COLOR=1 " + command + " --color always"), HasSubstr(escape));
  EXPECT_THAT(run("run scenarios/planned_move.json --quiet").out, Not(HasSubstr(escape)));
}

TEST_F(AtTerminal, accounts_fit_narrow_windows) {
  for (const int columns : {60, 80}) {
    const std::string text = in_terminal(columns, "NO_COLOR=1 " + program_ + " run scenarios/node_loss.json");
    std::size_t told = 0;
    for (const std::string& line : lines_of(text)) {
      if (line.starts_with("Script done")) break;
      ++told;
      // A word that is wider than the room is left whole.
      const bool one_word =
          line.substr(std::min(line.size(), line.find_first_not_of(' '))).find(' ') == std::string::npos;
      if (!one_word) EXPECT_THAT(line, SizeIs(Le(static_cast<std::size_t>(columns)))) << line;
    }
    EXPECT_GT(told, 40U);
  }
}

TEST_F(AtTerminal, JSON_is_never_folded) {
  const std::string text = in_terminal(40, program_ + " run scenarios/planned_move.json --format json");
  EXPECT_THAT(lines_of(text), Contains(SizeIs(testing::Gt(100U))));
}

TEST_F(AtTerminal, nothing_but_results_and_problems_is_written_where_nobody_watches) {
  const Ended ended = run("run scenarios --quiet");
  EXPECT_EQ(ended.err, "");
}

}  // namespace
