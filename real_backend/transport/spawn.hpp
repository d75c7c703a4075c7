// Starts a program with pipes on its three standard streams and in a process group of its own. It inherits nothing
// else: no other descriptor of ours, no blocked or ignored signal.
#pragma once

#include <sys/types.h>

#include <string>
#include <utility>
#include <vector>

namespace rehearse::real {

/// Owns a descriptor until release(). It is never one of the three standard ones, which a child's are copied over.
class Descriptor {
 public:
  /// Takes the result of a system call; throws std::system_error where that failed.
  explicit Descriptor(int number);
  Descriptor(Descriptor&& other) noexcept : number_(other.release()) {}
  Descriptor& operator=(Descriptor&&) = delete;
  ~Descriptor();

  int number() const { return number_; }
  int release() { return std::exchange(number_, -1); }

 private:
  int number_;
};

struct Spawned {
  pid_t pid;
  Descriptor input;   // a socket and no pipe: writing to one whose reader has ended gives an error and no SIGPIPE
  Descriptor output;  // its standard output, to be read
  Descriptor errors;  // its standard error, to be read
};

/// Program and arguments, no shell. Throws std::system_error when it cannot be started.
Spawned spawn(const std::vector<std::string>& words);

}  // namespace rehearse::real
