#include "tests/far_side/sql_text.hpp"

#include <cctype>

namespace far_side {
namespace {

bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '#' || c == '$';
}

/// From an opening quote on; the closing one may be doubled.
std::string quoted(const std::string& text, std::size_t& at, char close) {
  std::string inside;
  for (++at; at < text.size(); ++at) {
    if (text[at] != close) {
      inside += text[at];
    } else if (at + 1 < text.size() && text[at + 1] == close) {
      inside += text[++at];
    } else {
      ++at;
      return inside;
    }
  }
  throw sql_error(105, "Unclosed quotation mark after the character string '" + inside + "'.");
}

}  // namespace

std::vector<SqlToken> sql_tokens(const std::string& text) {
  using Kind = SqlToken::Kind;
  std::vector<SqlToken> tokens;
  std::size_t at = 0;
  while (at < text.size()) {
    const char c = text[at];
    if (std::isspace(static_cast<unsigned char>(c)) != 0) {
      ++at;
    } else if (c == '\'' || ((c == 'N' || c == 'n') && at + 1 < text.size() && text[at + 1] == '\'')) {
      if (c != '\'') ++at;
      tokens.push_back({Kind::text, quoted(text, at, '\'')});
    } else if (c == '[' || c == '"') {
      tokens.push_back({Kind::quoted_name, quoted(text, at, c == '[' ? ']' : '"')});
    } else if (c == '@' || is_word(c)) {
      const std::size_t begin = at++;
      while (at < text.size() && (is_word(text[at]) || text[at] == '@')) ++at;
      const std::string word = text.substr(begin, at - begin);
      const bool number = word.find_first_not_of("0123456789") == std::string::npos;
      tokens.push_back({c == '@' ? Kind::parameter : number ? Kind::number : Kind::word, word});
    } else if (std::string("(),=.;*<>+-").find(c) != std::string::npos) {
      tokens.push_back({Kind::sign, std::string(1, c)});
      ++at;
    } else {
      throw std::logic_error("the far side's T-SQL does not know the character " + std::string(1, c) + " in: " + text);
    }
  }
  return tokens;
}

Error sql_error(int number, const std::string& message) {
  Error error(message, "NotSpecified", "SqlException", -2146232060);
  error.type = "System.Data.SqlClient.SqlException";
  error.inner = make_object(error.type, {{"Message", message},
                                         {"Number", number},
                                         {"HResult", std::int64_t{-2146232060}},
                                         {"Class", 16},
                                         {"State", 1},
                                         {"InnerException", Value()}});
  return error;
}

bool SqlCursor::next_is(const std::string& word) const {
  return !at_end() && tokens_[at_].kind != SqlToken::Kind::text && tokens_[at_].kind != SqlToken::Kind::quoted_name &&
         same_text(tokens_[at_].text, word);
}

bool SqlCursor::take(const std::string& word) {
  if (!next_is(word)) return false;
  ++at_;
  return true;
}

void SqlCursor::expect(const std::string& word) {
  if (!take(word)) unknown();
}

const SqlToken& SqlCursor::peek() const {
  if (at_end()) unknown();
  return tokens_[at_];
}

SqlToken SqlCursor::take_any() {
  if (at_end()) unknown();
  return tokens_[at_++];
}

std::string SqlCursor::take_name() {
  std::string name = take_any().text;
  while (take(".")) name += "." + take_any().text;
  return name;
}

void SqlCursor::unknown() const {
  std::string text;
  for (std::size_t i = 0; i < tokens_.size(); ++i) {
    text += (text.empty() ? "" : " ") + std::string(i == at_ ? ">>> " : "") + tokens_[i].text;
  }
  throw std::logic_error("the far side does not know this T-SQL: " + text);
}

Value constant(SqlCursor& cursor, const SqlParameters& parameters) {
  const SqlToken token = cursor.take_any();
  if (token.kind == SqlToken::Kind::number) return Value(token.text).whole();
  if (token.kind == SqlToken::Kind::text) return token.text;
  if (token.kind == SqlToken::Kind::parameter) {
    const auto found = parameters.find(token.text);
    if (found == parameters.end()) {
      throw sql_error(137, "Must declare the scalar variable \"" + token.text + "\".");
    }
    return found->second;
  }
  return token.text;
}

Value db_null() {
  static const Value value = [] {
    auto object = make_object("System.DBNull", {});
    object->shown = "";
    return Value(object);
  }();
  return value;
}

bool is_db_null(const Value& value) {
  return value.is_null() || (value.object() != nullptr && value.object()->type == "System.DBNull");
}

}  // namespace far_side
