// Terminals narrower than the page that accounts are laid out for: while a Page lives, lines of standard output that
// are too wide for the terminal are broken at spaces and go on below their last column.
#pragma once

#include <cstddef>
#include <iosfwd>
#include <memory>
#include <string>
#include <string_view>

namespace rehearse::cli {

class Page {
 public:
  /// `text`: what is written is for people. Nothing is changed otherwise, or where standard output is no terminal.
  explicit Page(bool text);
  ~Page();
  Page(const Page&) = delete;
  Page& operator=(const Page&) = delete;

 private:
  class Folding;
  std::unique_ptr<Folding> folding_;
  std::streambuf* before_ = nullptr;
};

/// The line, without its end, as lines of at most `width` columns where spaces allow. Escape sequences that set colours
/// take no room.
std::string folded(std::string_view line, std::size_t width);

}  // namespace rehearse::cli
