#include "real_backend/probe/http_answer.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstddef>

#include "model/endpoint.hpp"

namespace rehearse::real {
namespace {

/// All of `text` as a number without sign.
std::optional<std::size_t> whole(std::string_view text) {
  std::size_t number = 0;
  const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (text.empty() || failure != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Takes one line from the front of `text`, without its end.
std::string_view take_line(std::string_view& text) {
  const std::size_t end = text.find("\r\n");
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == text.npos ? text.size() : end + 2);
  return line;
}

std::string printable(std::string_view text) {
  constexpr std::size_t longest = 100;
  std::string result(text.substr(0, longest));
  std::replace_if(
      result.begin(), result.end(), [](unsigned char c) { return c < 0x20 || c > 0x7E; }, '?');
  return result;
}

}  // namespace

std::optional<Date> parse_http_date(std::string_view text) {
  constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  constexpr std::string_view pattern = "Sun, 06 Nov 1994 08:49:37 GMT";
  if (text.size() != pattern.size() || text.substr(25) != " GMT") return std::nullopt;
  const auto month = std::find(months.begin(), months.end(), text.substr(8, 3));
  const auto day = whole(text.substr(5, 2)), year = whole(text.substr(12, 4));
  const auto hours = whole(text.substr(17, 2)), minutes = whole(text.substr(20, 2)),
             seconds = whole(text.substr(23, 2));
  if (month == months.end() || !day || !year || !hours || !minutes || !seconds) return std::nullopt;
  if (*hours > 23 || *minutes > 59 || *seconds > 60 || *year < 1700 || *year > 2261) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(static_cast<unsigned>(month - months.begin()) + 1),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return Date(std::chrono::sys_days(date) + std::chrono::hours(*hours) + std::chrono::minutes(*minutes) +
              std::chrono::seconds(*seconds));
}

std::optional<HttpAnswer> read_http_answer(std::string_view bytes) {
  const std::size_t head_end = bytes.find("\r\n\r\n");
  if (head_end == bytes.npos || !bytes.starts_with("HTTP/1.")) return std::nullopt;
  std::string_view head = bytes.substr(0, head_end);
  const std::string_view first = take_line(head);
  if (first.size() < 12 || first[8] != ' ' || (first.size() > 12 && first[12] != ' ')) return std::nullopt;
  const auto status = whole(first.substr(9, 3));
  if (!status || *status < 100) return std::nullopt;
  HttpAnswer answer;
  answer.status = static_cast<int>(*status);
  answer.text = std::string(bytes.substr(head_end + 4));
  while (!head.empty()) {
    const std::string_view line = take_line(head);
    const std::size_t colon = line.find(':');
    if (colon == line.npos) continue;
    const std::string_view name = line.substr(0, colon), value = trimmed(line.substr(colon + 1));
    if (model::same_name(name, "Server")) answer.server = printable(value);
    if (model::same_name(name, "Date")) answer.date = parse_http_date(value);
    if (model::same_name(name, "Content-Length")) {
      const auto length = whole(value);
      answer.complete = length && answer.text.size() >= *length;
    }
  }
  return answer;
}

}  // namespace rehearse::real
