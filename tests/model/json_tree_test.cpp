#include "model/json_tree.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace rehearse::model {
namespace {

using testing::HasSubstr;

struct Parsed {
  std::optional<JsonDocument> document;
  std::vector<Diagnostic> diagnostics;
};

Parsed parse(std::string_view text, SingleBackslashes backslashes = SingleBackslashes::refused) {
  Parsed result;
  result.document = parse_json(text, "file.json", result.diagnostics, backslashes);
  return result;
}

void expect_place(const Place& place, int line, int column) {
  EXPECT_EQ(place.line, line);
  EXPECT_EQ(place.column, column);
}

TEST(JsonTree, every_value_knows_where_it_begins) {
  const std::string text =
      "// a comment\n"
      "{\n"
      "  \"a\" : 12,/* before */ \"b\": [true ,null,\n"
      "    -1.5e3],\n"
      "  \"c\":{\"d\":\"x, y: z // no comment\"}, \"e\":[ ]\n"
      "}\n";
  const Parsed parsed = parse(text);
  ASSERT_TRUE(parsed.document);
  const JsonNode& root = parsed.document->root;
  const auto place = [&](std::size_t offset) { return parsed.document->place(offset, {}); };
  expect_place(place(root.offset), 2, 1);
  ASSERT_EQ(root.members.size(), 4u);
  expect_place(place(root.members[0].key_offset), 3, 3);
  expect_place(place(root.members[0].value.offset), 3, 9);
  EXPECT_EQ(root.members[0].value.whole, 12);
  expect_place(place(root.members[1].key_offset), 3, 25);
  const JsonNode& array = root.members[1].value;
  expect_place(place(array.offset), 3, 30);
  ASSERT_EQ(array.elements.size(), 3u);
  expect_place(place(array.elements[0].offset), 3, 31);
  expect_place(place(array.elements[1].offset), 3, 37);
  expect_place(place(array.elements[2].offset), 4, 5);
  EXPECT_EQ(array.elements[2].kind, JsonNode::Kind::real);
  EXPECT_EQ(array.elements[2].text, "-1.5e3");
  const JsonNode& inner = root.members[2].value;
  expect_place(place(inner.offset), 5, 7);
  expect_place(place(inner.members[0].key_offset), 5, 8);
  expect_place(place(inner.members[0].value.offset), 5, 12);
  EXPECT_EQ(inner.members[0].value.text, "x, y: z // no comment");
  expect_place(place(root.members[3].value.offset), 5, 42);
}

TEST(JsonTree, a_number_ends_where_its_digits_end) {
  for (const char* text : {"[7]", "[7 ]", "[7,8]", "[7/* c */,8]", "[7\n]", "7"}) {
    const Parsed parsed = parse(text);
    ASSERT_TRUE(parsed.document) << text;
    const JsonNode& root = parsed.document->root;
    const JsonNode& number = root.kind == JsonNode::Kind::array ? root.elements.at(0) : root;
    EXPECT_EQ(number.text, "7") << text;
    if (root.elements.size() == 2) {
      EXPECT_EQ(text[root.elements[1].offset], '8') << text;
    }
  }
}

TEST(JsonTree, whole_numbers_beyond_64_bits_are_real) {
  const Parsed parsed = parse("[9223372036854775807, -9223372036854775808, 9223372036854775808, 1e3]");
  ASSERT_TRUE(parsed.document);
  const auto& numbers = parsed.document->root.elements;
  EXPECT_EQ(numbers[0].whole, INT64_MAX);
  EXPECT_EQ(numbers[1].whole, INT64_MIN);
  EXPECT_EQ(numbers[2].kind, JsonNode::Kind::real);
  EXPECT_EQ(numbers[3].kind, JsonNode::Kind::real);
}

TEST(JsonTree, a_key_that_comes_twice_is_an_error_with_both_places_but_the_tree_is_there) {
  const Parsed parsed = parse("{\n  \"a\": { \"x\": 1,\n    \"x\": 2 }\n}");
  ASSERT_TRUE(parsed.document);
  ASSERT_EQ(parsed.diagnostics.size(), 1u);
  expect_place(parsed.diagnostics[0].place, 3, 5);
  EXPECT_EQ(parsed.diagnostics[0].place.pointer, "/a/x");
  EXPECT_THAT(parsed.diagnostics[0].what, HasSubstr("line 2, column 10"));
  EXPECT_EQ(parsed.document->root.members[0].value.members.size(), 2u);
}

TEST(JsonTree, a_byte_order_mark_is_skipped) {
  const Parsed parsed = parse("\xEF\xBB\xBF{ \"a\": 1 }");
  ASSERT_TRUE(parsed.document);
  EXPECT_TRUE(parsed.diagnostics.empty());
  expect_place(parsed.document->place(parsed.document->root.offset, {}), 1, 1);
}

struct Broken {
  const char* text;
  int line, column;
  const char* what;
};

class BrokenJson : public testing::TestWithParam<Broken> {};

TEST_P(BrokenJson, gives_one_error_at_the_place_of_the_slip) {
  const Parsed parsed = parse(GetParam().text);
  EXPECT_FALSE(parsed.document);
  ASSERT_EQ(parsed.diagnostics.size(), 1u);
  expect_place(parsed.diagnostics[0].place, GetParam().line, GetParam().column);
  EXPECT_THAT(parsed.diagnostics[0].what, HasSubstr(GetParam().what));
  EXPECT_FALSE(parsed.diagnostics[0].remedy.empty());
}

INSTANTIATE_TEST_SUITE_P(
    Slips, BrokenJson,
    testing::Values(
        Broken{"{ \"a\": 1\n  \"b\": 2 }", 2, 3, "found \"b\" where ',' or '}' must come"},
        Broken{"[1 2]", 1, 4, "found 2 where ',' or ']' must come"},
        Broken{"{ \"a\": 1, }", 1, 11, "found '}' where a key must come"},
        Broken{"[1, ]", 1, 5, "found ']' where a value must come"},
        Broken{"{ \"a\" 1 }", 1, 7, "found 1 where ':' must come"},
        Broken{"{ a: 1 }", 1, 3, "found a where a key must come"},
        Broken{"{ \"a\": }", 1, 8, "found '}' where a value must come"},
        Broken{"{ \"a\": yes }", 1, 8, "yes is no JSON value"}, Broken{"{ \"a\": 1", 1, 9, "ends too early"},
        Broken{"{ \"a\": \"x }", 1, 8, "never closed"}, Broken{"{ \"a\": \"x\n\" }", 1, 8, "does not end on its line"},
        Broken{"{ \"a\": \"C:\\dir\" }", 1, 11, "backslash"}, Broken{"{ \"a\": \"\\u12\" }", 1, 13, "\\u escape"},
        Broken{"{ \"a\": \"\xC3(\" }", 1, 10, "not valid UTF-8"},
        Broken{"{ \"a\": -x }", 1, 8, "not a complete number"}, Broken{"{ \"a\": 1e400 }", 1, 8, "too large"},
        Broken{"{ } { }", 1, 5, "after the end"}, Broken{"/* open", 1, 1, "comment is never closed"},
        Broken{"{ / }", 1, 3, "must begin a comment"}, Broken{"", 0, 0, "empty"}, Broken{"\xFF\xFE{", 0, 0, "UTF-16"}));

TEST(JsonTree, text_after_a_nul_byte_is_not_silently_dropped) {
  const Parsed parsed = parse(std::string_view("{}\0garbage", 10));
  EXPECT_FALSE(parsed.document);
  ASSERT_EQ(parsed.diagnostics.size(), 1u);
  EXPECT_THAT(parsed.diagnostics[0].what, HasSubstr("NUL"));
}

TEST(JsonTree, nesting_is_limited) {
  const auto nested = [](std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); };
  EXPECT_TRUE(parse(nested(json_depth_limit)).document);
  const Parsed parsed = parse(nested(json_depth_limit + 1));
  EXPECT_FALSE(parsed.document);
  ASSERT_EQ(parsed.diagnostics.size(), 1u);
  EXPECT_THAT(parsed.diagnostics[0].what, HasSubstr("nested deeper"));
  EXPECT_FALSE(parse(std::string(1000000, '[')).document);
}

