#include "tests/far_side/host_side.hpp"

#include <poll.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <exception>
#include <functional>
#include <list>
#include <mutex>
#include <optional>
#include <system_error>
#include <thread>

#include "tests/far_side/conversions.hpp"
#include "tests/far_side/dotnet.hpp"
#include "tests/far_side/interpreter.hpp"
#include "tests/far_side/text_units.hpp"

namespace far_side {
namespace {

[[noreturn]] void not_here(const std::string& type, const std::string& name) {
  throw std::logic_error(type + "." + name + " is not known here");
}

/// Something that another thread does.
class Work {
 public:
  explicit Work(std::function<void(const std::atomic<bool>& stop)> work)
      : thread_([this, work = std::move(work)] {
          try {
            work(stop_);
          } catch (...) {
            problem_ = std::current_exception();
          }
          const std::lock_guard<std::mutex> lock(mutex_);
          done_ = true;
          changed_.notify_all();
        }) {}
  ~Work() {
    stop();
    thread_.join();
  }
  Work(const Work&) = delete;
  Work& operator=(const Work&) = delete;

  void stop() { stop_ = true; }
  bool done() const {
    const std::lock_guard<std::mutex> lock(mutex_);
    return done_;
  }
  bool wait(std::chrono::milliseconds limit) const {
    std::unique_lock<std::mutex> lock(mutex_);
    return changed_.wait_for(lock, limit, [this] { return done_; });
  }
  /// Only after it is done.
  std::exception_ptr problem() const { return problem_; }

 private:
  std::atomic<bool> stop_ = false;
  mutable std::mutex mutex_;
  mutable std::condition_variable changed_;
  bool done_ = false;
  std::exception_ptr problem_;
  std::thread thread_;
};

void write_all(int descriptor, const std::string& bytes) {
  std::size_t written = 0;
  while (written < bytes.size()) {
    const ssize_t count = ::write(descriptor, bytes.data() + written, bytes.size() - written);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) throw dotnet_error("System.IO.IOException", "The pipe is being closed.");
    written += static_cast<std::size_t>(count);
  }
}

/// A wait handle of .NET over some work.
Value wait_handle(const std::shared_ptr<Work>& work) {
  auto handle = make_object("System.Threading.WaitHandle", {});
  handle->call = [work](const std::string& method, const Array& arguments) -> Value {
    if (!same_text(method, "WaitOne")) not_here("WaitHandle", method);
    const std::int64_t limit = arguments.empty() ? 3'600'000 : arguments[0].whole();
    return work->wait(std::chrono::milliseconds(limit));
  };
  return handle;
}

Value async_result(const std::shared_ptr<Work>& work) {
  auto result = make_object("System.Management.Automation.PowerShellAsyncResult",
                            {{"AsyncWaitHandle", wait_handle(work)}, {"IsCompleted", false}});
  result->live = [work](const std::string& member) -> std::optional<Value> {
    if (same_text(member, "IsCompleted")) return Value(work->done());
    return std::nullopt;
  };
  return result;
}

}  // namespace

/// Standard input and output as streams of bytes.
struct HostSide::Console {
  Console(int the_input, int the_output) : input(the_input), output(the_output) {}

  /// A line without its end; nullopt: the input has ended. A last line needs no end.
  std::optional<std::string> read_line(const std::atomic<bool>& stop) {
    while (true) {
      const std::size_t end = buffer.find('\n');
      if (end != buffer.npos || ended) {
        if (end == buffer.npos && buffer.empty()) return std::nullopt;
        std::string line = buffer.substr(0, end);
        buffer.erase(0, end == buffer.npos ? end : end + 1);
        if (line.ends_with('\r')) line.pop_back();
        return line;
      }
      pollfd wait{input, POLLIN, 0};
      const int ready = ::poll(&wait, 1, 50);
      if (stop) return std::nullopt;
      if (ready <= 0) continue;
      char bytes[65536];
      const ssize_t count = ::read(input, bytes, sizeof bytes);
      if (count < 0 && errno != EINTR) throw std::system_error(errno, std::generic_category(), "standard input");
      if (count == 0) ended = true;
      if (count > 0) buffer.append(bytes, static_cast<std::size_t>(count));
    }
  }

  Value output_stream() const {
    auto stream = make_object("System.IO.Stream", {});
    stream->call = [descriptor = output](const std::string& method, const Array& arguments) -> Value {
      if (same_text(method, "Write") && arguments.size() == 3) {
        const std::string bytes = raw_bytes(arguments[0]);
        write_all(descriptor, bytes.substr(static_cast<std::size_t>(arguments[1].whole()),
                                           static_cast<std::size_t>(arguments[2].whole())));
      } else if (!same_text(method, "Flush")) {
        not_here("Stream", method);
      }
      return Value::nothing();
    };
    return stream;
  }

