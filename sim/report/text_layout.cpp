#include "sim/report/text_layout.hpp"

#include <algorithm>

namespace rehearse::sim {

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string paragraph(std::string_view first, std::string_view text, std::size_t indent) {
  std::string result(first);
  std::size_t column = width_of(first);
  bool at_line_start = true;  // nothing of the text is on this line yet
  while (!text.empty()) {
    const std::size_t end = text.find(' ');
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (word.empty()) continue;
    const std::size_t needed = width_of(word) + (at_line_start ? 0 : 1);
    if (!at_line_start && column + needed > page_width) {
      result += "\n" + std::string(indent, ' ');
      column = indent;
      at_line_start = true;
    }
    if (!at_line_start) {
      result += ' ';
      ++column;
    }
    result += word;
    column += width_of(word);
    at_line_start = false;
  }
  while (!result.empty() && result.back() == ' ') result.pop_back();
  return result + "\n";
}

std::string Table::text() const {
  std::size_t columns = 0;
  for (const auto& row : rows_) columns = std::max(columns, row.size());
  std::vector<std::size_t> widths(columns, 0);
  for (const auto& row : rows_) {
    for (std::size_t column = 0; column < row.size(); ++column) {
      widths[column] = std::max(widths[column], width_of(row[column]));
    }
  }
  std::string result;
  for (const auto& row : rows_) {
    std::string line(indent_, ' ');
    for (std::size_t column = 0; column + 1 < row.size(); ++column) {
      const std::string padding(widths[column] - width_of(row[column]), ' ');
      const bool right = std::find(right_.begin(), right_.end(), column) != right_.end();
      line += (right ? padding + row[column] : row[column] + padding) + "  ";
    }
    if (!row.empty()) result += paragraph(line, row.back(), width_of(line));
  }
  return result;
}

}  // namespace rehearse::sim
