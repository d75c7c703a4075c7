#include "real_backend/redaction.hpp"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "real_backend/base64.hpp"
#include "real_backend/powershell/quoting.hpp"

namespace rehearse::real {
namespace {

using nlohmann::json;
using steps::Secret;

// Every character that some notation escapes, and some that are not ASCII.
const std::string password = "Pa$$w0rd'\"\\/<&>\xE2\x80\x99 \t+\xC3\xA4\xF0\x9F\x98\x80";
const std::string mark = "<secret 'p'>";

std::string clean(const std::string& text) {
  Redaction redaction;
  EXPECT_TRUE(redaction.add(Secret("p", password)));
  return redaction.clean(text);
}

std::string percent_encoded(const std::string& text, const char* digits) {
  std::string result;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (std::isalnum(byte)) {
      result += c;
    } else {
      result += '%';
      result += digits[byte >> 4];
      result += digits[byte & 15];
    }
  }
  return result;
}

std::string utf16le(const std::string& ascii) {
  std::string bytes;
  for (const char c : ascii) bytes += {c, '\0'};
  return bytes;
}

TEST(Redaction, takes_a_secret_out_as_it_is) {
  EXPECT_EQ(clean(password), mark);
  EXPECT_EQ(clean("the password " + password + password + " is wrong"), "the password " + mark + mark + " is wrong");
  EXPECT_EQ(clean("nothing to see"), "nothing to see");
  EXPECT_EQ(clean(""), "");
  EXPECT_EQ(clean(password.substr(0, password.size() - 1)), password.substr(0, password.size() - 1));
}

TEST(Redaction, takes_it_out_however_json_is_written) {
  const std::string once = json(password).dump();
  const std::string ascii = json(password).dump(-1, ' ', true);
  const std::string twice = json(once).dump();
  const std::string ascii_twice = json(ascii).dump();
  EXPECT_EQ(clean(once), "\"" + mark + "\"");
  EXPECT_EQ(clean(ascii), "\"" + mark + "\"");
  EXPECT_EQ(clean(twice), "\"\\\"" + mark + "\\\"\"");
  EXPECT_EQ(clean(ascii_twice), "\"\\\"" + mark + "\\\"\"");
  // As Windows PowerShell 5.1 and .NET write it.
  EXPECT_EQ(clean("Pa$$w0rd\\u0027\\\"\\\\/\\u003c\\u0026\\u003e\\u2019 \\t+\xC3\xA4\xF0\x9F\x98\x80"), mark);
  EXPECT_EQ(clean("Pa$$w0rd\\u0027\\u0022\\\\/\\u003C\\u0026\\u003E\\u2019 \\t\\u002B\\u00E4\\uD83D\\uDE00"), mark);
}

TEST(Redaction, takes_it_out_of_addresses_xml_and_powershell_literals) {
  EXPECT_EQ(clean(percent_encoded(password, "0123456789ABCDEF")), mark);
  EXPECT_EQ(clean(percent_encoded(password, "0123456789abcdef")), mark);
  EXPECT_EQ(clean("Pa$$w0rd&apos;&quot;\\/&lt;&amp;&gt;\xE2\x80\x99 &#9;+\xC3\xA4&#x1F600;"), mark);
  EXPECT_EQ(clean(single_quoted(password)), "'" + mark + "'");
}

TEST(Redaction, takes_base64_out_wherever_it_stands_in_longer_data) {
  Redaction redaction;
  const std::string secret = "Winter?~2027";
  redaction.add(Secret("p", secret));
  EXPECT_EQ(redaction.clean(to_base64(secret)), mark);
  EXPECT_EQ(redaction.clean(to_base64(utf16le(secret))), mark);
  for (const std::string& bytes : {secret, utf16le(secret)}) {
    for (std::size_t before = 0; before < 7; ++before) {
      const std::string cleaned = redaction.clean(to_base64(std::string(before, 'x') + bytes + "and more"));
      EXPECT_NE(cleaned.find(mark), cleaned.npos) << before << ": " << cleaned;
    }
  }
  std::string url = to_base64(secret);
  std::replace(url.begin(), url.end(), '+', '-');
  std::replace(url.begin(), url.end(), '/', '_');
  EXPECT_EQ(redaction.clean(url), mark);
}

TEST(Redaction, the_longest_of_several_secrets_wins_and_marks_are_not_searched_again) {
  Redaction redaction;
  redaction.add(Secret("short", "secret"));
  redaction.add(Secret("long", "secret-of-sql"));
  EXPECT_EQ(redaction.clean("secret-of-sql secret"), "<secret 'long'> <secret 'short'>");
}

TEST(Redaction, does_not_look_for_secrets_that_are_in_every_second_word) {
  Redaction redaction;
  EXPECT_FALSE(redaction.add(Secret("p", "the")));
  EXPECT_FALSE(redaction.add(Secret()));
  EXPECT_TRUE(redaction.add(Secret("q", "them")));
  EXPECT_EQ(redaction.clean("the end of them"), "the end of <secret 'q'>");
}

TEST(Redaction, survives_bytes_that_are_no_text) {
  Redaction redaction;
  const std::string bytes = std::string("\xFF\xFE\0\x80", 4);
  EXPECT_TRUE(redaction.add(Secret("p", bytes)));
  EXPECT_EQ(redaction.clean("a" + bytes + "\xFF"), "a" + mark + "\xFF");
}

TEST(Redaction, lines_of_json_stay_json) {
  Redaction redaction;
  redaction.add(Secret("password of CORP\\svc", "nasty-\"secret\""));
  redaction.add(Secret("number", "8391"));
  const json line = {
      {"asty", "\nasty-\"secret\""}, {"message", "with nasty-\"secret\""}, {"port", 8391}, {"deep", {{"8391"}}}};
  const json cleaned = json::parse(redaction.clean_json(line.dump()));
  EXPECT_EQ(cleaned, json({{"asty", "\nasty-\"secret\""},
                           {"message", "with <secret 'password of CORP\\svc'>"},
                           {"port", 8391},
                           {"deep", {{"<secret 'number'>"}}}}));
  EXPECT_EQ(redaction.clean_json("no JSON: 8391"), "no JSON: <secret 'number'>");
}

TEST(Redaction, cleans_failures_and_keeps_all_else_of_them) {
  Redaction redaction;
  redaction.add(Secret("p", "Winter2027"));
  steps::Failure failure(steps::FailureCode::refused, "logon with Winter2027 denied", "InstallFci", "SQL1");
  failure.attach_step("install_fci");
  EXPECT_STREQ(redaction.clean(failure).what(),
               "install_fci: InstallFci on SQL1: refused: logon with <secret 'p'> denied");
}

}  // namespace
}  // namespace rehearse::real
