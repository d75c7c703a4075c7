#include "cli/wanted_file.hpp"

#include <spdlog/spdlog.h>

#include <sstream>

namespace rehearse::cli {

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
