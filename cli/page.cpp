#include "cli/page.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <iostream>
#include <streambuf>

#include "sim/report/text_layout.hpp"

namespace rehearse::cli {
namespace {

constexpr std::size_t narrowest = 20, widest = sim::page_width;  // what accounts are laid out for

/// 0: not known, or no terminal.
std::size_t terminal_width() {
  winsize size{};
  if (isatty(STDOUT_FILENO) == 0 || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

/// Columns that the byte at this place takes: none inside of an escape sequence and of a code point after its first.
class Columns {
 public:
  std::size_t of(char c) {
    if (c == '\x1b') escape_ = true;
    const bool hidden = escape_ || (static_cast<unsigned char>(c) & 0xC0U) == 0x80U;
    if (escape_ && c == 'm') escape_ = false;
    return hidden ? 0 : 1;
  }

 private:
  bool escape_ = false;
};

std::size_t width_of(std::string_view text) {
  Columns columns;
  std::size_t width = 0;
  for (const char c : text) width += columns.of(c);
  return width;
}

/// Where the line's last column begins: after the last of several spaces; else where its text begins.
std::size_t last_column(std::string_view line) {
  std::size_t begin = line.find_first_not_of(' ');
  if (begin == std::string_view::npos) return 0;
  for (std::size_t gap = line.find("  ", begin); gap != std::string_view::npos; gap = line.find("  ", gap)) {
    gap = std::min(line.find_first_not_of(' ', gap), line.size());
    if (gap < line.size()) begin = gap;
  }
  return width_of(line.substr(0, begin));
}

}  // namespace

std::string folded(std::string_view line, std::size_t width) {
  std::size_t indent = last_column(line);
  // A column that leaves hardly any room goes on near the margin.
  if (indent > width * 3 / 5) indent = std::min(line.find_first_not_of(' ') + 4, width / 2);
  std::string result;
  std::size_t column = 0, space = std::string::npos, column_at_space = 0, line_begin = 0;
  Columns columns;
  for (const char c : line) {
    const bool blank_so_far = result.find_first_not_of(' ', line_begin) == std::string::npos;
    if (c == ' ' && !blank_so_far) {
      space = result.size();
      column_at_space = column;
    }
    result += c;
    column += columns.of(c);
    if (column <= width || space == std::string::npos || c == ' ') continue;
    const std::size_t gap = result.find_last_not_of(' ', space) + 1;  // several spaces go together
    result.replace(gap, space + 1 - gap, "\n" + std::string(indent, ' '));
    line_begin = gap + 1;
    column = indent + column - column_at_space - 1;
    space = std::string::npos;
  }
  while (result.ends_with(' ')) result.pop_back();
  return result;
}

/// Puts lines that were broken for the full page together again before it breaks them for the terminal.
class Page::Folding : public std::streambuf {
 public:
  Folding(std::streambuf& under, std::size_t width) : under_(under), width_(width) {}

  /// What stands on an unfinished line is written as it is.
  void release() {
    close();
    write(line_);
    line_.clear();
  }

 protected:
  int_type overflow(int_type c) override {
    if (traits_type::eq_int_type(c, traits_type::eof())) return traits_type::not_eof(c);
    const char byte = traits_type::to_char_type(c);
    if (byte != '\n') {
      line_ += byte;
      return c;
    }
    const bool written = take();
    line_.clear();
    return written ? c : traits_type::eof();
  }
  int sync() override {
    release();
    return under_.pubsync();
  }

 private:
  /// The line is complete: it goes on with the one before, or that one is done.
  bool take() {
    const std::size_t begin = std::min(line_.find_first_not_of(' '), line_.size());
    const std::string_view word = std::string_view(line_).substr(begin, line_.find(' ', begin) - begin);
    // What goes on below a table's last column stands deeper than the row.
    const bool below = begin > open_indent_ || (begin == open_indent_ && last_column(paragraph_) == open_indent_);
    const bool broken =
        open_ && !word.empty() && below && open_width_ <= widest && open_width_ + 1 + width_of(word) > widest;
    open_width_ = width_of(line_);
    if (broken) {
      paragraph_ += ' ' + line_.substr(begin);
      return true;
    }
    const bool written = close();
    paragraph_ = line_;
    open_indent_ = begin;
    open_ = true;
    return written;
  }

  bool close() {
    const bool written = !open_ || write(folded(paragraph_, width_) + '\n');
    open_ = false;
    return written;
  }

  bool write(const std::string& text) {
    return under_.sputn(text.data(), static_cast<std::streamsize>(text.size())) ==
           static_cast<std::streamsize>(text.size());
  }

  std::streambuf& under_;
  std::size_t width_;
  std::string line_, paragraph_;                  // the line that is being written; what came before and may go on
  bool open_ = false;                             // there is a paragraph
  std::size_t open_indent_ = 0, open_width_ = 0;  // where it begins; how wide its last line is
};

Page::Page(bool text) {
  const std::size_t width = text ? terminal_width() : 0;
  if (width < narrowest || width >= widest) return;
  folding_ = std::make_unique<Folding>(*std::cout.rdbuf(), width);
  before_ = std::cout.rdbuf(folding_.get());
}

Page::~Page() {
  if (!folding_) return;
  folding_->release();
  std::cout.rdbuf(before_);
}

}  // namespace rehearse::cli
