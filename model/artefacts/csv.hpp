// Comma-separated values as RFC 4180 has them, one row at a time: cells in double quotes may hold separators, line
// ends and doubled quotes; lines end in CR LF or LF, the last one may go without. Every cell knows its place, and a
// broken cell does not end the reading, so that all problems of an export can be told at once.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rehearse::model {

struct CsvCell {
  std::string text;
  bool quoted = false;       // "NULL" in quotes is a word, without them it is no value
  int line = 0, column = 0;  // where it begins, from 1; columns in bytes
  std::string problem;       // what breaks the rules in it; empty: nothing
};

class CsvReader {
 public:
  /// The text must outlive the reader.
  CsvReader(std::string_view text, char separator) : text_(text), separator_(separator) {}

  /// Reads the next row into `row`, whose cells are used again; false at the end. Empty lines are passed over.
  bool next(std::vector<CsvCell>& row);

 private:
  bool at_end() const { return at_ == text_.size(); }
  bool at_line_end() const;
  void step();
  void skip_line_end();
  void read_cell(CsvCell& cell);
  void read_quoted(CsvCell& cell);

  std::string_view text_;
  char separator_;
  std::size_t at_ = 0;
  std::size_t line_start_ = 0;
  int line_ = 1;
};

/// Which of ',', ';' and the tab separates the cells of the first line: the first one outside quotes; ',' for one cell.
char csv_separator(std::string_view text);

}  // namespace rehearse::model
