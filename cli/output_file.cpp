#include "cli/output_file.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstring>

namespace rehearse::cli {

OutputFile::OutputFile(std::string path)
    : path_(std::move(path)), temporary_(path_ + ".part-" + std::to_string(getpid())) {
  descriptor_ = open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
  if (descriptor_ < 0) problem_ = "cannot write " + path_ + ": " + std::strerror(errno);
}

OutputFile::~OutputFile() {
  if (descriptor_ < 0) return;
  close(descriptor_);
  unlink(temporary_.c_str());
}

bool OutputFile::write(std::string_view text) {
  const auto fail = [&] {
    problem_ = "cannot write " + path_ + ": " + std::strerror(errno);
    return false;
  };
  if (descriptor_ < 0) return false;
  while (!text.empty()) {
    const ssize_t written = ::write(descriptor_, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail();
    text.remove_prefix(static_cast<std::size_t>(written));
  }
  if (fsync(descriptor_) != 0 && errno != EINVAL) return fail();
  if (std::rename(temporary_.c_str(), path_.c_str()) != 0) return fail();
  close(descriptor_);
  descriptor_ = -1;
  return true;
}

}  // namespace rehearse::cli
