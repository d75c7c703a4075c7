#include "tests/cli/run_program.hpp"

#include <sys/wait.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace rehearse::cli {

namespace fs = std::filesystem;

std::string read_file(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

Ended run_program(const fs::path& folder, const std::string& arguments, const std::string& before) {
  const fs::path out = folder / "out", err = folder / "err";
  const std::string command = "cd '" REHEARSE_SOURCE_DIR "' && " + before + " '" REHEARSE_PROGRAM "' " + arguments +
                              " >'" + out.string() + "' 2>'" + err.string() + "'";
  const int status = std::system(command.c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, read_file(out), read_file(err)};
}

}  // namespace rehearse::cli
