#include "real_backend/append_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <fstream>
#include <optional>
#include <stdexcept>

#include "model/steps/failure.hpp"
#include "real_backend/redaction.hpp"
#include "tests/real_backend/asking.hpp"
#include "tests/support/files.hpp"

namespace rehearse::real {
namespace {

using steps::Failure;
using steps::FailureCode;
using testing::HasSubstr;
using tests::content_of;

std::size_t everything(std::string_view content) {
  return content.size();
}

template <class Act>
std::optional<Failure> failure_of(Act act) {
  try {
    act();
  } catch (const Failure& failure) {
    return failure;
  }
  return std::nullopt;
}

TEST(AppendFile, grows_by_lines_and_goes_on_where_it_ended) {
  const TestFolder folder;
  const std::string path = folder.path("j");
  {
    AppendFile file = AppendFile::create(path, "journal");
    file.append("one");
    file.append("");
  }
  {
    AppendFile file = AppendFile::resume(path, "journal", &everything);
    file.append("three");
  }
  EXPECT_EQ(content_of(path), "one\n\nthree\n");
  struct stat status = {};
  ASSERT_EQ(::stat(path.c_str(), &status), 0);
  EXPECT_EQ(status.st_mode & 0777U, 0600U) << "nobody else reads it";
}

TEST(AppendFile, cuts_off_what_is_no_whole_line) {
  const TestFolder folder;
  const std::string path = folder.path("j");
  std::ofstream(path) << "one\ntor";
  AppendFile::resume(path, "journal", [](std::string_view content) { return content.rfind('\n') + 1; }).append("two");
  EXPECT_EQ(content_of(path), "one\ntwo\n");
}

TEST(AppendFile, stays_as_it_is_when_its_content_is_refused) {
  const TestFolder folder;
  const std::string path = folder.path("j");
  std::ofstream(path) << "something else";
  const auto refuse = [](std::string_view) -> std::size_t { throw std::runtime_error("no"); };
  EXPECT_THROW(AppendFile::resume(path, "journal", refuse), std::runtime_error);
  EXPECT_EQ(content_of(path), "something else");
  EXPECT_THROW(AppendFile::resume(path, "journal", [](std::string_view) { return std::size_t{99}; }), std::logic_error);
}

TEST(AppendFile, is_not_made_over_something_that_is_there) {
  const TestFolder folder;
  const std::string path = folder.path("j");
  std::ofstream(path) << "x";
  const auto failure = failure_of([&] { AppendFile::create(path, "journal"); });
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->code(), FailureCode::conflict);
  EXPECT_THAT(failure->message(), HasSubstr("there is a journal"));
  EXPECT_EQ(content_of(path), "x");
}

TEST(AppendFile, names_what_is_missing_or_cannot_be_made) {
  const TestFolder folder;
  EXPECT_EQ(failure_of([&] { AppendFile::resume(folder.path("j"), "journal", &everything); })->code(),
            FailureCode::not_found);
  const auto failure = failure_of([&] { AppendFile::create(folder.path("no/j"), "journal"); });
  EXPECT_EQ(failure->code(), FailureCode::refused);
  EXPECT_THAT(failure->message(), HasSubstr("No such file or directory"));
}

TEST(AppendFile, is_open_once_even_in_one_process) {
  const TestFolder folder;
  const std::string path = folder.path("j");
  const AppendFile first = AppendFile::create(path, "journal");
  const auto failure = failure_of([&] { AppendFile::resume(path, "journal", &everything); });
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->code(), FailureCode::conflict);
}

TEST(AppendFile, a_second_process_is_told_who_has_it_and_finds_it_free_afterwards) {
  const TestFolder folder;
  const std::string path = folder.path("j");
  int ready[2], go[2];
  ASSERT_EQ(::pipe(ready), 0);
  ASSERT_EQ(::pipe(go), 0);
  const pid_t child = ::fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    ::close(go[1]);
    std::optional<AppendFile> file(AppendFile::create(path, "journal"));
    char byte = 'r';
    const bool told = ::write(ready[1], &byte, 1) == 1;
    const bool ended = ::read(go[0], &byte, 1) == 0;  // until the parent closes its end, or dies
    ::_exit(told && ended ? 0 : 1);
  }
  ::close(go[0]);
  char byte = 0;
  ASSERT_EQ(::read(ready[0], &byte, 1), 1);
  const auto failure = failure_of([&] { AppendFile::resume(path, "journal", &everything); });
  ::close(go[1]);
  int status = -1;
  ASSERT_EQ(::waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  ::close(ready[0]);
  ::close(ready[1]);
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->code(), FailureCode::conflict);
  EXPECT_THAT(failure->message(), HasSubstr("in use by process " + std::to_string(child)));
  EXPECT_FALSE(failure_of([&] { AppendFile::resume(path, "journal", &everything); }));
}

TEST(AppendFile, a_full_disk_is_a_clear_failure) {
  AppendFile file = AppendFile::create("/dev/full", "journal");
  const auto failure = failure_of([&] { file.append("one"); });
  ASSERT_TRUE(failure);
  EXPECT_EQ(failure->code(), FailureCode::refused);
  EXPECT_THAT(failure->message(), HasSubstr("the journal '/dev/full' cannot be written: No space left on device"));
}

/// Lets files grow to `bytes` only; what goes beyond fails in the middle of a write, as a disk that fills up does.
class SizeLimit {
 public:
  explicit SizeLimit(rlim_t bytes) {
    ::getrlimit(RLIMIT_FSIZE, &before_);
    handler_ = ::signal(SIGXFSZ, SIG_IGN);
    const struct rlimit limit = {bytes, before_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &limit);
  }
  ~SizeLimit() {
    ::setrlimit(RLIMIT_FSIZE, &before_);
    ::signal(SIGXFSZ, handler_);
  }

 private:
  struct rlimit before_ = {};
  void (*handler_)(int) = nullptr;
};

TEST(AppendFile, half_a_line_that_found_room_is_cut_off_again) {
  const TestFolder folder;
  const std::string path = folder.path("j");
  AppendFile file = AppendFile::create(path, "journal");
  file.append("one");
  {
    const SizeLimit limit(8);
    const auto failure = failure_of([&] { file.append("a line that finds half its room"); });
    ASSERT_TRUE(failure);
    EXPECT_EQ(failure->code(), FailureCode::refused);
  }
  EXPECT_EQ(content_of(path), "one\n");
  file.append("two");
  EXPECT_EQ(content_of(path), "one\ntwo\n");
}

TEST(AppendFile, keeps_secrets_out_and_lines_whole) {
  const TestFolder folder;
  const std::string path = folder.path("j");
  Redaction secrets;
  secrets.add(steps::Secret("p", "planted-password"));
  AppendFile file = AppendFile::create(path, "journal");
  file.keep_out(secrets);
  file.append("with planted-password");
  EXPECT_THROW(file.append("two\nlines"), std::logic_error);
  EXPECT_EQ(content_of(path), "with <secret 'p'>\n");
}

}  // namespace
}  // namespace rehearse::real
