// The terminal of the person in front of it: a question and one line of answer, visible or not. Reading does not block
// the event loop, and the terminal is as it was before after an answer, a failure, a cancelled caller and Ctrl-C. Only
// a signal that ends this process without anybody handling it leaves it hidden.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "model/steps/awaitable.hpp"

namespace rehearse::real {

class Terminal {
 public:
  /// The controlling terminal of this process, whatever its standard streams are; nullopt: it has none.
  static std::optional<Terminal> open();
  /// Takes an open descriptor of a terminal over.
  explicit Terminal(int descriptor);
  Terminal(Terminal&&) noexcept;
  Terminal& operator=(Terminal&&) noexcept;
  ~Terminal();

  /// Writes the question and reads a line, which the terminal shows and edits as usual. What was typed before the
  /// question is thrown away: it was no answer to it. Throws Failure(cancelled) when the input ends.
  steps::Awaitable<std::string> ask(std::string question);

  /// The same without showing what is typed; backspace and Ctrl-U erase. Ctrl-C and Ctrl-\ are delivered to this
  /// process as the signals that they stand for, after the terminal was restored, and throw Failure(cancelled).
  steps::Awaitable<std::string> ask_hidden(std::string question);

  /// For people, without waiting.
  void say(const std::string& text);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace rehearse::real
