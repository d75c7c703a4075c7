// Whatever a design calls its parts, it stays text.
#include "sim/report/html/markup.hpp"

#include <gtest/gtest.h>

#include <stdexcept>

namespace rehearse::sim::html {
namespace {

TEST(Markup, escapes_texts_and_attributes) {
  Markup page;
  page.element("td", "<script>\"a\" & 'b'</script>", {{"title", "\"><script>"}});
  EXPECT_EQ(
      page.str(),
      "<td title=\"&quot;&gt;&lt;script&gt;\">&lt;script&gt;&quot;a&quot; &amp; &apos;b&apos;&lt;/script&gt;</td>");
}

TEST(Markup, replaces_what_is_no_text) {
  Markup page;
  page.element("p", std::string("a\0b\xff", 4));
  EXPECT_EQ(page.str(), "<p>a\uFFFDb\uFFFD</p>\n");
}

TEST(Markup, knows_which_elements_are_open) {
  Markup page;
  EXPECT_THROW(page.close(), std::logic_error);
  page.open("p");
  EXPECT_THROW(page.str(), std::logic_error);
  EXPECT_EQ(page.text("x").close().str(), "<p>x</p>\n");
}

TEST(Markup, data_of_a_script_cannot_end_the_script) {
  EXPECT_EQ(script_json(R"({"name":"</script><!--&]]>"})"), R"({"name":"\u003c/script\u003e\u003c!--\u0026]]\u003e"})");
  EXPECT_EQ(script_json("\"\u2028\u2029\u20ac\""), "\"\\u2028\\u2029\u20ac\"");
}

TEST(HtmlTable, wants_rows_of_its_own_width) {
  HtmlTable table("Things", {"one", "two"});
  EXPECT_THROW(table.add({"alone"}), std::logic_error);
}

}  // namespace
}  // namespace rehearse::sim::html
