#include "real_backend/terminal.hpp"

#include <fcntl.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <string_view>
#include <system_error>
#include <utility>

#include "model/steps/failure.hpp"

namespace rehearse::real {
namespace {

namespace asio = boost::asio;
using steps::Failure;
using steps::FailureCode;

constexpr std::size_t longest_line = 4096;  // what a terminal keeps of a line, too

/// Restores the terminal at the end of its life.
class Hidden {
 public:
  explicit Hidden(int descriptor) : descriptor_(descriptor) {
    if (::tcgetattr(descriptor_, &before_) != 0) {
      throw Failure(FailureCode::refused, "the terminal cannot be asked without showing the answer: " +
                                              std::generic_category().message(errno));
    }
    struct termios hidden = before_;
    // ISIG, too: a signal would end this process before anybody restores the terminal.
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO | ECHONL | ICANON | ISIG | IEXTEN);
    hidden.c_cc[VMIN] = 1;
    hidden.c_cc[VTIME] = 0;
    ::tcsetattr(descriptor_, TCSAFLUSH, &hidden);
  }
  ~Hidden() { ::tcsetattr(descriptor_, TCSAFLUSH, &before_); }
  Hidden(const Hidden&) = delete;
  Hidden& operator=(const Hidden&) = delete;

 private:
  int descriptor_;
  struct termios before_ = {};
};

void erase_last_character(std::string& line) {
  while (!line.empty() && (static_cast<unsigned char>(line.back()) & 0xC0) == 0x80) line.pop_back();
  if (!line.empty()) line.pop_back();
}

/// What a key does to a line that nobody sees.
enum class Key { taken, end_of_line, end_of_input, interrupt, quit };

Key press(char c, std::string& line) {
  constexpr char ctrl_c = 3, ctrl_d = 4, backspace = 8, ctrl_u = 21, ctrl_backslash = 28, rubout = 127;
  switch (c) {
    case '\n':
    case '\r': return Key::end_of_line;
    case ctrl_c: return Key::interrupt;
    case ctrl_backslash: return Key::quit;
    case ctrl_d: return Key::end_of_input;
    case ctrl_u: line.clear(); return Key::taken;
    case backspace:
    case rubout: erase_last_character(line); return Key::taken;
    default: break;
  }
  const bool control = c >= 0 && c < ' ';
  if (!control && line.size() < longest_line) line += c;
  return Key::taken;
}

[[noreturn]] void give_up(const char* why) {
  throw Failure(FailureCode::cancelled, why);
}

/// Owns the watching of a descriptor, and never the descriptor.
class Watched {
 public:
  Watched(const asio::any_io_executor& executor, int descriptor) : stream_(executor, descriptor) {}
  ~Watched() { stream_.release(); }
  asio::posix::stream_descriptor& stream() { return stream_; }

 private:
  asio::posix::stream_descriptor stream_;
};

/// Some bytes of input; empty at its end.
steps::Awaitable<std::string> read_some(int descriptor) {
  const auto executor = co_await asio::this_coro::executor;
  Watched watched(executor, descriptor);
  co_await watched.stream().async_wait(asio::posix::descriptor_base::wait_read, asio::use_awaitable);
  char buffer[256];
  ssize_t count = 0;
  do {
    count = ::read(descriptor, buffer, sizeof buffer);
  } while (count < 0 && errno == EINTR);
  co_return std::string(buffer, static_cast<std::size_t>(std::max<ssize_t>(count, 0)));
}

}  // namespace

struct Terminal::State {
  explicit State(int the_descriptor) : descriptor(the_descriptor) {}
  ~State() { ::close(descriptor); }
  State(const State&) = delete;
  State& operator=(const State&) = delete;

  int descriptor;
};

std::optional<Terminal> Terminal::open() {
  const int descriptor = ::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
  if (descriptor < 0) return std::nullopt;
  return Terminal(descriptor);
}

Terminal::Terminal(int descriptor) : state_(std::make_unique<State>(descriptor)) {}
Terminal::Terminal(Terminal&&) noexcept = default;
Terminal& Terminal::operator=(Terminal&&) noexcept = default;
Terminal::~Terminal() = default;

void Terminal::say(const std::string& text) {
  std::string_view rest = text;
  while (!rest.empty()) {
    const ssize_t count = ::write(state_->descriptor, rest.data(), rest.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw Failure(FailureCode::cancelled, "the terminal is gone");
    rest.remove_prefix(static_cast<std::size_t>(count));
  }
}

steps::Awaitable<std::string> Terminal::ask(std::string question) {
  ::tcflush(state_->descriptor, TCIFLUSH);
  say(question);
  std::string line;
  while (line.size() < longest_line) {
    const std::string some = co_await read_some(state_->descriptor);
    if (some.empty()) give_up("the terminal's input ended where an answer was wanted");
    line += some;
    if (const std::size_t end = line.find('\n'); end != line.npos) co_return line.substr(0, end);
  }
  co_return line;
}

steps::Awaitable<std::string> Terminal::ask_hidden(std::string question) {
  std::string line;
  Key key = Key::taken;
  {
    const Hidden hidden(state_->descriptor);
    say(question);
    while (key == Key::taken) {
      const std::string some = co_await read_some(state_->descriptor);
      if (some.empty()) key = Key::end_of_input;
      for (const char c : some) {
        key = press(c, line);
        if (key != Key::taken) break;
      }
    }
    say("\n");
  }
  if (key == Key::interrupt) ::raise(SIGINT);
  if (key == Key::quit) ::raise(SIGQUIT);
  if (key == Key::end_of_input) give_up("the terminal's input ended where a secret was wanted");
  if (key != Key::end_of_line) give_up("given up at the terminal");
  co_return line;
}

}  // namespace rehearse::real
