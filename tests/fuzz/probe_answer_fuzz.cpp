// What servers of strangers answer a probe: HTTP, and SQL Server's PRELOGIN.
#include <algorithm>

#include "fuzzing.hpp"
#include "real_backend/probe/http_answer.hpp"
#include "real_backend/probe/tds_prelogin.hpp"

namespace rehearse::fuzz {
namespace {

void read_http(std::string_view bytes) {
  const auto whole = real::read_http_answer(bytes);
  if (!whole) return;
  require(whole->status >= 100 && whole->status <= 999, "a status has three digits");
  require(std::all_of(whole->server.begin(), whole->server.end(), [](char c) { return c >= ' ' && c <= '~'; }),
          "a server's name can be shown");
  const auto part = real::read_http_answer(bytes.substr(0, bytes.size() / 2));
  if (!part) return;
  require(part->status == whole->status && part->server == whole->server && part->date == whole->date,
          "the head is read once it is there");
  require(!part->complete || whole->complete, "what is complete remains so");
}

void read_prelogin(std::string_view bytes) {
  const real::PreloginReading whole = real::read_prelogin(bytes);
  require(whole.answer.has_value() + whole.incomplete + !whole.problem.empty() == 1,
          "an answer, or more must come, or a problem");
  if (whole.answer) {
    require(!whole.answer->version().empty() && !to_text(whole.answer->encryption).empty(), "an answer can be told");
    whole.answer->product();
  }
  const real::PreloginReading part = real::read_prelogin(bytes.substr(0, bytes.size() / 2));
  require(part.incomplete || (part.problem == whole.problem && part.answer.has_value() == whole.answer.has_value()),
          "what was decided remains so when more comes");
}

}  // namespace
}  // namespace rehearse::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rehearse;
  fuzz::read_http(fuzz::text_of(data, size));
  fuzz::read_prelogin(fuzz::text_of(data, size));
  return 0;
}