  Value reader() {
    auto object = make_object("System.IO.StreamReader", {});
    object->call = [this](const std::string& method, const Array& arguments) -> Value {
      if (!arguments.empty()) not_here("StreamReader", method);
      if (same_text(method, "ReadLine")) {
        const std::optional<std::string> line = read_line(never);
        return line ? Value(valid_utf8(*line)) : Value();
      }
      if (!same_text(method, "ReadLineAsync")) not_here("StreamReader", method);
      auto work = std::make_shared<Work>([this](const std::atomic<bool>& stop) { read_line(stop); });
      reads.push_back(work);
      return async_result(work);
    };
    return object;
  }

  const int input;
  const int output;
  const std::atomic<bool> never = false;
  std::string buffer;
  bool ended = false;
  std::list<std::shared_ptr<Work>> reads;
};

/// Scripts that run beside the first one, each on a thread of its own.
struct HostSide::Runspaces {
  struct Shell {
    std::string script;
    Variables parameters;
    Array output;
    std::shared_ptr<Work> work;
  };

  explicit Runspaces(MachineSide& the_machine) : machine(the_machine) {}

  Value create() {
    auto shell = std::make_shared<Shell>();
    shells.push_back(shell);
    auto object = make_object("System.Management.Automation.PowerShell", {});
    const std::weak_ptr<Object> self = object;
    object->call = [this, shell, self](const std::string& method, const Array& arguments) -> Value {
      if (same_text(method, "AddScript") && arguments.size() == 1) {
        shell->script = arguments[0].text();
        return self.lock();
      }
      if (same_text(method, "AddParameter") && arguments.size() == 2) {
        shell->parameters[arguments[0].text()] = arguments[1];
        return self.lock();
      }
      if (same_text(method, "BeginInvoke") && arguments.empty()) return begin(shell);
      if (same_text(method, "EndInvoke") && arguments.size() == 1) return end(*shell);
      if (same_text(method, "BeginStop") && arguments.size() == 2) {
        if (shell->work) shell->work->stop();
        return async_result(shell->work);
      }
      if (same_text(method, "Dispose")) return Value::nothing();
      not_here("PowerShell", method);
    };
    return object;
  }

  Value begin(const std::shared_ptr<Shell>& shell) {
    shell->work = std::make_shared<Work>([this, shell = shell.get()](const std::atomic<bool>& stop) {
      Interpreter interpreter(machine, &stop);
      try {
        shell->output = interpreter.run(shell->script, shell->parameters);
      } catch (const Exited&) {
      }
    });
    return async_result(shell->work);
  }

  static Value end(Shell& shell) {
    if (!shell.work) throw dotnet_error("System.ArgumentException", "The async result is none of this shell.");
    while (!shell.work->wait(std::chrono::seconds(1))) {
    }
    if (shell.work->problem()) {
      try {
        std::rethrow_exception(shell.work->problem());
      } catch (const Stopped&) {
        throw dotnet_error("System.Management.Automation.PipelineStoppedException", "The pipeline has been stopped.");
      }
    }
    return new_list("System.Collections.Generic.List", shell.output);
  }

  MachineSide& machine;
  std::list<std::shared_ptr<Shell>> shells;
};

HostSide::HostSide(MachineSide& machine, int input, int output)
    : machine_(machine),
      console_(std::make_unique<Console>(input, output)),
      runspaces_(std::make_unique<Runspaces>(machine)) {}

HostSide::~HostSide() {
  for (const auto& shell : runspaces_->shells) shell->work.reset();
}

Array HostSide::run(const Call& call) {
  return machine_.run(call);
}

Array HostSide::run_program(const std::string& program, const Array& arguments, std::int64_t& exit_code) {
  return machine_.run_program(program, arguments, exit_code);
}

Value HostSide::type_member(const std::string& type, const std::string& name) {
  return machine_.type_member(type, name);
}

Value HostSide::type_method(const std::string& type, const std::string& name, const Array& arguments) {
  if (type == "System.Console" && arguments.empty()) {
    if (same_text(name, "OpenStandardInput")) return make_object("System.IO.Stream", {{"Input", true}});
    if (same_text(name, "OpenStandardOutput")) return console_->output_stream();
  }
  if (type == "System.Management.Automation.PowerShell" && same_text(name, "Create") && arguments.empty()) {
    return runspaces_->create();
  }
  if (type == "System.Environment" && same_text(name, "Exit") && arguments.size() == 1) {
    throw ProcessEnded{arguments[0].whole()};
  }
  return machine_.type_method(type, name, arguments);
}

Value HostSide::new_object(const std::string& type, const Array& arguments) {
  const bool of_input = type == "System.IO.StreamReader" && !arguments.empty() && arguments[0].member("Input").truth();
  return of_input ? console_->reader() : machine_.new_object(type, arguments);
}

}  // namespace far_side
