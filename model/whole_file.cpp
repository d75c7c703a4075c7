#include "model/whole_file.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <system_error>

namespace rehearse::model {

std::optional<std::string> read_whole_file(const std::string& path, std::size_t limit, std::string& problem) {
  std::error_code failed;
  const std::filesystem::file_status status = std::filesystem::status(path, failed);
  if (!std::filesystem::exists(status)) {
    problem = "the file does not exist";
    return std::nullopt;
  }
  if (std::filesystem::is_directory(status)) {
    problem = "it is a folder";
    return std::nullopt;
  }
  std::ifstream file(path, std::ios::binary);
  if (!file) {
    problem = std::string("it cannot be opened: ") + std::strerror(errno);
    return std::nullopt;
  }
  std::string content;
  char block[65536];
  while (file.read(block, sizeof block) || file.gcount() > 0) {
    content.append(block, static_cast<std::size_t>(file.gcount()));
    if (content.size() > limit) {
      problem = fmt::format("it has more than {} bytes", limit);
      return std::nullopt;
    }
  }
  if (file.bad()) {
    problem = "it cannot be read to its end";
    return std::nullopt;
  }
  return content;
}

}  // namespace rehearse::model