TEST(JsonTree, size_is_limited) {
  const Parsed parsed = parse(std::string(json_size_limit + 1, ' '));
  EXPECT_FALSE(parsed.document);
  ASSERT_EQ(parsed.diagnostics.size(), 1u);
  EXPECT_THAT(parsed.diagnostics[0].remedy, HasSubstr("16 MiB"));
}

TEST(JsonTree, single_backslashes_can_be_tolerated_and_columns_stay_those_of_the_file) {
  const Parsed parsed = parse("{ \"a\": \"X\\INST\\named\", \"b\": \"X\\\\Y\\u0041\" }", SingleBackslashes::tolerated);
  ASSERT_TRUE(parsed.document);
  EXPECT_EQ(parsed.document->root.members[0].value.text, "X\\INST\\named");
  EXPECT_EQ(parsed.document->root.members[1].value.text, "X\\YA");
  ASSERT_EQ(parsed.diagnostics.size(), 2u);
  EXPECT_EQ(parsed.diagnostics[0].severity, Severity::warning);
  expect_place(parsed.diagnostics[0].place, 1, 10);
  expect_place(parsed.diagnostics[1].place, 1, 15);
  expect_place(parsed.document->place(parsed.document->root.members[1].key_offset, {}), 1, 24);
}

TEST(JsonTree, every_beginning_of_a_document_is_one_error) {
  const std::string text = "{ \"a\": [1, -2.5e3, \"x\\n\\u00e9\"], /* c */ \"b\": { \"c\": null, \"d\": true } } ";
  ASSERT_TRUE(parse(text).document);
  const std::size_t end = text.rfind('}');
  for (std::size_t size = 0; size <= end; ++size) {
    const Parsed parsed = parse(std::string_view(text).substr(0, size));
    EXPECT_FALSE(parsed.document) << size;
    EXPECT_EQ(parsed.diagnostics.size(), 1u) << size;
  }
}

TEST(JsonTree, pointers_escape_their_marks) {
  EXPECT_EQ(pointer_to("/a", "b/c~d"), "/a/b~1c~0d");
  EXPECT_EQ(pointer_to("", 7), "/7");
}

}  // namespace
}  // namespace rehearse::model
