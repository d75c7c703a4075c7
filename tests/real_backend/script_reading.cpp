#include "script_reading.hpp"

#include <cstddef>

namespace rehearse::real {
namespace {

const std::vector<std::string> quotes = {"'", "\u2018", "\u2019", "\u201A", "\u201B"};

/// Bytes of the quote at this place; 0: none.
std::size_t quote_at(const std::string& text, std::size_t at) {
  for (const std::string& quote : quotes) {
    if (text.compare(at, quote.size(), quote) == 0) return quote.size();
  }
  return 0;
}

struct Reading {
  std::string code;
  std::vector<std::string> literals;
};

Reading read(const std::string& script) {
  Reading reading;
  std::size_t at = 0;
  while (at < script.size()) {
    const std::size_t begins = quote_at(script, at);
    if (begins == 0) {
      reading.code += script[at++];
      continue;
    }
    std::string literal;
    at += begins;
    while (at < script.size()) {
      const std::size_t quote = quote_at(script, at);
      const std::size_t doubled = quote == 0 ? 0 : quote_at(script, at + quote);
      if (quote != 0 && doubled == 0) {
        at += quote;
        break;
      }
      literal += script.substr(at, quote == 0 ? 1 : quote);
      at += quote == 0 ? 1 : quote + doubled;
    }
    reading.code += '"';
    reading.literals.push_back(literal);
  }
  return reading;
}

}  // namespace

std::string without_literals(const std::string& script) {
  return read(script).code;
}
std::vector<std::string> literals_of(const std::string& script) {
  return read(script).literals;
}

}  // namespace rehearse::real
