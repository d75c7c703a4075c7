// Files and folders of tests.
#pragma once

#include <filesystem>
#include <set>
#include <string>

namespace rehearse::tests {

/// Its bytes. Throws std::runtime_error where there is no such file.
std::string content_of(const std::filesystem::path& file);

/// The names of the folder's entries that end so, without that end.
std::set<std::string> files_ending_in(const std::filesystem::path& folder, const std::string& ending);

/// A folder of its own for one test, which goes with everything in it: tests run beside each other.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }
  std::string path(const std::string& name) const { return (path_ / name).string(); }

 private:
  std::filesystem::path path_;
};

}  // namespace rehearse::tests
