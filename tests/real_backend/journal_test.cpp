#include "real_backend/journal.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>
#include <string>
#include <vector>

#include "real_backend/redaction.hpp"
#include "tests/real_backend/asking.hpp"
#include "tests/support/files.hpp"

namespace rehearse::real {
namespace {

using steps::Failure;
using steps::FailureCode;
using steps::StepOutcome;
using testing::HasSubstr;
using tests::content_of;
using Kind = StepOutcome::Kind;

const JournalHeader header = {"abc123", "joint", "0.1.0", Date(std::chrono::nanoseconds(1))};

/// A second later at every call.
Journal::Now clock_from_zero() {
  return [seconds = 0]() mutable { return Date(std::chrono::seconds(seconds++)); };
}

std::string told_by(const JournalResult& result) {
  std::string told;
  for (const model::Diagnostic& diagnostic : result.diagnostics) told += model::to_text(diagnostic) + "\n";
  return told;
}

/// A run that was killed while its third step was under way.
std::string killed_run(const std::string& path) {
  Journal journal = Journal::create(path, header, clock_from_zero());
  journal.step_began(0, "create_cluster");
  journal.step_ended(0, {Kind::done, {}});
  journal.step_began(1, "configure_quorum");
  journal.step_ended(1, {Kind::already_satisfied, {}});
  journal.note("a \"note\" of\ntwo lines");
  journal.step_began(2, "install_fci on SQL1");
  return content_of(path);
}

TEST(Journal, says_afterwards_how_far_a_run_came) {
  const TestFolder folder;
  killed_run(folder.path("j"));
  const JournalResult result = read_journal_file(folder.path("j"));
  EXPECT_EQ(told_by(result), "");
  ASSERT_TRUE(result.content);
  const auto at = [](int second) { return Date(std::chrono::seconds(second)); };
  const JournalContent expected = {header,
                                   {{at(0), JournalOpened{::getpid()}},
                                    {at(1), StepBegan{0, "create_cluster"}},
                                    {at(2), StepEnded{0, Kind::done, {}}},
                                    {at(3), StepBegan{1, "configure_quorum"}},
                                    {at(4), StepEnded{1, Kind::already_satisfied, {}}},
                                    {at(5), Note{"a \"note\" of\ntwo lines"}},
                                    {at(6), StepBegan{2, "install_fci on SQL1"}}}};
  EXPECT_EQ(*result.content, expected);
  EXPECT_EQ(result.content->under_way(), (StepBegan{2, "install_fci on SQL1"}));
}

TEST(Journal, the_next_run_goes_on_in_the_same_file) {
  const TestFolder folder;
  const std::string path = folder.path("j");
  killed_run(path);
  {
    Journal journal = Journal::resume(path, clock_from_zero());
    EXPECT_EQ(journal.before().header, header);
    EXPECT_EQ(journal.before().entries.size(), 7U);
    journal.step_began(2, "install_fci on SQL1");
    Failure failure(FailureCode::refused, "access denied", "InstallFci", "SQL1");
    failure.attach_step("install_fci");
    journal.step_ended(2, {Kind::failed, failure});
  }
  const JournalResult result = read_journal_file(path);
  ASSERT_TRUE(result.content) << told_by(result);
  EXPECT_EQ(result.content->under_way(), std::nullopt);
  const auto* last = std::get_if<StepEnded>(&result.content->entries.back().record);
  ASSERT_TRUE(last && last->failure);
  EXPECT_STREQ(last->failure->what(), "install_fci: InstallFci on SQL1: refused: access denied");
}

TEST(Journal, killed_at_any_byte_it_can_be_gone_on_with_from_its_last_whole_record) {
  const TestFolder folder;
  const std::string whole = killed_run(folder.path("whole"));
  for (std::size_t size = 0; size <= whole.size(); ++size) {
    const auto lines =
        static_cast<std::size_t>(std::count(whole.begin(), whole.begin() + static_cast<long>(size), '\n'));
    const JournalResult read = read_journal(whole.substr(0, size), "j");
    EXPECT_EQ(read.content.has_value(), lines > 0) << size;
    EXPECT_EQ(read.whole_size, whole.substr(0, size).rfind('\n') + 1) << size;
    const bool at_a_line_end = size > 0 && whole[size - 1] == '\n';
    if (!at_a_line_end && size % 20 != 0) continue;  // writing takes its time: every record waits for the disk
    const std::string path = folder.path("torn");
    std::ofstream(path, std::ios::binary | std::ios::trunc) << whole.substr(0, size);
    if (lines == 0) {
      EXPECT_THROW(Journal::resume(path, clock_from_zero()), Failure) << size;
      continue;
    }
    {
      Journal journal = Journal::resume(path, clock_from_zero());
      EXPECT_EQ(journal.before().entries.size(), lines - 1) << size;
      journal.note("on");
    }
    const JournalResult after = read_journal_file(path);
    ASSERT_TRUE(after.content) << size << told_by(after);
    EXPECT_EQ(told_by(after), "");
    EXPECT_EQ(after.content->entries.size(), lines + 1) << "opened and note";
  }
}

TEST(Journal, a_second_run_is_refused_while_the_first_has_it) {
  const TestFolder folder;
  const Journal first = Journal::create(folder.path("j"), header, clock_from_zero());
  try {
    Journal::resume(folder.path("j"), clock_from_zero());
    FAIL() << "two runs write one journal";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.code(), FailureCode::conflict);
    EXPECT_THAT(failure.message(), HasSubstr("in use by"));
  }
}

TEST(Journal, a_record_that_finds_no_room_is_a_failure) {
  EXPECT_THROW(Journal::create("/dev/full", header, clock_from_zero()), Failure);
}

TEST(Journal, another_file_is_refused_and_left_alone) {
  const TestFolder folder;
  const std::string path = folder.path("j");
  std::ofstream(path) << "{\"rehearse\":\"transcript\",\"version\":1}\n";
  const std::string before = content_of(path);
  try {
    Journal::resume(path, clock_from_zero());
    FAIL() << "a transcript was taken for a journal";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.code(), FailureCode::conflict);
    EXPECT_THAT(failure.message(), HasSubstr("\"transcript\" is not known here"));
  }
  EXPECT_EQ(content_of(path), before);
}

