// A far world in a file, as JSON: for processes that stand in for powershell.exe on its machines one after the other,
// and for tests that look at what they did.
#pragma once

#include <string>

#include "tests/far_side/world.hpp"

namespace far_side {

std::string to_json(const FarWorld& world);
/// Throws std::exception for a text that is no world.
FarWorld world_of_json(const std::string& text);

/// The file while one process has it: others wait until this object is gone.
class WorldFile {
 public:
  /// Waits for the file's lock. Throws std::runtime_error where it cannot be had.
  explicit WorldFile(std::string path);
  ~WorldFile();
  WorldFile(const WorldFile&) = delete;
  WorldFile& operator=(const WorldFile&) = delete;

  FarWorld load() const;
  /// Replaces the content as a whole: whoever reads it without the lock sees the old world or the new one.
  void save(const FarWorld& world) const;

 private:
  const std::string path_;
  int lock_ = -1;
};

}  // namespace far_side
