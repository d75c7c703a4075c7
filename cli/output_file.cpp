#include "cli/output_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>

namespace rehearse::cli {

OutputFile::OutputFile(std::string path) : path_(std::move(path)), target_(path_) {
  if (path_ == "-") {
    problem_ = "cannot write -: a file is wanted here; /dev/stdout is standard output, ./- a file of that name";
    return;
  }
  struct stat there {};
  const bool exists = stat(path_.c_str(), &there) == 0;
  if (exists && S_ISDIR(there.st_mode)) {
    errno = EISDIR;
  } else if (exists && !S_ISREG(there.st_mode)) {
    // A device or a pipe is written to; a file in its place would be an accident.
    descriptor_ = open(path_.c_str(), O_WRONLY | O_CLOEXEC);
  } else {
    // Behind a link, the file that it leads to is replaced, and not the link.
    const std::unique_ptr<char, decltype(&std::free)> behind(exists ? realpath(path_.c_str(), nullptr) : nullptr,
                                                             &std::free);
    if (behind) target_ = behind.get();
    temporary_ = target_ + ".part-" + std::to_string(getpid());
    descriptor_ = open(temporary_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);
    if (descriptor_ < 0 && errno == EEXIST) {
      problem_ = "cannot write " + path_ + ": two results would go there: name two files (or remove " + temporary_ +
                 ", if a run that was killed left it)";
      return;
    }
  }
  if (descriptor_ < 0) problem_ = "cannot write " + path_ + ": " + std::strerror(errno);
}

OutputFile::~OutputFile() {
  if (descriptor_ < 0) return;
  close(descriptor_);
  if (!temporary_.empty()) unlink(temporary_.c_str());
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
  if (!temporary_.empty() && std::rename(temporary_.c_str(), target_.c_str()) != 0) return fail();
  close(descriptor_);
  descriptor_ = -1;
  return true;
}

}  // namespace rehearse::cli
