#include "real_backend/transport/process.hpp"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>
extern "C" {  // glibc 2.36 does not say so itself
#include <sys/pidfd.h>
}

#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <cerrno>
#include <system_error>

#include "real_backend/transport/spawn.hpp"

namespace rehearse::real {
namespace {

namespace asio = boost::asio;
using boost::system::error_code;
using std::chrono::steady_clock;

constexpr std::size_t kept_errors = 8192;
constexpr auto time_between_asking_and_killing = std::chrono::seconds(2);

}  // namespace

struct Process::State : std::enable_shared_from_this<Process::State> {
  State(const asio::any_io_executor& executor, Reach the_reach, std::size_t the_limit)
      : reach(the_reach),
        output_limit(the_limit),
        in(executor),
        out(executor),
        err(executor),
        life(executor),
        bell(executor) {}

  void start(const ProcessCommand& command);
  void write();
  void listen_to_output();
  void listen_to_errors();
  void wait_for_end();
  void read_output();
  void read_errors();
  bool has_ended() const;
  void reap();
  void signal(int number) const;
  void stop();
  void ring() {
    rung = true;
    bell.cancel();
  }

  const Reach reach;
  const std::size_t output_limit;
  asio::local::stream_protocol::socket in;
  asio::posix::stream_descriptor out, err;
  asio::posix::stream_descriptor life;  // the pidfd: readable when the process has ended
  asio::steady_timer bell;
  bool rung = false;
  pid_t pid = -1;  // -1: reaped, or never started

