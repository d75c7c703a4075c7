#include "real_backend/powershell/quoting.hpp"

#include <gtest/gtest.h>

#include <stdexcept>
#include <string>
#include <vector>

namespace rehearse::real {
namespace {

/// What PowerShell reads back: the rule of the language, written down a second time from the reader's side.
std::string read_back(const std::string& literal) {
  const std::vector<std::string> quotes = {"'", "\u2018", "\u2019", "\u201A", "\u201B"};
  const auto quote_at = [&](std::size_t at) -> std::size_t {
    for (const std::string& quote : quotes) {
      if (literal.compare(at, quote.size(), quote) == 0) return quote.size();
    }
    return 0;
  };
  std::string text;
  std::size_t at = 1;
  while (at < literal.size()) {
    const std::size_t quote = quote_at(at);
    if (quote == 0) {
      text += literal[at++];
      continue;
    }
    if (quote_at(at + quote) == 0) return at + quote == literal.size() ? text : "ended early";
    text += literal.substr(at, quote);
    at += quote + quote_at(at + quote);
  }
  return "never ended";
}

TEST(Quoting, a_plain_name_stands_between_quotes) {
  EXPECT_EQ(single_quoted("SQL1"), "'SQL1'");
}

TEST(Quoting, every_nasty_text_stays_one_literal) {
  for (const std::string text :
       {"", "'", "''", "x'; Remove-Cluster; '", "$(Get-Date)", "`$x", "\"", "a\nb", "\u2018", "\u2019\u2019", "\u201A'",
        "\u201B;", "été", "節点", "\U0001F600", "@'\nhere\n'@", "%~dp0", "--%"}) {
    EXPECT_EQ(read_back(single_quoted(text)), text) << single_quoted(text);
  }
}

TEST(Quoting, nul_and_broken_utf8_are_refused) {
  EXPECT_THROW(single_quoted(std::string(1, '\0')), std::invalid_argument);
  for (const std::string text : {"\xFF", "\xC0\x80", "\xE2\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "a\x80"}) {
    EXPECT_THROW(single_quoted(text), std::invalid_argument);
  }
}

}  // namespace
}  // namespace rehearse::real
