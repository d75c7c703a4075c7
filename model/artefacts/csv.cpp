#include "model/artefacts/csv.hpp"

namespace rehearse::model {

bool CsvReader::at_line_end() const {
  return text_[at_] == '\n' || text_.substr(at_).starts_with("\r\n");
}

void CsvReader::step() {
  if (text_[at_++] != '\n') return;
  ++line_;
  line_start_ = at_;
}

void CsvReader::skip_line_end() {
  if (at_end()) return;
  if (text_[at_] == '\r') step();
  step();
}

bool CsvReader::next(std::vector<CsvCell>& row) {
  while (!at_end() && at_line_end()) skip_line_end();
  if (at_end()) {
    row.clear();
    return false;
  }
  std::size_t count = 0;
  while (true) {
    if (row.size() == count) row.emplace_back();
    read_cell(row[count++]);
    if (at_end() || at_line_end()) break;
    step();  // over the separator
  }
  row.resize(count);
  skip_line_end();
  return true;
}

void CsvReader::read_cell(CsvCell& cell) {
  cell.text.clear();
  cell.problem.clear();
  cell.line = line_;
  cell.column = static_cast<int>(at_ - line_start_) + 1;
  cell.quoted = !at_end() && text_[at_] == '"';
  if (cell.quoted) read_quoted(cell);
  while (!at_end() && text_[at_] != separator_ && !at_line_end()) {
    if (cell.quoted) {
      cell.problem = "there is text after the closing quote of this cell";
    } else if (text_[at_] == '"') {
      cell.problem = "there is a quote in the middle of this cell";
    }
    cell.text += text_[at_];
    step();
  }
}

void CsvReader::read_quoted(CsvCell& cell) {
  step();
  while (!at_end()) {
    if (text_[at_] == '"') {
      step();
      if (at_end() || text_[at_] != '"') return;
    }
    cell.text += text_[at_];
    step();
  }
  cell.problem = "the quote that opens this cell is never closed";
}

char csv_separator(std::string_view text) {
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    if (quoted) continue;
    if (c == ',' || c == ';' || c == '\t') return c;
    if (c == '\n') break;
  }
  return ',';
}

}  // namespace rehearse::model
