#include "real_backend/utf8.hpp"

#include <gtest/gtest.h>

namespace rehearse::real {
namespace {

TEST(Utf8, is_what_the_standard_says) {
  for (const char* text : {"", "plain", "Gr\u00FC\u00DFe", "\u0800\uFFFD\uD7FF\uE000", "\U00010000\U0010FFFF"}) {
    EXPECT_TRUE(is_utf8(text)) << text;
  }
  for (const char* text :
       {"\x80", "\xC0\xAF", "\xC1\xBF", "\xE0\x80\x80", "\xE0\x9F\xBF", "\xED\xA0\x80", "\xED\xBF\xBF",
        "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF", "a\xC3", "\xE2\x82", "\xC3("}) {
    EXPECT_FALSE(is_utf8(text)) << text;
  }
}

TEST(Printable, makes_one_line_of_what_programs_write) {
  EXPECT_EQ(printable("  first\r\n\n\tsecond \x1B[31mred\n   third  \n"), "first / ?second ?[31mred / third");
  EXPECT_EQ(printable("Gr\u00FC\u00DFe \xFF \u0085"), "Gr\u00FC\u00DFe ? ?");
  EXPECT_EQ(printable("\n \n"), "");
}

}  // namespace
}  // namespace rehearse::real
