#include "model/reading.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "model/whole_file.hpp"

namespace rehearse::model {
namespace {

using std::chrono::milliseconds;
using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;

/// One JSON text and the values in it.
class Reading : public testing::Test {
 protected:
  Value read(const std::string& text) {
    told.clear();
    document = parse_json(text, "file.json", told);
    if (!document) throw std::invalid_argument(text);
    return Value(*document, document->root, "", told);
  }
  /// The one thing that was told.
  Diagnostic only() {
    EXPECT_EQ(told.size(), 1u);
    return told.empty() ? Diagnostic{} : told.front();
  }

  std::optional<JsonDocument> document;
  std::vector<Diagnostic> told;
};

TEST_F(Reading, values_of_the_right_type_are_read_without_a_word) {
  EXPECT_EQ(read("\"x\"").text(), "x");
  EXPECT_EQ(read("7").whole(1, 7), 7);
  EXPECT_EQ(read("7").number(0, 10), 7.0);
  EXPECT_EQ(read("0.25").number(0, 1), 0.25);
  EXPECT_EQ(read("true").boolean(), true);
  EXPECT_EQ(read("\"1m30s\"").duration(), Duration(seconds(90)));
  EXPECT_EQ(read("\"01:30\"").time_of_day(), seconds(5400));
  EXPECT_EQ(read("\"23:59:59\"").time_of_day(), seconds(86399));
  EXPECT_EQ(to_text(read("\"2027-03-01T02:00:00+01:00\"").date().value()), "2027-03-01T01:00:00Z");
  EXPECT_TRUE(told.empty());
}

TEST_F(Reading, every_reader_refuses_every_wrong_type_with_one_error) {
  const std::vector<std::pair<const char*, const char*>> values = {
      {"null", "null"},          {"true", "true"},   {"\"x\"", "the string \"x\""},
      {"7.5", "the number 7.5"}, {"[]", "an array"}, {"{}", "an object"}};
  const auto refused = [&](const char* right, auto reader) {
    for (const auto& [text, described] : values) {
      if (std::string_view(text) == right) continue;
      const Value value = read(text);
      EXPECT_FALSE(reader(value)) << text << " for " << right;
      EXPECT_EQ(told.size(), 1u) << text << " for " << right;
      EXPECT_EQ(only().severity, Severity::error);
      EXPECT_FALSE(only().remedy.empty());
      if (std::string_view(text) != "\"x\"") {
        EXPECT_THAT(only().what, HasSubstr(described)) << right;
      }
    }
  };
  refused("true", [](const Value& value) { return value.boolean().has_value(); });
  refused("\"x\"", [](const Value& value) { return value.text().has_value(); });
  refused("7", [](const Value& value) { return value.whole(0, 100).has_value(); });
  refused("7.5", [](const Value& value) { return value.number(0, 100).has_value(); });
  refused("[]", [](const Value& value) { return value.elements().has_value(); });
  refused("{}", [](const Value& value) { return value.members().has_value(); });
  refused("-", [](const Value& value) { return value.duration().has_value(); });
  refused("-", [](const Value& value) { return value.date().has_value(); });
  refused("-", [](const Value& value) { return value.time_of_day().has_value(); });
}

TEST_F(Reading, ranges_include_their_ends) {
  EXPECT_TRUE(read("3").whole(3, 120));
  EXPECT_TRUE(read("120").whole(3, 120));
  EXPECT_FALSE(read("2").whole(3, 120));
  EXPECT_FALSE(read("121").whole(3, 120));
  EXPECT_THAT(only().remedy, HasSubstr("from 3 to 120"));
  EXPECT_TRUE(read("1").number(0, 1));
  EXPECT_FALSE(read("1.0001").number(0, 1));
  EXPECT_TRUE(read("\"15s\"").duration_within(seconds(15), minutes(1)));
  EXPECT_FALSE(read("\"14999ms\"").duration_within(seconds(15), minutes(1)));
}

TEST_F(Reading, times_of_day_have_two_digits_and_exist) {
  for (const char* wrong :
       {"\"1:00\"", "\"24:00\"", "\"00:60\"", "\"01:00:60\"", "\"01.00\"", "\"01:00:0\"", "\"+1:00\""}) {
    EXPECT_FALSE(read(wrong).time_of_day()) << wrong;
    EXPECT_EQ(told.size(), 1u) << wrong;
  }
}

TEST_F(Reading, texts_are_neither_empty_nor_hold_control_characters_nor_are_they_endless) {
  EXPECT_FALSE(read("\"\"").text());
  EXPECT_FALSE(read("\"CORP\\tsvc\"").text());
  EXPECT_FALSE(read("\"" + std::string(1001, 'x') + "\"").text());
  EXPECT_TRUE(read("\"" + std::string(1000, 'x') + "\"").text());
  EXPECT_TRUE(read("\"\"").any_text());
}

TEST_F(Reading, a_number_without_quotes_is_told_how_to_be_a_word) {
  const Choices<int> versions = {{"2017", 17}, {"2019", 19}};
  EXPECT_EQ(read("\"2019\"").one_of(versions), 19);
  EXPECT_FALSE(read("2019").one_of(versions));
  EXPECT_EQ(only().remedy, "write it in quotes: \"2019\"");
  EXPECT_FALSE(read("\"2O19\"").one_of(versions));
  EXPECT_THAT(only().remedy, HasSubstr("did you mean '2019'?"));
}

TEST_F(Reading, objects_tell_unknown_and_missing_keys_with_their_places) {
  static const Shape shape{"", {{"name", Need::required}, {"count"}, {"port", Need::required}}};
  const Value value = read("{\n  \"nmae\": 1,\n  \"zzz\": 2\n}");
  const auto object = value.object(shape);
  ASSERT_TRUE(object);
  ASSERT_EQ(told.size(), 3u);
  EXPECT_EQ(told[0].place, (Place{2, 3, "/nmae"}));
  EXPECT_EQ(told[0].remedy, "did you mean 'name'?");
  EXPECT_EQ(told[1].place, (Place{3, 3, "/zzz"}));
  EXPECT_EQ(told[1].remedy, "known are: 'name', 'count' or 'port'");
  EXPECT_EQ(told[2].place, (Place{1, 1, ""}));
  EXPECT_EQ(told[2].what, "the key 'port' is missing");
  EXPECT_FALSE(object->find("count"));
  EXPECT_THROW(object->find("colour"), std::logic_error);
}

TEST_F(Reading, a_wrong_member_leaves_its_target_alone) {
  static const Shape shape{"", {{"a"}, {"b"}}};
  const Value value = read("{ \"a\": \"x\", \"b\": 2 }");
  const auto object = value.object(shape);
  int a = 1, b = 1;
  object->read("a", a, &Value::whole, std::int64_t{0}, std::int64_t{10});
  object->read("b", b, &Value::whole, std::int64_t{0}, std::int64_t{10});
  EXPECT_EQ(a, 1);
  EXPECT_EQ(b, 2);
  EXPECT_EQ(only().place.pointer, "/a");
}

TEST_F(Reading, a_doubled_key_comes_once) {
  const Value value = read("{ \"a\": 1, \"a\": 2 }");
  EXPECT_EQ(value.members()->size(), 1u);
}

TEST_F(Reading, all_kinds_of_distributions_can_be_written) {
  const auto dist = [&](const char* text) { return read(text).distribution().value(); };
  EXPECT_EQ(dist("\"5s\""), Distribution::constant(seconds(5)));
  EXPECT_EQ(dist("{\"constant\": \"5s\"}"), Distribution::constant(seconds(5)));
  EXPECT_EQ(dist("{\"uniform\": [\"1s\", \"2s\"]}"), Distribution::uniform(seconds(1), seconds(2)));
  EXPECT_EQ(dist("{\"triangular\": [\"600ms\", \"650ms\", \"4s\"]}"),
            Distribution::triangular(milliseconds(600), milliseconds(650), seconds(4)));
  EXPECT_EQ(dist("{\"exponential\": {\"mean\": \"1m\"}}"), Distribution::exponential(minutes(1)));
  EXPECT_EQ(dist("{\"lognormal\": {\"median\": \"10s\", \"p95\": \"40s\"}}"),
            Distribution::lognormal(seconds(10), seconds(40)));
  EXPECT_EQ(dist("{\"weibull\": {\"scale\": \"10s\", \"shape\": 1.5}}"), Distribution::weibull(seconds(10), 1.5));
  EXPECT_EQ(dist("{\"erlang\": {\"mean\": \"10s\", \"stages\": 3}}"), Distribution::erlang(seconds(10), 3));
  EXPECT_EQ(dist("{\"empirical\": [\"2s\", \"1s\"]}"), Distribution::empirical({seconds(2), seconds(1)}));
}

TEST_F(Reading, wrong_distributions_are_one_error_each) {
  for (const char* wrong :
       {"5", "[]", "{}", "\"5\"", "{\"normal\": \"5s\"}", "{\"uniform\": [\"1s\"]}", "{\"uniform\": [\"2s\", \"1s\"]}",
        "{\"triangular\": [\"1s\", \"5s\", \"4s\"]}", "{\"exponential\": \"5s\"}",
        "{\"lognormal\": {\"median\": \"5s\"}}", "{\"lognormal\": {\"median\": \"5s\", \"p95\": \"4s\"}}",
        "{\"erlang\": {\"mean\": \"5s\", \"stages\": 1.5}}", "{\"weibull\": {\"scale\": \"5s\", \"shape\": 0}}",
        "{\"empirical\": []}", "{\"constant\": \"1s\", \"uniform\": [\"1s\", \"2s\"]}"}) {
    EXPECT_FALSE(read(wrong).distribution()) << wrong;
    EXPECT_EQ(told.size(), 1u) << wrong;
  }
}

TEST(ReadingFiles, folders_and_absent_files_are_told_apart) {
  std::string problem;
  EXPECT_FALSE(read_whole_file(REHEARSE_SOURCE_DIR, 100, problem));
  EXPECT_EQ(problem, "it is a folder");
  EXPECT_FALSE(read_whole_file(REHEARSE_SOURCE_DIR "/no such file", 100, problem));
  EXPECT_EQ(problem, "the file does not exist");
  EXPECT_FALSE(read_whole_file(REHEARSE_SOURCE_DIR "/CMakeLists.txt", 100, problem));
  EXPECT_EQ(problem, "it has more than 100 bytes");
}

}  // namespace
}  // namespace rehearse::model
