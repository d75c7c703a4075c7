#include "real_backend/transport/process.hpp"

#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <functional>
#include <memory>
#include <system_error>

#include "tests/real_backend/asking.hpp"

namespace rehearse::real {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

steps::Awaitable<void> wait_for(Process& process, std::function<bool()> condition) {
  const auto limit = std::chrono::steady_clock::now() + 20s;
  auto change = Process::Change::something;
  while (!condition() && change == Process::Change::something) change = co_await process.changed(limit);
}

class ProcessTest : public testing::Test {
 protected:
  std::unique_ptr<Process> shell(const std::string& script, std::size_t output_limit = 1 << 20) {
    return std::make_unique<Process>(context_.get_executor(),
                                     ProcessCommand({"sh", "-c", script}, Reach::process_group), output_limit);
  }
  void perform(steps::Awaitable<void> work) {
    bool done = false;
    asio::co_spawn(context_, std::move(work), [&](std::exception_ptr) {
      done = true;
      context_.stop();
    });
    context_.run_for(30s);
    context_.restart();
    ASSERT_TRUE(done);
  }
  void until_end(Process& process) {
    perform(wait_for(process, [&] { return process.ended(); }));
    ASSERT_TRUE(process.ended());
  }

  asio::io_context context_;
};

TEST_F(ProcessTest, tells_what_a_program_wrote_and_how_it_ended) {
  const auto process = shell("read line; echo \"got $line\"; echo bad >&2; exit 3");
  process->send("this\n");
  until_end(*process);
  EXPECT_EQ(process->output(), "got this\n");
  EXPECT_EQ(process->errors(), "bad\n");
  EXPECT_EQ(process->exit_code(), 3);
}

TEST_F(ProcessTest, has_no_exit_code_of_a_program_that_a_signal_ended) {
  const auto process = shell("kill -9 $$");
  until_end(*process);
  EXPECT_EQ(process->exit_code(), std::nullopt);
}

TEST_F(ProcessTest, does_not_read_more_than_is_wanted) {
  const auto process = shell("head -c 300000 /dev/zero; read line", 1000);
  perform(wait_for(*process, [&] { return process->output().size() >= 1000; }));
  EXPECT_EQ(process->output().size(), 1000u);
  process->take_output(1000);
  perform(wait_for(*process, [&] { return process->output().size() >= 1000; }));
  EXPECT_EQ(process->output().size(), 1000u) << "what was taken makes room";
  perform(process->end(10s));
  EXPECT_EQ(process->exit_code(), 1) << "at the end it can write all that it has, and sees the end of its input";
}

TEST_F(ProcessTest, keeps_the_last_whole_lines_of_long_complaints) {
  const auto process = shell("i=0; while [ $i -lt 2000 ]; do echo \"complaint $i\"; i=$((i + 1)); done >&2");
  until_end(*process);
  EXPECT_LE(process->errors().size(), 8192u);
  EXPECT_TRUE(process->errors().starts_with("complaint ")) << process->errors().substr(0, 20);
  EXPECT_TRUE(process->errors().ends_with("complaint 1999\n"));
}

TEST_F(ProcessTest, inherits_no_descriptor_and_no_ignored_signal) {
  int ends[2];
  ASSERT_EQ(::pipe(ends), 0);  // inheritable
  const auto before = ::signal(SIGTERM, SIG_IGN);
  const auto process = shell("ls -l /proc/self/fd | wc -l; kill -TERM $$; echo survived");
  until_end(*process);
  ::signal(SIGTERM, before);
  for (const int end : ends) ::close(end);
  // "total", the three standard ones and the folder that ls reads.
  EXPECT_EQ(process->output(), "5\n");
}

TEST_F(ProcessTest, survives_a_program_that_does_not_read) {
  const auto process = shell("exit 0");
  process->send(std::string(std::size_t{8} << 20, 'x'));
  until_end(*process);
  EXPECT_EQ(process->exit_code(), 0);
  process->send("more");
  perform(process->end(1s));
}

TEST_F(ProcessTest, asks_before_it_kills) {
  const auto process = shell("trap 'exit 7' TERM; while true; do sleep 0.01; done");
  perform(process->end(100ms));
  EXPECT_EQ(process->exit_code(), 7);
}

TEST_F(ProcessTest, kills_and_reaps_when_it_is_destroyed) {
  const std::vector<int> before = children_of_this_process();
  auto process = shell("trap '' TERM; echo ready; sleep 10 & wait");
  perform(wait_for(*process, [&] { return !process->output().empty(); }));
  EXPECT_EQ(children_of_this_process().size(), before.size() + 1);
  const auto began = std::chrono::steady_clock::now();
  process.reset();
  EXPECT_EQ(children_of_this_process(), before);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 5s) << "it ended by itself";
}

TEST_F(ProcessTest, leaves_nothing_open_when_it_cannot_start) {
  shell("true").reset();  // Asio opens what it keeps
  const std::size_t before = open_descriptors();
  const std::vector<int> children = children_of_this_process();
  EXPECT_THROW(Process(context_.get_executor(), ProcessCommand({"no-such-program"}, Reach::process), 10),
               std::system_error);
  EXPECT_EQ(open_descriptors(), before);
  EXPECT_EQ(children_of_this_process(), children);
}

}  // namespace
}  // namespace rehearse::real
