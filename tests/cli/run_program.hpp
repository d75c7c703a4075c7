// The program as a child process, with what it wrote.
#pragma once

#include <filesystem>
#include <string>

namespace rehearse::cli {

struct Ended {
  int exit = -1;
  std::string out, err;
};

/// Runs it in the project's root through a shell; `before` stands in front of it. Its output is kept in `folder`.
Ended run_program(const std::filesystem::path& folder, const std::string& arguments, const std::string& before = "");

}  // namespace rehearse::cli