TEST(Journal, holds_no_secret_and_can_be_read_all_the_same) {
  const TestFolder folder;
  Redaction secrets;
  secrets.add(steps::Secret("password of CORP\\svc-ssis", "planted\\password"));
  {
    Journal journal = Journal::create(folder.path("j"), header, clock_from_zero());
    journal.keep_out(secrets);
    journal.step_began(0, "x");
    journal.step_ended(0, {Kind::failed, Failure(FailureCode::refused, "logon with planted\\password failed")});
  }
  const JournalResult result = read_journal_file(folder.path("j"));
  ASSERT_TRUE(result.content) << told_by(result);
  const auto* ended = std::get_if<StepEnded>(&result.content->entries.back().record);
  ASSERT_TRUE(ended && ended->failure);
  EXPECT_EQ(ended->failure->message(), "logon with <secret 'password of CORP\\svc-ssis'> failed");
}

TEST(Journal, steps_begin_before_they_end) {
  const TestFolder folder;
  Journal journal = Journal::create(folder.path("j"), header, clock_from_zero());
  EXPECT_THROW(journal.step_ended(0, {Kind::done, {}}), std::logic_error);
}

TEST(Journal, damage_is_told_with_its_line) {
  const TestFolder folder;
  const std::string text = killed_run(folder.path("j"));
  const std::string first = text.substr(0, text.find('\n') + 1);
  const auto told = [&](const std::string& line) { return told_by(read_journal(first + line + "\n", "j")); };
  EXPECT_THAT(told_by(read_journal("", "j")), HasSubstr("its first line is missing"));
  EXPECT_THAT(told("nonsense"), HasSubstr("j:2:"));
  EXPECT_THAT(told("[]"), HasSubstr("found an array where an object is wanted"));
  EXPECT_THAT(told("{}"), HasSubstr("the key 'note' is missing"));
  EXPECT_THAT(told(R"({"at":"then","note":"x"})"), HasSubstr("\"then\" is no date"));
  EXPECT_THAT(told(R"({"at":"2027-03-01T00:30:00Z","began":-1,"title":"x"})"), HasSubstr("-1 is out of range"));
  EXPECT_THAT(told(R"({"at":"2027-03-01T00:30:00Z","ended":0,"outcome":"done"})"), HasSubstr("was not under way"));
  EXPECT_THAT(told(R"({"at":"2027-03-01T00:30:00Z","ended":0,"outcome":"failed"})"), HasSubstr("do not fit together"));
  EXPECT_THAT(told(R"({"at":"2027-03-01T00:30:00Z","ended":0,"outcome":"dnoe"})"), HasSubstr("did you mean 'done'?"));
  EXPECT_THAT(told_by(read_journal_file(folder.path("none"))), HasSubstr("the file does not exist"));
}

}  // namespace
}  // namespace rehearse::real
