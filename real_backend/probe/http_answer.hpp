// The answer to one HTTP request, as far as a probe reads it: the status, who says it, at what time, and the beginning
// of the text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/units.hpp"

namespace rehearse::real {

struct HttpAnswer {
  int status = 0;
  std::string server;        // the Server header, printable characters only; empty: none
  std::optional<Date> date;  // the Date header: the clock of the machine that answers
  std::string text;          // the body as far as it came
  bool complete = false;     // the body is there as far as its Content-Length says; false where it states none
};

/// nullopt: the head is not complete yet, or it is no HTTP answer. Never throws for bad bytes.
std::optional<HttpAnswer> read_http_answer(std::string_view bytes);

/// "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, IMF-fixdate, the only form that servers write today).
std::optional<Date> parse_http_date(std::string_view text);

}  // namespace rehearse::real
