// The floors of the house: who may include whom, and which words and libraries stay out of which room. The linker
// cannot see a header, so these tests read the sources. Every rule is a function over lines that is first shown a
// planted line: a rule that catches nothing would pass for ever.
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "source_tree.hpp"

namespace rehearse::house {
namespace {

/// Whether the line breaks the rule.
using Rule = std::function<bool(std::string_view line)>;

std::string broken_in(const std::vector<SourceFile>& files, const Rule& breaks) {
  std::string places;
  for (const SourceFile& file : files) {
    for (std::size_t i = 0; i < file.lines.size(); ++i) {
      if (breaks(file.lines[i])) places += file.path + ":" + std::to_string(i + 1) + ": " + file.lines[i] + "\n";
    }
  }
  return places;
}

/// No file may break the rule, there must be files, and the planted lines must break it.
void expect_kept(const std::vector<SourceFile>& files, const Rule& breaks, const std::vector<std::string>& planted) {
  EXPECT_FALSE(files.empty()) << "the folder is empty or has another name";
  for (const std::string& line : planted) {
    EXPECT_NE(broken_in({{"planted.cpp", {line}}}, breaks), "") << "the rule does not see: " << line;
  }
  EXPECT_EQ(broken_in(files, breaks), "");
}

std::vector<SourceFile> without(std::vector<SourceFile> files, const std::vector<std::string>& folders) {
  std::erase_if(files, [&](const SourceFile& file) {
    return std::any_of(folders.begin(), folders.end(),
                       [&](const std::string& folder) { return lies_in(file.path, folder); });
  });
  return files;
}

std::vector<SourceFile> headers(std::vector<SourceFile> files) {
  std::erase_if(files, [](const SourceFile& file) { return !file.path.ends_with(".hpp"); });
  return files;
}

bool is_ours(std::string_view path) {
  return lies_in(path, "model") || lies_in(path, "sim") || lies_in(path, "real_backend") || lies_in(path, "cli") ||
         lies_in(path, "tests");
}

/// Including any room of ours but these.
Rule sees_more_than(std::vector<std::string> folders) {
  return [folders = std::move(folders)](std::string_view line) {
    const std::string path = included_by(line);
    return is_ours(path) && std::none_of(folders.begin(), folders.end(),
                                         [&](const std::string& folder) { return lies_in(path, folder); });
  };
}

Rule sees(std::vector<std::string> beginnings) {
  return [beginnings = std::move(beginnings)](std::string_view line) {
    const std::string path = included_by(line);
    return !path.empty() && std::any_of(beginnings.begin(), beginnings.end(),
                                        [&](const std::string& beginning) { return path.starts_with(beginning); });
  };
}

/// The text itself, wherever it stands.
Rule says(std::vector<std::string> texts) {
  return [texts = std::move(texts)](std::string_view line) {
    return std::any_of(texts.begin(), texts.end(),
                       [&](const std::string& text) { return line.find(text) != line.npos; });
  };
}

std::vector<SourceFile> model_without_steps() {
  return without(sources_in({"model"}), {"model/steps"});
}

TEST(Layering, the_model_sees_nothing_but_the_model) {
  const Rule breaks = [](std::string_view line) {
    return sees_more_than({"model"})(line) || lies_in(included_by(line), "model/steps");
  };
  expect_kept(model_without_steps(), breaks,
              {"#include \"sim/core/time.hpp\"", "#include \"model/steps/step.hpp\"", "# include \"cli/main.hpp\""});
  EXPECT_FALSE(breaks("#include \"model/design.hpp\""));
}

TEST(Layering, the_steps_see_the_model_and_no_platform) {
  expect_kept(sources_in({"model/steps"}), sees_more_than({"model"}),
              {"#include \"sim/async/driver.hpp\"", "#include \"real_backend/windows_platform.hpp\""});
}

TEST(Layering, the_kernel_sees_the_model_s_values_and_itself) {
  const Rule breaks = [](std::string_view line) {
    return sees_more_than({"model", "sim/core"})(line) || lies_in(included_by(line), "model/steps");
  };
  expect_kept(sources_in({"sim/core"}), breaks,
              {"#include \"sim/world/world.hpp\"", "#include \"model/steps/step.hpp\""});
}

TEST(Layering, the_world_sees_neither_steps_nor_what_runs_it) {
  const Rule breaks = [](std::string_view line) {
    return sees_more_than({"model", "sim/core", "sim/world"})(line) || lies_in(included_by(line), "model/steps");
  };
  expect_kept(sources_in({"sim/world"}), breaks,
              {"#include \"sim/scenario/scenario.hpp\"", "#include \"model/steps/platform.hpp\""});
}

TEST(Layering, the_simulation_never_sees_the_real_back_end) {
  expect_kept(sources_in({"sim"}), sees({"real_backend/", "cli/"}),
              {"#include \"real_backend/powershell/quoting.hpp\"", "#include \"cli/commands.hpp\""});
}

TEST(Layering, the_real_back_end_never_sees_the_simulation) {
  expect_kept(sources_in({"real_backend"}), sees({"sim/", "cli/"}), {"#include \"sim/core/time.hpp\""});
}

TEST(Layering, the_far_side_sees_nothing_of_the_program_that_it_judges) {
  std::vector<SourceFile> files = sources_in({"tests/far_side"});
  std::erase_if(files, [](const SourceFile& file) {
    // These bring both together.
    for (const std::string_view both : {"_test.cpp", "/sample_requests."}) {
      if (file.path.find(both) != file.path.npos) return true;
    }
    return false;
  });
  expect_kept(files, sees_more_than({"tests/far_side"}),
              {"#include \"real_backend/powershell/quoting.hpp\"", "#include \"model/design.hpp\""});
}

TEST(Layering, no_room_sees_the_tests) {
  expect_kept(sources_in({"model", "sim", "real_backend", "cli"}), sees({"tests/", "gtest/", "gmock/"}),
              {"#include \"tests/steps/small_farm.hpp\"", "#include <gtest/gtest.h>"});
}

TEST(Layering, the_kernel_knows_not_a_word_of_windows) {
  const Rule breaks = [](std::string_view line) {
    return holds_word(line, "cluster") || holds_word(line, "ssis") || holds_word(line, "sql") ||
           holds_word(line, "windows");
  };
  expect_kept(sources_in({"sim/core"}), breaks,
              {"// when a Cluster node fails", "int sql_hang = 0;", "struct ClusterEvent;", "class MySqlServer;",
               "case ssisdb_open:"});
  EXPECT_FALSE(breaks("time passes in a subsequent event"));
}

TEST(Layering, kernel_and_world_build_without_asio) {
  const Rule breaks = [](std::string_view line) {
    return sees({"boost/asio"})(line) || line.find("asio::") != line.npos;
  };
  expect_kept(sources_in({"sim/core", "sim/world"}), breaks,
              {"#include <boost/asio/awaitable.hpp>", "boost::asio::awaitable<void> run();"});
}

TEST(Layering, coroutines_live_in_the_steps_and_in_what_runs_them) {
  std::vector<SourceFile> files = sources_in({"sim/core", "sim/world"});
  for (SourceFile& file : model_without_steps()) files.push_back(std::move(file));
  expect_kept(files, says({"co_await", "co_return", "co_yield"}), {"  co_await clock.sleep(delay);", "co_return 1;"});
}

TEST(Layering, heavy_headers_stay_out_of_our_headers) {
  const Rule heavy = sees({"boost/asio.hpp", "boost/asio/", "nlohmann/", "CLI/", "openssl/"});
  const Rule breaks = [heavy](std::string_view line) {
    return heavy(line) && included_by(line) != "nlohmann/json_fwd.hpp";
  };
  expect_kept(headers(sources_in({"model", "sim", "real_backend", "cli"})), breaks,
              {"#include <boost/asio.hpp>", "#include <boost/asio/awaitable.hpp>", "#include <nlohmann/json.hpp>",
               "#include <CLI/CLI.hpp>", "#include <openssl/x509.h>"});
  EXPECT_FALSE(breaks("#include <nlohmann/json_fwd.hpp>"));
}

TEST(Layering, neither_model_nor_simulation_takes_chance_or_time_from_the_machine) {
  expect_kept(
      sources_in({"model", "sim"}),
      says({"random_device", "mt19937", "minstd_rand", "default_random_engine", "uniform_int_distribution",
            "uniform_real_distribution", "normal_distribution", "exponential_distribution", "lognormal_distribution",
            "system_clock::now", "steady_clock::now", "high_resolution_clock", "sleep_for", "sleep_until"}),
      {"std::random_device seed;", "std::mt19937 engine;", "auto now = std::chrono::system_clock::now();",
       "std::this_thread::sleep_for(1s);"});
}

TEST(House, leaves_nothing_to_be_done_later) {
  expect_kept(without(sources_in({"model", "sim", "real_backend", "cli", "tests"}), {"tests/house"}),
              says({"TODO", "FIXME", "XXX:", "HACK"}), {"// TODO: think", "// FIXME"});
}

TEST(House, names_no_machine_it_was_built_on) {
  expect_kept(without(sources_in({"model", "sim", "real_backend", "cli", "tests"}), {"tests/house"}),
              says({"/work/", "/home/", "/root/"}), {"open(\"/work/main\")", "// see /home/me"});
}

TEST(Layering, every_header_is_read_once) {
  const std::vector<SourceFile> files = headers(sources_in({"model", "sim", "real_backend", "cli", "tests"}));
  EXPECT_FALSE(files.empty());
  const auto once = [](const SourceFile& file) {
    return std::find(file.lines.begin(), file.lines.end(), "#pragma once") != file.lines.end();
  };
  EXPECT_FALSE(once({"planted.hpp", {"// #pragma once", "int x;"}}));
  EXPECT_TRUE(once({"planted.hpp", {"// what it is", "#pragma once"}}));
  for (const SourceFile& file : files) EXPECT_TRUE(once(file)) << file.path;
}

TEST(Layering, every_header_opens_with_what_it_is) {
  const std::vector<SourceFile> files = headers(sources_in({"model", "sim", "real_backend", "cli"}));
  const auto opens = [](const SourceFile& file) {
    return !file.lines.empty() && file.lines.front().starts_with("// ");
  };
  EXPECT_FALSE(opens({"planted.hpp", {"#pragma once"}}));
  for (const SourceFile& file : files) EXPECT_TRUE(opens(file)) << file.path;
}

TEST(SourceTree, reads_include_lines_however_they_are_spaced) {
  EXPECT_EQ(included_by("#include \"model/quorum.hpp\""), "model/quorum.hpp");
  EXPECT_EQ(included_by("  #  include <vector>  // why"), "vector");
  EXPECT_EQ(included_by("#pragma once"), "");
  EXPECT_EQ(included_by("// #include <vector>"), "");
  EXPECT_EQ(included_by("x = \"#include\""), "");
}

TEST(SourceTree, takes_a_folder_for_a_folder_and_not_for_the_beginning_of_a_name) {
  EXPECT_TRUE(lies_in("model/quorum.hpp", "model"));
  EXPECT_TRUE(lies_in("model/steps/step.hpp", "model/steps"));
  EXPECT_FALSE(lies_in("models/quorum.hpp", "model"));
  EXPECT_FALSE(lies_in("model/steps_of_two.hpp", "model/steps"));
}

}  // namespace
}  // namespace rehearse::house
