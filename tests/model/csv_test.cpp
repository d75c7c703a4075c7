// RFC 4180, cell by cell.
#include "model/artefacts/csv.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>

namespace rehearse::model {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

using Rows = std::vector<std::vector<std::string>>;

Rows rows_of(std::string_view text, char separator = ',') {
  CsvReader reader(text, separator);
  Rows rows;
  std::vector<CsvCell> row;
  while (reader.next(row)) {
    rows.emplace_back();
    for (const CsvCell& cell : row) rows.back().push_back(cell.text + (cell.problem.empty() ? "" : "!"));
  }
  return rows;
}

TEST(Csv, lines_end_in_either_way_and_the_last_may_go_without) {
  const Rows wanted = {{"a", "b"}, {"1", "2"}};
  EXPECT_EQ(rows_of("a,b\n1,2"), wanted);
  EXPECT_EQ(rows_of("a,b\n1,2\n"), wanted);
  EXPECT_EQ(rows_of("a,b\r\n1,2\r\n"), wanted);
  EXPECT_EQ(rows_of("\r\n\na,b\r\n\r\n1,2\r\n\r\n"), wanted);
  EXPECT_EQ(rows_of("a;b\n1;2", ';'), wanted);
  EXPECT_THAT(rows_of(""), IsEmpty());
  EXPECT_THAT(rows_of("\r\n"), IsEmpty());
}

TEST(Csv, cells_may_be_empty) {
  EXPECT_THAT(rows_of(",\n,,x\n\"\"\n"), ElementsAre(ElementsAre("", ""), ElementsAre("", "", "x"), ElementsAre("")));
}

TEST(Csv, quotes_hold_separators_line_ends_and_doubled_quotes) {
  EXPECT_THAT(rows_of("\"a,b\",\"say \"\"yes\"\"\",\"two\r\nlines\"\r\nnext"),
              ElementsAre(ElementsAre("a,b", "say \"yes\"", "two\r\nlines"), ElementsAre("next")));
}

TEST(Csv, broken_cells_are_marked_and_the_reading_goes_on) {
  EXPECT_THAT(rows_of("\"a\"b,c\nd\"e,f\ng,\"h\ni"),
              ElementsAre(ElementsAre("ab!", "c"), ElementsAre("d\"e!", "f"), ElementsAre("g", "h\ni!")));
}

TEST(Csv, every_cell_knows_its_place) {
  CsvReader reader("ab,\"c\n\nd\",e\r\n\nf,g", ',');
  std::vector<CsvCell> row;
  const auto places = [&] {
    std::vector<std::pair<int, int>> found;
    for (const CsvCell& cell : row) found.emplace_back(cell.line, cell.column);
    return found;
  };
  ASSERT_TRUE(reader.next(row));
  EXPECT_THAT(places(), ElementsAre(std::pair(1, 1), std::pair(1, 4), std::pair(3, 4)));
  EXPECT_TRUE(row[1].quoted);
  EXPECT_FALSE(row[2].quoted);
  ASSERT_TRUE(reader.next(row));
  EXPECT_THAT(places(), ElementsAre(std::pair(5, 1), std::pair(5, 3)));
  EXPECT_FALSE(reader.next(row));
  EXPECT_THAT(row, IsEmpty());
}

TEST(Csv, the_separator_is_the_first_one_outside_quotes) {
  EXPECT_EQ(csv_separator("a,b;c"), ',');
  EXPECT_EQ(csv_separator("a;b,c"), ';');
  EXPECT_EQ(csv_separator("\"a,b\"\tc"), '\t');
  EXPECT_EQ(csv_separator("alone\na;b"), ',');
  EXPECT_EQ(csv_separator(""), ',');
}

TEST(Csv, whatever_is_written_by_the_rules_is_read_back) {
  std::mt19937_64 numbers(1);
  const auto below = [&](std::uint64_t most) { return numbers() % most; };
  for (int round = 0; round < 500; ++round) {
    Rows rows(1 + below(4));
    std::string text;
    const std::size_t width = 1 + below(4);
    for (auto& row : rows) {
      for (std::size_t i = 0; i < width; ++i) {
        std::string cell;
        for (std::uint64_t size = below(6); size > 0; --size) cell += ",\"\r\na\t;b"[below(8)];
        const bool plain = cell.find_first_of(",\"\r\n") == cell.npos && below(2) == 0 && !(width == 1 && cell.empty());
        text += i == 0 ? "" : ",";
        text += plain ? cell : '"' + [&] {
          std::string doubled;
          for (const char c : cell) doubled += c == '"' ? std::string("\"\"") : std::string(1, c);
          return doubled;
        }() + '"';
        row.push_back(std::move(cell));
      }
      text += below(2) == 0 ? "\n" : "\r\n";
    }
    ASSERT_EQ(rows_of(text), rows) << text;
  }
}

}  // namespace
}  // namespace rehearse::model
