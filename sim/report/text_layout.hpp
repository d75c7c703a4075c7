// The few things an account for a terminal is laid out with: columns as wide as their widest cell, and paragraphs
// broken at a column. Widths count code points, which is what terminals show for the texts of reports.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace rehearse::sim {

inline constexpr std::size_t page_width = 100;

std::size_t width_of(std::string_view text);

/// The text after `first`, broken at spaces so that no line is wider than the page where a break allows; later lines
/// begin with `indent` spaces. Ends with a line feed.
std::string paragraph(std::string_view first, std::string_view text, std::size_t indent);

/// Rows of cells, each column as wide as its widest cell, two spaces between, `indent` before. The last column is
/// broken like a paragraph. Columns named in `right` are aligned to the right.
class Table {
 public:
  explicit Table(std::size_t indent, std::vector<std::size_t> right = {}) : indent_(indent), right_(std::move(right)) {}
  void add(std::vector<std::string> row) { rows_.push_back(std::move(row)); }
  bool empty() const { return rows_.empty(); }
  std::string text() const;

 private:
  std::size_t indent_;
  std::vector<std::size_t> right_;
  std::vector<std::vector<std::string>> rows_;
};

}  // namespace rehearse::sim
