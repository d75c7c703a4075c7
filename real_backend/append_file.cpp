#include "real_backend/append_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "model/steps/failure.hpp"
#include "real_backend/redaction.hpp"

namespace rehearse::real {
namespace {

using steps::Failure;
using steps::FailureCode;

/// A file that was made is found after a power failure only when its folder is on the disk, too. 0, or the error.
int sync_folder_of(const std::string& path) {
  const std::filesystem::path folder = std::filesystem::path(path).parent_path();
  const int descriptor = ::open(folder.empty() ? "." : folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (descriptor < 0) return errno;
  const int error = ::fsync(descriptor) == 0 || errno == EINVAL ? 0 : errno;  // EINVAL: it is on no disk
  ::close(descriptor);
  return error;
}

struct flock whole_file() {
  struct flock range = {};
  range.l_type = F_WRLCK;
  range.l_whence = SEEK_SET;
  return range;
}

}  // namespace

AppendFile::AppendFile(std::string path, std::string what, int flags) : path_(std::move(path)), what_(std::move(what)) {
  descriptor_ = ::open(path_.c_str(), O_RDWR | O_APPEND | O_CLOEXEC | flags, S_IRUSR | S_IWUSR);
  if (descriptor_ >= 0) return;
  if (errno == ENOENT && flags == 0) {
    throw Failure(FailureCode::not_found, fmt::format("there is no {} '{}'", what_, path_));
  }
  fail("opened", errno);
}

AppendFile::AppendFile(AppendFile&& other) noexcept
    : path_(std::move(other.path_)),
      what_(std::move(other.what_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      size_(other.size_),
      broken_(other.broken_),
      secrets_(other.secrets_) {}

AppendFile::~AppendFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

AppendFile AppendFile::create(std::string path, std::string what) {
  AppendFile file(std::move(path), std::move(what), O_CREAT);
  file.lock();
  struct stat status = {};
  if (::fstat(file.descriptor_, &status) != 0) file.fail("examined", errno);
  if (status.st_size != 0) {
    throw Failure(FailureCode::conflict,
                  fmt::format("there is a {} '{}' already: name another file", file.what_, file.path_));
  }
  if (const int error = sync_folder_of(file.path_)) file.fail("put on the disk", error);
  return file;
}

AppendFile AppendFile::resume(std::string path, std::string what,
                              const std::function<std::size_t(std::string_view content)>& whole_size) {
  AppendFile file(std::move(path), std::move(what), 0);
  file.lock();
  const std::string content = file.content();
  const std::size_t size = whole_size(content);
  if (size > content.size()) throw std::logic_error("a file has more whole lines than bytes");
  if (size < content.size()) file.cut_to(size);
  file.size_ = size;
  return file;
}

// flock keeps others out, this process's own further descriptors too, but does not tell who holds it; the record lock
// tells. It alone would not do: closing any descriptor of the file gives it up.
void AppendFile::lock() const {
  int result = 0;
  do {
    result = ::flock(descriptor_, LOCK_EX | LOCK_NB);
  } while (result != 0 && errno == EINTR);
  struct flock holder = whole_file();
  if (result == 0) {
    ::fcntl(descriptor_, F_SETLK, &holder);  // only for the message below
    return;
  }
  if (errno != EWOULDBLOCK) fail("locked", errno);
  const bool known = ::fcntl(descriptor_, F_GETLK, &holder) == 0 && holder.l_type != F_UNLCK && holder.l_pid > 0;
  throw Failure(FailureCode::conflict,
                fmt::format("the {} '{}' is in use by {}: wait for its end", what_, path_,
                            known ? fmt::format("process {}", holder.l_pid) : "another run of this program"));
}

std::string AppendFile::content() const {
  std::string content;
  char buffer[65536];
  while (true) {
    const ssize_t count = ::pread(descriptor_, buffer, sizeof buffer, static_cast<off_t>(content.size()));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail("read", errno);
    if (count == 0) return content;
    content.append(buffer, static_cast<std::size_t>(count));
  }
}

void AppendFile::cut_to(std::size_t size) {
  if (::ftruncate(descriptor_, static_cast<off_t>(size)) != 0 || ::fsync(descriptor_) != 0) {
    broken_ = true;
    fail("cut back to its last whole line", errno);
  }
}

void AppendFile::append(std::string_view line) {
  std::string written = secrets_ != nullptr ? secrets_->clean_json(line) : std::string(line);
  if (written.find('\n') != written.npos) throw std::logic_error("a line of a file holds a line end");
  if (broken_) fail("written", EIO);
  written += '\n';

  std::string_view rest = written;
  while (!rest.empty()) {
    const ssize_t count = ::write(descriptor_, rest.data(), rest.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      const int error = errno;
      if (rest.size() < written.size()) cut_to(size_);
      fail("written", error);
    }
    rest.remove_prefix(static_cast<std::size_t>(count));
  }
  if (::fsync(descriptor_) != 0 && errno != EINVAL) {
    // What a failed fsync leaves on the disk is anybody's guess, and a second one would not tell.
    const int error = errno;
    broken_ = true;
    fail("put on the disk", error);
  }
  size_ += written.size();
}

void AppendFile::fail(std::string_view doing, int error) const {
  throw Failure(FailureCode::refused, fmt::format("the {} '{}' cannot be {}: {}", what_, path_, doing,
                                                  std::generic_category().message(error)));
}

}  // namespace rehearse::real
