// Exports of catalog.executions, as different tools write them and with what a real catalog holds.
#include "model/artefacts/execution_history.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "tests/support/files.hpp"

namespace rehearse::model {
namespace {

using testing::HasSubstr;
using namespace std::chrono_literals;

const std::string header = "status,created_time,last_pickup_time,end_time,executed_count,max_executed_count,worker\n";
const std::string good_row =
    "7,2026-10-05T01:00:01.1234567+02:00,2026-10-05T01:00:05+02:00,2026-10-05T01:02:05.5+02:00,1,3,WRK1\n";
const HistoryRow wanted{parse_date("2026-10-04T23:00:01.1234567Z").value(), 2min + 500ms, 2, 1, "WRK1"};

std::string told(const HistoryFile& file) {
  std::string text;
  for (const Diagnostic& diagnostic : file.diagnostics) text += to_text(diagnostic) + "\n";
  return text;
}

/// One good row after `rows`, so that the file is of some use.
HistoryFile file_with(const std::string& rows) {
  return read_execution_history(header + rows + good_row, "e.csv");
}

void expect_the_wanted_row(const std::string& bytes) {
  const HistoryFile file = read_execution_history(bytes, "e.csv");
  EXPECT_EQ(told(file), "");
  ASSERT_EQ(file.rows.size(), 1u);
  EXPECT_EQ(file.rows[0], wanted);
}

TEST(ExecutionHistory, a_package_runs_from_the_last_pick_up_to_the_end) {
  expect_the_wanted_row(header + good_row);
}

TEST(ExecutionHistory, columns_are_found_by_name_in_any_order_and_others_are_ignored) {
  expect_the_wanted_row(
      "worker;MaxExecutedCount;end_time;package_name;LAST_PICKUP_TIME;Status;CreatedTime;ExecutedCount\r\n"
      "WRK1;3;2026-10-05T01:02:05.5+02:00;\"a;\"\"b\"\"\";2026-10-05T01:00:05+02:00;7;"
      "2026-10-05T01:00:01.1234567+02:00;1\r\n");
}

TEST(ExecutionHistory, times_may_stand_as_sqlcmd_shows_them_under_a_line_of_hyphens) {
  expect_the_wanted_row(header + "------,--,--,--,--,--,--\n" +
                        "7,2026-10-05 01:00:01.1234567 +02:00,2026-10-05 01:00:05.0000000 +02:00,"
                        "2026-10-04 23:02:05.5000000 +00:00,1,3,WRK1\n\n");
}

TEST(ExecutionHistory, a_byte_order_mark_and_utf_16_are_understood) {
  expect_the_wanted_row("\xEF\xBB\xBF" + header + good_row);
  std::string wide = "\xFF\xFE";
  for (const char c : header + good_row) (wide += c) += '\0';
  expect_the_wanted_row(wide);
  wide.pop_back();
  EXPECT_THAT(told(read_execution_history(wide, "e.csv")), HasSubstr("broken UTF-16"));
}

TEST(ExecutionHistory, the_worker_may_be_unknown) {
  for (const char* nobody : {"", "NULL"}) {
    const HistoryFile file = read_execution_history(
        header + "7,2026-10-05T01:00:01Z,2026-10-05T01:00:05Z,2026-10-05T01:02:05Z,1,1," + nobody, "e.csv");
    ASSERT_EQ(file.rows.size(), 1u) << told(file);
    EXPECT_FALSE(file.rows[0].worker);
  }
  const std::string without = "status,created_time,last_pickup_time,end_time,executed_count,max_executed_count\n";
  EXPECT_EQ(
      read_execution_history(without + "7,2026-10-05T01:00:01Z,2026-10-05T01:00:05Z,2026-10-05T01:02:05Z,1,1", "e.csv")
          .rows.size(),
      1u);
}

TEST(ExecutionHistory, rows_come_in_the_order_of_their_creation) {
  const HistoryFile file =
      file_with("4,2026-10-05T02:00:00+02:00,2026-10-05T02:00:05+02:00,2026-10-05T02:00:06+02:00,1,1,B\n");
  ASSERT_EQ(file.rows.size(), 2u) << told(file);
  EXPECT_EQ(file.rows[0], wanted);
  EXPECT_EQ(file.rows[1].worker, "B");  // it failed, after the second that counts
  EXPECT_EQ(file.rows[1].run, 1s);
}

TEST(ExecutionHistory, what_tells_nothing_about_a_length_is_counted_and_left_out) {
  const std::string times = "2026-10-05T01:00:01Z,2026-10-05T01:00:05Z,2026-10-05T01:02:05Z";
  const std::pair<std::string, std::string> cases[] = {
      {"7,2026-10-05T01:00:01Z,NULL,2026-10-05T01:02:05Z,NULL,NULL,NULL\n", "not Scale Out"},
      {"7,2026-10-05T01:00:01Z,NULL,2026-10-05T01:02:05Z,0,1,NULL\n", "never picked up"},
      {"2,2026-10-05T01:00:01Z,2026-10-05T01:00:05Z,NULL,1,1,A\n", "not ended yet"},
      {"1," + times + ",1,1,A\n", "not ended yet"},
      {"5," + times + ",1,1,A\n", "not ended yet"},
      {"8," + times + ",1,1,A\n", "not ended yet"},
      {"7,2026-10-05T01:00:01Z,2026-10-05T01:00:05Z,,1,1,A\n", "not ended yet"},
      {"3," + times + ",1,1,A\n", "cancelled or ended unexpectedly"},
      {"6," + times + ",1,1,A\n", "cancelled or ended unexpectedly"},
      {"7,2026-10-05T01:00:06Z,2026-10-05T01:00:05Z,2026-10-05T01:02:05Z,1,1,A\n", "the times contradict"},
      {"7,2026-10-05T01:00:01Z,2026-10-05T01:00:05Z,2026-10-05T01:00:04Z,1,1,A\n", "the times contradict"}};
  for (const auto& [row, reason] : cases) {
    const HistoryFile file = file_with(row + row);
    EXPECT_EQ(file.rows.size(), 1u) << row;
    ASSERT_EQ(file.diagnostics.size(), 1u) << row << told(file);
    EXPECT_EQ(file.diagnostics[0].severity, Severity::warning);
    EXPECT_EQ(file.diagnostics[0].place.line, 2);
    EXPECT_THAT(told(file), HasSubstr("2 of 3 executions left out: " + reason)) << row;
  }
  for (const char* status : {"4,", "7,", "9,"}) EXPECT_EQ(file_with(status + times + ",1,1,A\n").rows.size(), 2u);
}

TEST(ExecutionHistory, more_wrong_cells_than_twenty_are_only_counted) {
  std::string rows;
  for (int i = 0; i < 50; ++i) rows += "x,y,2026-10-05T01:00:05Z,2026-10-05T01:02:05Z,1,1,A\n";
  const HistoryFile file = file_with(rows);
  EXPECT_TRUE(file.rows.empty());
  ASSERT_EQ(file.diagnostics.size(), 21u);
  EXPECT_EQ(file.diagnostics[19].place, (Place{11, 3, ""}));
  EXPECT_THAT(to_text(file.diagnostics[20]), HasSubstr("80 more cells are wrong"));
}

TEST(ExecutionHistory, a_bare_catalog_executions_is_refused_with_the_way_out) {
  const HistoryFile file =
      read_execution_history("execution_id,status,start_time,end_time,created_time,executed_count\n1,7,,,,\n", "e.csv");
  EXPECT_THAT(told(file), HasSubstr("the header lacks the columns last_pickup_time, max_executed_count"));
  EXPECT_THAT(told(file), HasSubstr("scenarios/scale_out/executions.sql"));
}

TEST(ExecutionHistory, any_missing_byte_gives_rows_or_errors_but_never_both) {
  const std::string text = header + good_row + "4" + good_row.substr(1);
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string broken = text;
    broken.erase(at, 1);
    const HistoryFile file = read_execution_history(broken, "e.csv");
    ASSERT_NE(file.rows.empty(), !has_errors(file.diagnostics)) << broken;
  }
}

std::string shipped(const std::string& name) {
  return tests::content_of(REHEARSE_SOURCE_DIR "/scenarios/scale_out/" + name);
}

TEST(ExecutionHistory, the_shipped_query_selects_every_column_and_the_shipped_sample_has_them_in_its_order) {
  const std::string query = shipped("executions.sql");
  std::string columns;
  const std::string select = query.substr(query.rfind("SELECT"));
  for (std::size_t at = select.find(" AS "); at < select.find("\nFROM"); at = select.find(" AS ", at + 1)) {
    const std::size_t name = at + 4;
    columns += (columns.empty() ? "" : ",") + select.substr(name, select.find_first_of(", \n", name) - name);
  }
  const std::string sample = shipped("designs/executions.csv");
  EXPECT_EQ(columns, sample.substr(0, sample.find('\n')));
  for (const std::string& column : history_columns()) EXPECT_THAT("," + columns + ",", HasSubstr("," + column + ","));
}

TEST(ExecutionHistory, the_shipped_sample_is_two_days_of_a_small_farm) {
  const HistoryFile file = read_execution_history(shipped("designs/executions.csv"), "executions.csv");
  EXPECT_EQ(told(file), "");
  ASSERT_EQ(file.rows.size(), 66u);
  EXPECT_LT(file.rows.back().created - file.rows.front().created, 48h);
  std::set<std::string> workers;
  for (const HistoryRow& row : file.rows) workers.insert(row.worker.value());
  EXPECT_EQ(workers, (std::set<std::string>{"WRK1", "WRK2", "WRK3"}));
}

}  // namespace
}  // namespace rehearse::model
