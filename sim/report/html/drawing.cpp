#include "sim/report/html/drawing.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/report/text_layout.hpp"

namespace rehearse::sim::html {
namespace {

using fmt::format;

constexpr double line_height = 16, padding = 8, width_of_a_letter = 7.2, dot = 6, dot_step = 9;

std::string number(double value) {
  return format("{:.0f}", value);
}

/// The beginning of the text that so many letters have room for; never half a code point.
std::string shortened(const std::string& text, std::size_t letters) {
  if (width_of(text) <= letters) return text;
  std::size_t end = 0, count = 0;
  while (end < text.size() && count + 1 < letters) {
    ++end;
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) ++end;
    ++count;
  }
  return text.substr(0, end) + "\u2026";
}

}  // namespace

void Drawing::reach(double x, double y) {
  width_ = std::max(width_, x);
  height_ = std::max(height_, y);
}

void Drawing::words(double x, double y, double room, std::string_view kind, const std::string& text) {
  const auto letters = static_cast<std::size_t>(std::max(room / width_of_a_letter, 2.0));
  boxes_.element("text", shortened(text, letters), {{"x", number(x)}, {"y", number(y)}, {"class", std::string(kind)}});
}

void Drawing::box(const Box& box, std::string_view kind, const std::vector<std::string>& lines) {
  reach(box.x + box.width, box.bottom());
  std::string whole;
  for (const std::string& line : lines) whole += (whole.empty() ? "" : "\n") + line;
  boxes_.open("g", {{"class", std::string(kind)}}).element("title", whole);
  boxes_.leaf("rect", {{"x", number(box.x)},
                       {"y", number(box.y)},
                       {"width", number(box.width)},
                       {"height", number(box.height)},
                       {"rx", "6"}});
  for (std::size_t index = 0; index < lines.size(); ++index) {
    words(box.x + padding, box.y + padding + 10 + line_height * static_cast<double>(index), box.width - 2 * padding,
          index == 0 ? "name" : "more", lines[index]);
  }
  boxes_.close();
}

void Drawing::frame(const Box& box, std::string_view name) {
  reach(box.x + box.width, box.bottom());
  frames_.leaf("rect", {{"class", "frame"},
                        {"x", number(box.x)},
                        {"y", number(box.y)},
                        {"width", number(box.width)},
                        {"height", number(box.height)},
                        {"rx", "10"}});
  frames_.element("text", name, {{"class", "more"}, {"x", number(box.x + padding)}, {"y", number(box.y + 17)}});
}

void Drawing::rise(const Box& from, const Box& to, double place) {
  const double end = to.x + to.width * place, half = (from.y + to.bottom()) / 2;
  arrow(format("M{:.0f} {:.0f}C{:.0f} {:.0f} {:.0f} {:.0f} {:.0f} {:.0f}", from.middle(), from.y, from.middle(), half,
               end, half, end, to.bottom()),
        false);
}

void Drawing::lead(const Box& from, const Box& to, bool dashed) {
  const double begin = from.x + from.width, half = (begin + to.x) / 2;
  arrow(format("M{:.0f} {:.0f}C{:.0f} {:.0f} {:.0f} {:.0f} {:.0f} {:.0f}", begin, from.centre(), half, from.centre(),
               half, to.centre(), to.x, to.centre()),
        dashed);
}

void Drawing::arrow(const std::string& path, bool dashed) {
  lines_.leaf("path", {{"class", dashed ? "arrow dashed" : "arrow"}, {"d", path}, {"marker-end", "url(#tip)"}});
}

void Drawing::dots(double x, double y, double width, std::size_t count) {
  const auto columns = static_cast<std::size_t>(std::max(width / dot_step, 1.0));
  for (std::size_t index = 0; index < count; ++index) {
    const double left = x + dot_step * static_cast<double>(index % columns);
    const double top = y + dot_step * static_cast<double>(index / columns);
    boxes_.leaf("rect", {{"class", "dot"},
                         {"x", number(left)},
                         {"y", number(top)},
                         {"width", number(dot)},
                         {"height", number(dot)},
                         {"rx", "1"}});
    reach(left + dot, top + dot);
  }
}

void Drawing::write(Markup& page) const {
  const double width = width_ + 2, height = height_ + 2;
  page.open("div", {{"class", "scroll"}, {"tabindex", "0"}, {"role", "region"}, {"aria-label", label_}});
  page.open("svg", {{"class", "drawing"},
                    {"role", "img"},
                    {"aria-label", label_},
                    {"width", number(width)},
                    {"height", number(height)},
                    {"viewBox", format("-1 -1 {:.0f} {:.0f}", width + 1, height + 1)}});
  page.open("defs").open("marker", {{"id", "tip"},
                                    {"viewBox", "0 0 8 8"},
                                    {"refX", "7"},
                                    {"refY", "4"},
                                    {"markerWidth", "7"},
                                    {"markerHeight", "7"},
                                    {"orient", "auto"}});
  page.leaf("path", {{"class", "tip-of-arrow"}, {"d", "M0 0L8 4L0 8z"}}).close().close();
  page.add(frames_).add(lines_).add(boxes_).close().close();
}

}  // namespace rehearse::sim::html
