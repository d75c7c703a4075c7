#include "sim/report/html/markup.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include "sim/report/junit_report.hpp"

namespace rehearse::sim::html {
namespace {

constexpr std::array<std::string_view, 22> block_tags = {
    "article", "body", "details", "div",  "dl", "figure", "h1",     "h2",    "h3",  "h4",    "head",
    "header",  "html", "li",      "main", "ol", "p",      "script", "style", "svg", "table", "tr"};

}  // namespace

std::string script_json(std::string_view json) {
  std::string result;
  result.reserve(json.size());
  for (std::size_t i = 0; i < json.size(); ++i) {
    switch (json[i]) {
      case '<': result += "\\u003c"; break;
      case '>': result += "\\u003e"; break;
      case '&': result += "\\u0026"; break;
      case '\xe2':
        // U+2028 and U+2029, which end a line for JavaScript.
        if (json.substr(i, 3) == "\xe2\x80\xa8") {
          result += "\\u2028";
          i += 2;
        } else if (json.substr(i, 3) == "\xe2\x80\xa9") {
          result += "\\u2029";
          i += 2;
        } else {
          result += json[i];
        }
        break;
      default: result += json[i];
    }
  }
  return result;
}

void Markup::start(std::string_view tag, const Attributes& attributes, std::string_view end) {
  out_ += '<';
  out_ += tag;
  for (const auto& [name, value] : attributes) {
    out_ += ' ';
    out_ += name;
    if (!value.empty()) out_ += "=\"" + xml_text(value) + '"';
  }
  out_ += end;
}

Markup& Markup::open(std::string_view tag, const Attributes& attributes) {
  start(tag, attributes, ">");
  open_.emplace_back(tag);
  return *this;
}

Markup& Markup::close() {
  if (open_.empty()) throw std::logic_error("markup: nothing is open");
  const std::string& tag = open_.back();
  out_ += "</" + tag + ">";
  // Where a line break is no text: a report can be read and compared line by line.
  if (std::find(block_tags.begin(), block_tags.end(), tag) != block_tags.end()) out_ += '\n';
  open_.pop_back();
  return *this;
}

Markup& Markup::text(std::string_view text) {
  out_ += xml_text(text);
  return *this;
}

Markup& Markup::leaf(std::string_view tag, const Attributes& attributes) {
  start(tag, attributes, "/>");
  return *this;
}

Markup& Markup::element(std::string_view tag, std::string_view words, const Attributes& attributes) {
  return open(tag, attributes).text(words).close();
}

Markup& Markup::add(const Markup& other) {
  out_ += other.str();
  return *this;
}

Markup& Markup::verbatim(std::string_view text) {
  out_ += text;
  return *this;
}

const std::string& Markup::str() const {
  if (!open_.empty()) throw std::logic_error("markup: <" + open_.back() + "> is still open");
  return out_;
}

void HtmlTable::add(std::vector<std::string> cells, std::string mark) {
  if (cells.size() != headings_.size()) throw std::logic_error("a row of \"" + caption_ + "\" has another width");
  rows_.push_back({std::move(cells), std::move(mark)});
}

void HtmlTable::write(Markup& page, const std::string& id) const {
  const auto side = [&](std::size_t column) {
    const bool right = std::find(right_.begin(), right_.end(), column) != right_.end();
    return right ? Attributes{{"class", "right"}} : Attributes{};
  };
  // What is wider than a phone scrolls by itself, also from the keyboard.
  page.open("div", {{"class", "scroll"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", caption_}});
  page.open("table", id.empty() ? Attributes{} : Attributes{{"id", id}});
  page.element("caption", caption_, {{"class", "heard"}}).open("thead").open("tr");
  for (std::size_t column = 0; column < headings_.size(); ++column) {
    Attributes attributes = side(column);
    attributes.push_back({"scope", "col"});
    page.element("th", headings_[column], attributes);
  }
  page.close().close().open("tbody");
  for (const Row& row : rows_) {
    page.open("tr", row.mark.empty() ? Attributes{} : Attributes{{"class", row.mark}});
    for (std::size_t column = 0; column < row.cells.size(); ++column)
      page.element("td", row.cells[column], side(column));
    page.close();
  }
  page.close().close().close();
}

}  // namespace rehearse::sim::html
