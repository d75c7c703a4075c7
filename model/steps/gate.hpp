// A gate that one coroutine waits at until somebody opens it: how a wait inside a port is resumed by an event loop that
// is not Asio's (a simulated world, a transcript). Single-threaded: opened on the thread that runs the coroutine.
#pragma once

#include <memory>

#include "model/steps/awaitable.hpp"

namespace rehearse::steps {

class Gate {
 public:
  Gate();
  ~Gate();
  Gate(Gate&&) noexcept;
  Gate& operator=(Gate&&) noexcept;

  /// Returns once the gate is open, at once when it is already. Throws operation_aborted when the caller is cancelled
  /// first. The gate must outlive the wait.
  Awaitable<void> wait();

  /// The coroutine is resumed by its executor, after this call returned.
  void open();
  bool is_open() const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rehearse::steps
