#include "cli/wanted_file.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <filesystem>
#include <sstream>

namespace rehearse::cli {
namespace {

namespace fs = std::filesystem;

bool are_one_file(const std::string& a, const std::string& b) {
  std::error_code failed;
  return a == b || fs::equivalent(a, b, failed) ||
         fs::absolute(a).lexically_normal() == fs::absolute(b).lexically_normal();
}

/// What is written to a device or a pipe takes nothing's place.
bool is_replaced(const std::string& file) {
  std::error_code failed;
  const fs::file_status there = fs::status(file, failed);
  return !fs::exists(there) || fs::is_regular_file(there);
}

}  // namespace

std::string lost_by(const std::vector<NamedFile>& outputs, const std::vector<std::string>& inputs) {
  for (auto output = outputs.begin(); output != outputs.end(); ++output) {
    if (output->file.empty() || !is_replaced(output->file)) continue;
    for (const std::string& input : inputs) {
      if (input.empty() || input == "-" || !are_one_file(output->file, input)) continue;
      return fmt::format("{} {}: that file is read, too, and would be lost: name another", output->option,
                         output->file);
    }
    for (auto other = outputs.begin(); other != output; ++other) {
      if (other->file.empty() || !are_one_file(output->file, other->file)) continue;
      return fmt::format("{} and {} are one file, {}: name two", other->option, output->option, output->file);
    }
  }
  return {};
}

bool nothing_is_lost_by(const std::vector<NamedFile>& outputs, const std::vector<std::string>& inputs) {
  const std::string lost = lost_by(outputs, inputs);
  if (!lost.empty()) spdlog::error("{}", lost);
  return lost.empty();
}

WantedFile::WantedFile(const std::string& path) {
  if (path.empty()) return;
  file_.emplace(path);
  if (!file_->problem().empty()) tell();
}

bool WantedFile::write(std::string_view text) {
  if (!told_ && file_ && !file_->write(text)) tell();
  return !told_;
}

bool WantedFile::write_report(const std::function<void(std::ostream&)>& report) {
  if (told_ || !file_) return !told_;
  std::ostringstream text;
  report(text);
  return write(text.str());
}

void WantedFile::tell() {
  spdlog::error("{}", file_->problem());
  told_ = true;
}

}  // namespace rehearse::cli