  std::string to_send, being_sent;
  std::string output, errors;
  bool output_ended = false, errors_ended = false;
  bool listening_to_output = false;
  bool output_is_unwanted = false;
  bool ended = false;
  std::optional<int> exit_code;
};

void Process::State::start(const ProcessCommand& command) {
  Spawned child = spawn(command.words);
  pid = child.pid;
  life.assign(Descriptor(::pidfd_open(pid, 0)).release());
  in.assign(asio::local::stream_protocol(), child.input.release());
  out.assign(child.output.release());
  err.assign(child.errors.release());
  out.native_non_blocking(true);
  err.native_non_blocking(true);
  listen_to_output();
  listen_to_errors();
  wait_for_end();
}

void Process::State::write() {
  if (!being_sent.empty() || to_send.empty() || !in.is_open()) return;
  being_sent.swap(to_send);
  asio::async_write(in, asio::buffer(being_sent), [self = shared_from_this()](error_code error, std::size_t) {
    self->being_sent.clear();
    if (error) self->to_send.clear();
    self->write();
  });
}

void Process::State::listen_to_output() {
  if (listening_to_output || output_ended || output.size() >= output_limit || !out.is_open()) return;
  listening_to_output = true;
  out.async_wait(asio::posix::descriptor_base::wait_read, [self = shared_from_this()](error_code error) {
    self->listening_to_output = false;
    if (error) return;
    self->read_output();
    self->ring();
    self->listen_to_output();
  });
}

void Process::State::listen_to_errors() {
  if (errors_ended || !err.is_open()) return;
  err.async_wait(asio::posix::descriptor_base::wait_read, [self = shared_from_this()](error_code error) {
    if (error) return;
    self->read_errors();
    self->listen_to_errors();
  });
}

void Process::State::wait_for_end() {
  life.async_wait(asio::posix::descriptor_base::wait_read, [self = shared_from_this()](error_code error) {
    if (error) return;
    if (!self->has_ended()) return self->wait_for_end();
    // All that it wrote is in the pipes now; what else it started may go on writing, and is not waited for.
    self->read_output();
    self->read_errors();
    self->reap();
    self->ring();
  });
}

namespace {

/// Reads what is there, up to `most` bytes. False at the end of the stream.
bool read_available(asio::posix::stream_descriptor& from, std::string& into, std::size_t most) {
  char buffer[65536];
  while (most > 0) {
    const ssize_t count = ::read(from.native_handle(), buffer, std::min(most, sizeof buffer));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return errno == EAGAIN;
    if (count == 0) return false;
    into.append(buffer, static_cast<std::size_t>(count));
    most -= static_cast<std::size_t>(count);
  }
  return true;
}

}  // namespace

void Process::State::read_output() {
  if (output_ended || !out.is_open()) return;
  output_ended = !read_available(out, output, output_limit - std::min(output_limit, output.size()));
  if (output_is_unwanted) output.clear();
}

void Process::State::read_errors() {
  if (errors_ended || !err.is_open()) return;
  errors_ended = !read_available(err, errors, std::size_t{1} << 20);
  if (errors.size() <= kept_errors) return;
  errors.erase(0, errors.size() - kept_errors);
  errors.erase(0, errors.find('\n') + 1);  // a line is kept whole or not at all
}

// Asio may call a wait's handler with nothing to be had: an event of a closed descriptor whose place a later one took.
bool Process::State::has_ended() const {
  siginfo_t how = {};
  return ::waitid(P_PID, static_cast<id_t>(pid), &how, WEXITED | WNOHANG | WNOWAIT) != 0 || how.si_pid == pid;
}

void Process::State::reap() {
  if (pid < 0) return;
  // Until it is reaped its number, which is also its group's, belongs to nobody else.
  if (reach == Reach::process_group) ::kill(-pid, SIGKILL);
  siginfo_t how = {};
  int result = 0;
  do {
    result = ::waitid(P_PID, static_cast<id_t>(pid), &how, WEXITED);
  } while (result != 0 && errno == EINTR);
  if (result == 0 && how.si_code == CLD_EXITED) exit_code = how.si_status;
  ended = true;
  pid = -1;
}

void Process::State::signal(int number) const {
  if (pid >= 0) ::kill(reach == Reach::process_group ? -pid : pid, number);
}

void Process::State::stop() {
  signal(SIGKILL);
  reap();
  error_code ignored;
  in.close(ignored);
  out.close(ignored);
  err.close(ignored);
  life.close(ignored);
}

Process::Process(const asio::any_io_executor& executor, const ProcessCommand& command, std::size_t output_limit)
    : state_(std::make_shared<State>(executor, command.reach, output_limit)) {
  try {
    state_->start(command);
  } catch (...) {
    state_->stop();
    throw;
  }
}

Process::~Process() {
  state_->stop();
}

void Process::send(std::string bytes) {
  state_->to_send += bytes;
  state_->write();
}

void Process::close_input() {
  error_code ignored;
  state_->in.close(ignored);
}

const std::string& Process::output() const {
  return state_->output;
}

void Process::take_output(std::size_t bytes) {
  state_->output.erase(0, bytes);
  state_->listen_to_output();
}

bool Process::output_ended() const {
  return state_->output_ended;
}

const std::string& Process::errors() const {
  return state_->errors;
}

bool Process::ended() const {
  return state_->ended;
}

std::optional<int> Process::exit_code() const {
  return state_->exit_code;
}

steps::Awaitable<Process::Change> Process::changed(steady_clock::time_point deadline) {
  const std::shared_ptr<State> state = state_;
  const auto before = co_await asio::this_coro::cancellation_state;
  const bool was_cancelled = before.cancelled() != asio::cancellation_type::none;
  state->rung = false;
  state->bell.expires_at(deadline);
  error_code error;
  co_await state->bell.async_wait(asio::redirect_error(asio::use_awaitable, error));
  const auto after = co_await asio::this_coro::cancellation_state;
  const bool is_cancelled = after.cancelled() != asio::cancellation_type::none;
  if (is_cancelled && !was_cancelled) co_return Change::cancelled;
  if (state->rung) co_return Change::something;
  co_return error ? Change::cancelled : Change::deadline;
}

steps::Awaitable<void> Process::end(Duration grace) {
  close_input();
  state_->output_is_unwanted = true;
  take_output(state_->output.size());
  constexpr int no_signal = 0;
  auto deadline = steady_clock::now() + grace;
  for (const int signal : {SIGTERM, SIGKILL, no_signal}) {
    Change change = Change::something;
    while (!ended() && change != Change::deadline) change = co_await changed(deadline);
    if (ended()) co_return;
    state_->signal(signal);
    deadline = steady_clock::now() + time_between_asking_and_killing;
  }
}

}  // namespace rehearse::real
