// HTML as it is written: elements that are opened and closed in order, with every text and every attribute escaped. No
// report puts a tag together from strings, so no name in a design can become one.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace rehearse::sim::html {

/// Of an element: names and values. An attribute without a value, such as `open`, has an empty one.
using Attributes = std::vector<std::pair<std::string_view, std::string>>;

/// Text that stands in a `<script type="application/json">`: what could end the element, or a line of a script, is
/// written as \u escapes, which mean the same in JSON.
std::string script_json(std::string_view json);

class Markup {
 public:
  /// Opens an element. Elements without an end tag (`input`, SVG's `line`) are written with `leaf`.
  Markup& open(std::string_view tag, const Attributes& attributes = {});
  /// Closes the element opened last. Throws std::logic_error where there is none.
  Markup& close();
  Markup& text(std::string_view text);
  Markup& leaf(std::string_view tag, const Attributes& attributes = {});
  /// An element with nothing but text in it.
  Markup& element(std::string_view tag, std::string_view text, const Attributes& attributes = {});
  /// Another piece of markup, as it is.
  Markup& add(const Markup& other);
  /// A script or style sheet, as it is: not for anything that a design has a say in.
  Markup& verbatim(std::string_view text);

  /// Throws std::logic_error where an element is still open.
  const std::string& str() const;
  bool empty() const { return out_.empty(); }

 private:
  void start(std::string_view tag, const Attributes& attributes, std::string_view end);

  std::string out_;
  std::vector<std::string> open_;
};

/// A table with its headings. Cells of `right` columns are aligned to the right, as numbers and times are.
class HtmlTable {
 public:
  /// `caption` names it for readers who hear it.
  HtmlTable(std::string caption, std::vector<std::string> headings, std::vector<std::size_t> right = {})
      : caption_(std::move(caption)), headings_(std::move(headings)), right_(std::move(right)) {}

  /// `mark`: a class of the row, such as "failed".
  void add(std::vector<std::string> cells, std::string mark = {});
  bool empty() const { return rows_.empty(); }
  /// `id`: for a field that filters its rows; empty: none.
  void write(Markup& page, const std::string& id = {}) const;

 private:
  struct Row {
    std::vector<std::string> cells;
    std::string mark;
  };
  std::string caption_;
  std::vector<std::string> headings_;
  std::vector<std::size_t> right_;
  std::vector<Row> rows_;
};

}  // namespace rehearse::sim::html
