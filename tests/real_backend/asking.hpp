// Asks a transport something on an io_context of its own, with a limit, and looks at what is left of it on this
// machine: processes, descriptors, command lines.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "model/steps/failure.hpp"
#include "real_backend/transport/transport.hpp"
#include "tests/support/files.hpp"

namespace rehearse::real {

struct Outcome {
  std::string answer;
  std::optional<steps::Failure> failure;
  bool aborted = false;  // ended with operation_aborted

  /// "unreachable: why", "aborted", "answer: text".
  std::string text() const;
};

/// Fails the test when there is no outcome within a minute.
Outcome ask(Transport& transport, RemoteScript script);

/// Cancels the call when `when` is true.
Outcome ask_and_cancel(Transport& transport, RemoteScript script, std::function<bool()> when);

/// All at the same time.
std::vector<Outcome> ask_together(Transport& transport, const std::vector<RemoteScript>& scripts);

/// Cancels the first call when `when` is true; then the same coroutine, cancelled as it stays, makes the second one, as
/// perform() does to learn whether a step took effect. The outcome of the second.
Outcome ask_and_cancel_and_ask(Transport& transport, RemoteScript first, RemoteScript second,
                               std::function<bool()> when);

/// Destroys the io_context with the call in it when `when` is true, as a program does that ends in a hurry.
void ask_and_leave(Transport& transport, RemoteScript script, const std::function<bool()>& when);

/// Whether it becomes true within a minute.
bool eventually(const std::function<bool()>& condition);

bool is_running(int pid);

struct Signature {
  int pid = 0, parent = 0;
};
/// What the peer wrote about itself (peer.cpp: sign).
Signature signature_in(const std::string& file);

/// Of any process of this machine.
bool stands_in_a_command_line(const std::string& text);
std::vector<int> children_of_this_process();
std::size_t open_descriptors();

std::string text_of_file(const std::string& path);

/// A folder for one test; it goes with the test, and so does every process that was started from it.
class TestFolder {
 public:
  TestFolder() = default;
  ~TestFolder();
  TestFolder(const TestFolder&) = delete;
  TestFolder& operator=(const TestFolder&) = delete;
  std::string path(const std::string& name) const { return folder_.path(name); }
  /// A link to the peer under this name, which tells it what to do.
  std::string peer(const std::string& name) const;

 private:
  tests::TemporaryFolder folder_;
};

}  // namespace rehearse::real
