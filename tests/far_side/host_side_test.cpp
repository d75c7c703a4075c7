// The program's bootstrap, interpreted: the conversation that every transport has with a machine.
#include "tests/far_side/host_side.hpp"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <chrono>
#include <future>
#include <string>
#include <thread>

#include "real_backend/base64.hpp"
#include "real_backend/transport/bootstrap.hpp"
#include "tests/far_side/interpreter.hpp"
#include "tests/far_side/small_machine.hpp"

namespace far_side {
namespace {

using rehearse::real::to_base64;

class Pipe {
 public:
  Pipe() {
    if (::pipe2(ends_.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  }
  ~Pipe() {
    close_writing();
    ::close(ends_[0]);
  }
  Pipe(const Pipe&) = delete;
  Pipe& operator=(const Pipe&) = delete;

  int reading() const { return ends_[0]; }
  int writing() const { return ends_[1]; }
  void write(const std::string& text) const {
    ASSERT_EQ(::write(ends_[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
  }
  void close_writing() {
    if (ends_[1] >= 0) ::close(ends_[1]);
    ends_[1] = -1;
  }
  /// All that comes until the other end is closed.
  std::string rest() const {
    std::string all;
    std::array<char, 4096> bytes;
    while (true) {
      const ssize_t count = ::read(ends_[0], bytes.data(), bytes.size());
      if (count <= 0) return all;
      all.append(bytes.data(), static_cast<std::size_t>(count));
    }
  }

 private:
  std::array<int, 2> ends_ = {-1, -1};
};

/// One run of the bootstrap on a thread of its own.
struct Process {
  explicit Process(MachineSide& machine)
      : code(std::async(std::launch::async, [this, &machine]() -> std::int64_t {
          HostSide host(machine, input.reading(), output.writing());
          std::int64_t ended = -1;
          try {
            interpret(std::string(rehearse::real::bootstrap_text()), {}, host);
          } catch (const ProcessEnded& end) {
            ended = end.code;
          }
          output.close_writing();
          return ended;
        })) {}
  ~Process() { input.close_writing(); }

  Pipe input;
  Pipe output;
  std::future<std::int64_t> code;
};

std::string handed_over(const std::string& script, const std::string& secrets) {
  return to_base64(script) + "\n" + secrets + "\nrun\n";
}

TEST(Bootstrap, greets_runs_the_script_and_answers_in_utf8) {
  SmallMachine machine;
  Process process(machine);
  process.input.write(handed_over("param($Secrets)\n'first'\n'é😀 ' + $Secrets['the name']",
                                  to_base64("the name") + " " + to_base64("pä\"ss")));
  EXPECT_EQ(process.code.get(), 0);
  EXPECT_EQ(process.output.rest(), "{\"rehearse\":1}\né😀 pä\"ss\n");
}

TEST(Bootstrap, tells_what_the_script_did_not_catch) {
  SmallMachine machine;
  Process process(machine);
  process.input.write(handed_over("param($Secrets)\nthrow 'it is broken'", ""));
  EXPECT_EQ(process.code.get(), 0);
  const std::string answer = process.output.rest();
  EXPECT_NE(answer.find("it is broken"), answer.npos) << answer;
  EXPECT_NE(answer.find("\"code\":\"indeterminate\""), answer.npos) << answer;
}

TEST(Bootstrap, begins_nothing_when_its_input_was_cut_short) {
  SmallMachine machine;
  machine.cmdlets["Set-It"] = [](const Call&) -> Array { return {}; };
  Process process(machine);
  process.input.write(to_base64("param($Secrets)\nSet-It") + "\n\nru");
  process.input.close_writing();
  EXPECT_EQ(process.code.get(), rehearse::real::stopped_exit_code);
  EXPECT_TRUE(machine.calls.empty());
}

TEST(Bootstrap, stops_the_script_when_its_input_ends_and_finally_blocks_run) {
  SmallMachine machine;
  std::promise<void> begun;
  std::atomic<int> naps = 0;
  std::atomic<bool> cleaned = false;
  machine.cmdlets["Start-Sleep"] = [&](const Call&) -> Array {
    if (naps++ == 0) begun.set_value();
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    return {};
  };
  machine.cmdlets["Remove-It"] = [&](const Call&) -> Array {
    cleaned = true;
    return {};
  };
  Process process(machine);
  process.input.write(
      handed_over("param($Secrets)\ntry { while ($true) { Start-Sleep -Milliseconds 5 } } finally { Remove-It }", ""));
  ASSERT_EQ(begun.get_future().wait_for(std::chrono::seconds(20)), std::future_status::ready);
  process.input.close_writing();
  ASSERT_EQ(process.code.wait_for(std::chrono::seconds(20)), std::future_status::ready);
  EXPECT_EQ(process.code.get(), rehearse::real::stopped_exit_code);
  EXPECT_TRUE(cleaned);
  EXPECT_EQ(process.output.rest(), "{\"rehearse\":1}\n");
}

}  // namespace
}  // namespace far_side
