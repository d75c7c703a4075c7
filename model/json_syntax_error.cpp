#include "model/json_syntax_error.hpp"

#include <algorithm>
#include <cctype>

namespace rehearse::model {
namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-' || c == '+' || c == '.';
}

/// The token as a reader sees it: a quoted string, a word, or one mark; shortened.
std::string found_at(std::string_view text, std::size_t offset) {
  constexpr std::size_t longest = 24;
  if (offset >= text.size()) return "the end of the file";
  std::size_t end = offset + 1;
  if (text[offset] == '"') {
    while (end < text.size() && text[end] != '"' && text[end] != '\n') end += text[end] == '\\' ? 2 : 1;
    end = std::min(end + 1, text.size());
  } else if (is_word(text[offset])) {
    while (end < text.size() && is_word(text[end])) ++end;
  } else {
    return std::string("'") + text[offset] + "'";
  }
  const std::string_view token = text.substr(offset, end - offset);
  return token.size() <= longest ? std::string(token) : std::string(token.substr(0, longest)) + "...";
}

bool contains(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

SyntaxError broken_token(std::string_view report, std::string_view text, std::size_t token, std::size_t last) {
  if (contains(report, "missing closing quote")) {
    return {token, "this string is never closed", "end it with a double quote"};
  }
  if (contains(report, "ill-formed UTF-8")) {
    return {last, "a byte here is not valid UTF-8", "save the file as UTF-8"};
  }
  if (contains(report, "after backslash")) {
    return {last == 0 ? 0 : last - 1,
            "a backslash inside a string must begin one of \\\\ \\\" \\/ \\b \\f \\n \\r \\t \\u",
            "write a backslash as \\\\"};
  }
  if (contains(report, "control character U+000A") || contains(report, "control character U+000D")) {
    return {token, "this string does not end on its line", "end it with a double quote"};
  }
  if (contains(report, "control character")) {
    return {last, "a control character stands inside a string", "write it as an escape, a tab for example as \\t"};
  }
  if (contains(report, "hex digits") || contains(report, "surrogate")) {
    return {last, "a \\u escape is not complete", "write \\u and four hexadecimal digits, surrogates in pairs"};
  }
  if (contains(report, "missing closing '*/'")) {
    return {token, "this comment is never closed", "end it with */"};
  }
  if (contains(report, "invalid comment")) {
    return {token, "a '/' outside of a string must begin a comment", "write // or /* */"};
  }
  if (contains(report, "invalid number")) {
    return {token, found_at(text, token) + " is not a complete number", "write digits after a sign, a point or an e"};
  }
  if (contains(report, "parsing object key")) {
    return {token, "found " + found_at(text, token) + " where a key must come", "write keys in double quotes"};
  }
  return {token, found_at(text, token) + " is no JSON value",
          "write a string in double quotes, a number, true, false, null, an object or an array"};
}

}  // namespace

SyntaxError describe_syntax_error(std::string_view report, std::string_view text, std::size_t token, std::size_t last) {
  const std::string found = found_at(text, token);
  if (contains(report, "number overflow")) {
    return {token, "the number " + found + " is too large", "no quantity of this program is that large"};
  }
  if (contains(report, "- invalid")) return broken_token(report, text, token, last);

  const bool closes = token < text.size() && (text[token] == '}' || text[token] == ']');
  if (contains(report, "parsing object key")) {
    return {token, "found " + found + " where a key must come",
            closes ? "remove the comma before it" : "write keys in double quotes"};
  }
  if (contains(report, "parsing object separator")) {
    return {token, "found " + found + " where ':' must come", "write a key as \"key\": value"};
  }
  if (contains(report, "end of input")) {
    if (token < text.size()) {
      return {token, "found " + found + " after the end of the JSON value", "a file holds one object; remove the rest"};
    }
    return {token, "the file ends too early", "close every object with '}' and every array with ']'"};
  }
  if (contains(report, "parsing object -") || contains(report, "parsing array -")) {
    const std::string closing = contains(report, "parsing object -") ? "'}'" : "']'";
    return {token, "found " + found + " where ',' or " + closing + " must come", "is a comma missing before it?"};
  }
  return {token, "found " + found + " where a value must come",
          closes ? "remove the comma before it, or write the missing value" : "write the missing value"};
}

}  // namespace rehearse::model
