// A file that grows by whole lines and survives whatever ends its writer: a line is on the disk when append() returns,
// and half a line is never taken for a whole one. One process at a time has it open. Journals and transcripts are such
// files.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

namespace rehearse::real {

class Redaction;

class AppendFile {
 public:
  /// Makes the file, readable for its owner alone, or takes one that is there and empty. `what` it is, in messages:
  /// "journal". Throws Failure: `conflict` when another process has it open (with that process's number) or something
  /// is in it already; `refused`, with the system's words, when it cannot be made.
  static AppendFile create(std::string path, std::string what);

  /// Opens a file that is there. `whole_size` is given its content and says how many bytes of it are whole lines; the
  /// rest is cut off. When `whole_size` throws, the file stays as it is. Throws Failure: `not_found` without the file,
  /// `conflict` and `refused` as create() does.
  static AppendFile resume(std::string path, std::string what,
                           const std::function<std::size_t(std::string_view content)>& whole_size);

  AppendFile(AppendFile&& other) noexcept;
  AppendFile& operator=(AppendFile&&) = delete;
  ~AppendFile();  // other processes may open it then

  /// Takes these secrets out of every line from now on (Redaction::clean_json); must outlive the file.
  void keep_out(const Redaction& secrets) { secrets_ = &secrets; }

  /// Writes the line (without its end) and waits until the disk has it. Throws Failure(refused) when that fails; the
  /// file then ends where it ended before. std::logic_error for a line that holds a line end.
  void append(std::string_view line);

  const std::string& path() const { return path_; }

 private:
  AppendFile(std::string path, std::string what, int flags);

  void lock() const;
  std::string content() const;
  void cut_to(std::size_t size);
  [[noreturn]] void fail(std::string_view doing, int error) const;

  std::string path_, what_;
  int descriptor_ = -1;
  std::size_t size_ = 0;  // of its whole lines
  bool broken_ = false;   // nobody knows what the disk has
  const Redaction* secrets_ = nullptr;
};

}  // namespace rehearse::real
