// A drawing in SVG: boxes with lines of text, arrows between them. Positions are in pixels of a page of `width`; a
// narrower page scrolls it. Colours are the page's (report.css).
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "sim/report/html/markup.hpp"

namespace rehearse::sim::html {

struct Box {
  double x = 0, y = 0, width = 0, height = 0;
  double middle() const { return x + width / 2; }
  double bottom() const { return y + height; }
  double centre() const { return y + height / 2; }
};

class Drawing {
 public:
  /// `label`: what the drawing says, for readers who do not see it.
  explicit Drawing(std::string label) : label_(std::move(label)) {}

  /// `kind`: its class in the style sheet, "node". The first line is bold; lines that are too long for the box end in
  /// an ellipsis and are whole in its title.
  void box(const Box& box, std::string_view kind, const std::vector<std::string>& lines);
  /// A box around others, with its name in the upper left corner.
  void frame(const Box& box, std::string_view name);
  /// An arrow from the top of a box to the bottom of one above it; `place`: where it ends there, from 0 (left) to 1.
  void rise(const Box& from, const Box& to, double place = 0.5);
  /// An arrow from the right of a box to the left of another. `dashed`: one of several is enough.
  void lead(const Box& from, const Box& to, bool dashed);
  /// So many dots in rows, each one thing.
  void dots(double x, double y, double width, std::size_t count);

  void write(Markup& page) const;

 private:
  void arrow(const std::string& path, bool dashed);
  void words(double x, double y, double room, std::string_view kind, const std::string& text);
  void reach(double x, double y);

  std::string label_;
  Markup frames_, lines_, boxes_;
  double width_ = 0, height_ = 0;
};

}  // namespace rehearse::sim::html
