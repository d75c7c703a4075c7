#include "model/json_lines.hpp"

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace rehearse::model {
namespace {

struct Lines {
  std::vector<std::int64_t> numbers;
  std::string told;
  std::size_t whole = 0;
};

Lines read(const std::string& text) {
  Lines lines;
  std::vector<Diagnostic> diagnostics;
  lines.whole = read_json_lines(text, "f", diagnostics, [&](const Value& line) {
    if (const auto number = line.whole(0, 9)) lines.numbers.push_back(*number);
  });
  for (const Diagnostic& diagnostic : diagnostics) lines.told += to_text(diagnostic) + "\n";
  return lines;
}

TEST(JsonLines, come_one_by_one_in_the_order_of_the_file) {
  const Lines lines = read("1\n2\r\n 3 \n");
  EXPECT_EQ(lines.numbers, (std::vector<std::int64_t>{1, 2, 3}));
  EXPECT_EQ(lines.told, "");
  EXPECT_EQ(lines.whole, 9U);
}

TEST(JsonLines, a_line_without_its_end_was_torn_and_is_left_out) {
  const Lines lines = read("1\n2");
  EXPECT_EQ(lines.numbers, std::vector<std::int64_t>{1});
  EXPECT_EQ(lines.told,
            "f:2:1: warning: the last line has no end: 1 bytes of it are left out\n"
            "    nothing is to be done: whoever wrote the file was interrupted\n");
  EXPECT_EQ(lines.whole, 2U);
}

TEST(JsonLines, nothing_is_read_after_a_wrong_line_whose_place_is_told) {
  EXPECT_EQ(read("1\n  12\n3\n").told, "f:2:3: error: 12 is out of range\n    write a whole number from 0 to 9\n");
  EXPECT_EQ(read("1\n  12\n3\n").numbers, std::vector<std::int64_t>{1});
  EXPECT_EQ(read("1\n\n3\n").told, "f:2:1: error: the line is empty\n    every line holds one JSON object\n");
  EXPECT_EQ(read("1\n{\n").told.substr(0, 4), "f:2:");
  EXPECT_EQ(read("1\n{\n").whole, 2U);
}

TEST(JsonLines, an_empty_file_has_none) {
  EXPECT_EQ(read("").told, "");
  EXPECT_EQ(read("").whole, 0U);
}

}  // namespace
}  // namespace rehearse::model
