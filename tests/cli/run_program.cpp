#include "tests/cli/run_program.hpp"

#include <sys/wait.h>

#include <cstdlib>

#include "tests/support/files.hpp"

namespace rehearse::cli {

namespace fs = std::filesystem;

Ended run_program(const fs::path& folder, const std::string& arguments, const std::string& before) {
  const fs::path out = folder / "out", err = folder / "err";
  const std::string command = "cd '" REHEARSE_SOURCE_DIR "' && " + before + " '" REHEARSE_PROGRAM "' " + arguments +
                              " >'" + out.string() + "' 2>'" + err.string() + "'";
  const int status = std::system(command.c_str());
  // The arguments may send its output elsewhere.
  const auto written = [](const fs::path& file) { return fs::exists(file) ? tests::content_of(file) : std::string(); };
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, written(out), written(err)};
}

}  // namespace rehearse::cli
