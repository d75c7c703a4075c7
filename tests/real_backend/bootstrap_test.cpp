#include "real_backend/transport/bootstrap.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/evp.h>

#include <algorithm>
#include <cctype>
#include <sstream>

namespace rehearse::real {
namespace {

std::string decoded(const std::string& base64) {
  if (base64.empty()) return {};
  std::string bytes(base64.size() / 4 * 3, '\0');
  const int length =
      EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                      reinterpret_cast<const unsigned char*>(base64.data()), static_cast<int>(base64.size()));
  EXPECT_GE(length, 0) << base64;
  const auto padding = static_cast<std::size_t>(std::count(base64.end() - 2, base64.end(), '='));
  bytes.resize(static_cast<std::size_t>(length) - padding);
  return bytes;
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

TEST(Bootstrap, stays_far_below_the_limit_of_a_command_line_of_windows) {
  std::size_t length = std::string("powershell.exe").size();
  for (const std::string& word : bootstrap_arguments()) length += 1 + word.size();
  EXPECT_LT(length, 6000u);
}

TEST(Bootstrap, is_encoded_as_powershell_reads_it) {
  const std::vector<std::string> words = bootstrap_arguments();
  ASSERT_EQ(words.at(words.size() - 2), "-EncodedCommand");
  const std::string wide = decoded(words.back());
  ASSERT_EQ(wide.size(), 2 * bootstrap_text().size());
  for (std::size_t i = 0; i < bootstrap_text().size(); ++i) {
    ASSERT_EQ(wide[2 * i], bootstrap_text()[i]) << i;
    ASSERT_EQ(wide[2 * i + 1], '\0') << i;
  }
}

TEST(Bootstrap, is_made_of_words_in_which_no_shell_finds_anything_to_do) {
  for (const std::string& word : bootstrap_arguments()) {
    EXPECT_TRUE(std::all_of(word.begin(), word.end(), [](unsigned char c) {
      return std::isalnum(c) || c == '-' || c == '+' || c == '/' || c == '=';
    })) << word;
  }
}

TEST(Bootstrap, greets_with_what_our_end_waits_for) {
  EXPECT_NE(bootstrap_text().find("'" + std::string(greeting) + "'"), std::string_view::npos);
}

TEST(Bootstrap, is_plain_ascii) {
  for (const char c : bootstrap_text()) EXPECT_TRUE(c == '\n' || (c >= ' ' && c <= '~')) << static_cast<int>(c);
}

TEST(BootstrapInput, carries_script_and_secrets_whatever_they_hold) {
  const std::string text = "'a'\r\nGr\u00FC\u00DFe \u2018\n";
  const RemoteScript script(
      "SQL1", text,
      {steps::Secret("master account", "a b\nc\u00E9"), steps::Secret("empty", ""), steps::Secret("x=y", "2027-03-01")},
      std::chrono::seconds(1));
  const std::vector<std::string> lines = lines_of(bootstrap_input(script));
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_EQ(decoded(lines[0]), text);
  EXPECT_EQ(lines[2], "run");

  std::vector<std::string> words;
  std::istringstream given(lines[1]);
  for (std::string word; std::getline(given, word, ' ');) words.push_back(decoded(word));
  EXPECT_THAT(words, testing::ElementsAre("master account", "a b\nc\u00E9", "empty", "", "x=y", "2027-03-01"));
}

TEST(BootstrapInput, is_encoded_in_one_line_however_long_the_script_is) {
  std::string text;
  while (text.size() < (7u << 20)) text += "Write-Output 'a line of a long script'\n";
  const std::vector<std::string> lines = lines_of(bootstrap_input(RemoteScript("SQL1", text, {}, Duration{1})));
  ASSERT_EQ(lines.size(), 3u);
  EXPECT_TRUE(decoded(lines[0]) == text);
  EXPECT_EQ(lines[1], "");
}

}  // namespace
}  // namespace rehearse::real
