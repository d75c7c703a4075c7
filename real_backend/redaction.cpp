#include "real_backend/redaction.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <nlohmann/json.hpp>
#include <set>
#include <utility>

#include "model/steps/field_json.hpp"
#include "real_backend/base64.hpp"
#include "real_backend/powershell/quoting.hpp"
#include "real_backend/utf8.hpp"

namespace rehearse::real {
namespace {

using Spellings = std::vector<std::string>;

std::uint32_t code_point(std::string_view character) {
  const auto byte = [&](std::size_t index) { return static_cast<std::uint8_t>(character[index]); };
  if (character.size() == 1) return byte(0);
  std::uint32_t code = byte(0) & (0xFFU >> (character.size() + 1));
  for (std::size_t index = 1; index < character.size(); ++index) code = code << 6 | (byte(index) & 0x3FU);
  return code;
}

std::vector<std::uint16_t> utf16_units(std::uint32_t code) {
  if (code < 0x10000) return {static_cast<std::uint16_t>(code)};
  code -= 0x10000;
  return {static_cast<std::uint16_t>(0xD800 + (code >> 10)), static_cast<std::uint16_t>(0xDC00 + (code & 0x3FF))};
}

/// The characters of the text; a byte that is not UTF-8 stands for itself.
std::vector<std::string_view> characters_of(std::string_view text) {
  std::vector<std::string_view> result;
  while (!text.empty()) {
    result.push_back(text.substr(0, std::max<std::size_t>(character_length(text), 1)));
    text.remove_prefix(result.back().size());
  }
  return result;
}

void add_json(std::string_view character, std::uint32_t code, Spellings& spellings) {
  constexpr std::array<std::pair<char, char>, 8> short_ones = {
      {{'"', '"'}, {'\\', '\\'}, {'/', '/'}, {'\b', 'b'}, {'\f', 'f'}, {'\n', 'n'}, {'\r', 'r'}, {'\t', 't'}}};
  for (const auto& [meant, written] : short_ones) {
    if (character[0] == meant) spellings.push_back(std::string("\\") + written);
  }
  std::string lower, upper;
  for (const std::uint16_t unit : utf16_units(code)) {
    lower += fmt::format("\\u{:04x}", unit);
    upper += fmt::format("\\u{:04X}", unit);
  }
  spellings.push_back(lower);
  spellings.push_back(upper);
  // The same once more inside of a JSON string.
  const Spellings once = spellings;
  for (const std::string& spelling : once) {
    std::string twice;
    for (const char c : spelling) twice += c == '\\' || c == '"' ? std::string("\\") + c : std::string(1, c);
    spellings.push_back(std::move(twice));
  }
}

void add_url(std::string_view character, Spellings& spellings) {
  std::string lower, upper;
  for (const char c : character) {
    lower += fmt::format("%{:02x}", static_cast<std::uint8_t>(c));
    upper += fmt::format("%{:02X}", static_cast<std::uint8_t>(c));
  }
  spellings.push_back(lower);
  spellings.push_back(upper);
  if (character == " ") spellings.emplace_back("+");
}

void add_xml(std::string_view character, std::uint32_t code, Spellings& spellings) {
  constexpr std::array<std::pair<std::string_view, std::string_view>, 5> names = {
      {{"&", "&amp;"}, {"<", "&lt;"}, {">", "&gt;"}, {"\"", "&quot;"}, {"'", "&apos;"}}};
  for (const auto& [meant, written] : names) {
    if (character == meant) spellings.emplace_back(written);
  }
  spellings.push_back(fmt::format("&#{};", code));
  spellings.push_back(fmt::format("&#x{:x};", code));
  spellings.push_back(fmt::format("&#x{:X};", code));
}

Spellings spellings_of(std::string_view character) {
  Spellings spellings = {std::string(character)};
  if (character_length(character) > 0) {
    const std::uint32_t code = code_point(character);
    add_json(character, code, spellings);
    add_xml(character, code, spellings);
    if (code != 0) {
      const std::string quoted = single_quoted(character);
      spellings.push_back(quoted.substr(1, quoted.size() - 2));
    }
  }
  add_url(character, spellings);
  std::sort(spellings.begin(), spellings.end());
  spellings.erase(std::unique(spellings.begin(), spellings.end()), spellings.end());
  return spellings;
}

std::string utf16le(std::string_view text) {
  std::string bytes;
  for (const std::string_view character : characters_of(text)) {
    for (const std::uint16_t unit : utf16_units(code_point(character))) {
      bytes += static_cast<char>(unit & 0xFF);
      bytes += static_cast<char>(unit >> 8);
    }
  }
  return bytes;
}

/// What base64 makes of the bytes alone, and what it makes of them wherever they stand inside of longer data: the
/// digits that do not depend on their neighbours.
std::set<std::string> base64_forms(std::string_view bytes) {
  constexpr std::size_t fewest_digits = 6;  // fewer are in other data by chance
  std::set<std::string> forms = {to_base64(bytes)};
  for (std::size_t offset = 0; offset < 3; ++offset) {
    const std::string digits = to_base64(std::string(offset, '\0') + std::string(bytes));
    const std::size_t first = (offset * 8 + 5) / 6;
    const std::size_t last = (offset + bytes.size()) * 8 / 6;
    if (last >= first + fewest_digits) forms.insert(digits.substr(first, last - first));
  }
  const std::set<std::string> usual = forms;
  for (std::string form : usual) {  // base64url
    std::replace(form.begin(), form.end(), '+', '-');
    std::replace(form.begin(), form.end(), '/', '_');
    forms.insert(std::move(form));
  }
  return forms;
}

/// Cleans every string of the value and of what it holds.
void clean_strings(steps::Json& value, const Redaction& redaction) {
  if (value.is_string()) value = redaction.clean(value.get_ref<const std::string&>());
  if (!value.is_structured()) return;
  for (steps::Json& inner : value) clean_strings(inner, redaction);
}

/// Bytes of the longest beginning of `text` that spells all the characters; 0: none does.
std::size_t match(std::string_view text, const std::vector<Spellings>& characters) {
  std::vector<std::size_t> ends = {0}, next;  // of what was spelled so far
  for (const Spellings& spellings : characters) {
    next.clear();
    for (const std::size_t end : ends) {
      for (const std::string& spelling : spellings) {
        const std::size_t there = end + spelling.size();
        if (text.substr(end).starts_with(spelling) && std::find(next.begin(), next.end(), there) == next.end()) {
          next.push_back(there);
        }
      }
    }
    if (next.empty()) return 0;
    ends.swap(next);
  }
  return *std::max_element(ends.begin(), ends.end());
}

}  // namespace

bool Redaction::add(const steps::Secret& secret) {
  if (secret.reveal().size() < shortest) return false;
  add_text(secret);
  add_base64(secret);
  return true;
}

void Redaction::look_for(Needle needle) {
  beginning_with_.resize(256);
  std::set<std::uint8_t> first_bytes;
  for (const std::string& spelling : needle.characters.front()) {
    first_bytes.insert(static_cast<std::uint8_t>(spelling.front()));
  }
  for (const std::uint8_t byte : first_bytes) beginning_with_[byte].push_back(needles_.size());
  needles_.push_back(std::move(needle));
}

void Redaction::add_text(const steps::Secret& secret) {
  Needle needle{fmt::format("<secret '{}'>", secret.name()), {}};
  for (const std::string_view character : characters_of(secret.reveal())) {
    needle.characters.push_back(spellings_of(character));
  }
  look_for(std::move(needle));
}

void Redaction::add_base64(const steps::Secret& secret) {
  const std::string mark = fmt::format("<secret '{}'>", secret.name());
  for (const std::string& bytes : {secret.reveal(), utf16le(secret.reveal())}) {
    for (const std::string& form : base64_forms(bytes)) look_for({mark, {{form}}});
  }
}

std::size_t Redaction::longest_match(std::string_view text, const Needle*& found) const {
  std::size_t longest = 0;
  for (const std::size_t index : beginning_with_[static_cast<std::uint8_t>(text.front())]) {
    const std::size_t length = match(text, needles_[index].characters);
    if (length <= longest) continue;
    longest = length;
    found = &needles_[index];
  }
  return longest;
}

std::string Redaction::clean(std::string_view text) const {
  if (needles_.empty()) return std::string(text);
  std::string result;
  result.reserve(text.size());
  while (!text.empty()) {
    const Needle* found = nullptr;
    const std::size_t length = longest_match(text, found);
    if (length == 0) {
      result += text.front();
      text.remove_prefix(1);
    } else {
      result += found->mark;
      text.remove_prefix(length);
    }
  }
  return result;
}

std::string Redaction::clean_json(std::string_view line) const {
  if (needles_.empty()) return std::string(line);
  steps::Json json = steps::Json::parse(line, nullptr, /*allow_exceptions=*/false);
  if (json.is_discarded()) return clean(line);
  clean_strings(json, *this);
  return json.dump(-1, ' ', false, steps::Json::error_handler_t::replace);
}

steps::Failure Redaction::clean(const steps::Failure& failure) const {
  steps::Failure result(failure.code(), clean(failure.message()), failure.primitive(), failure.node());
  result.attach_step(failure.step());
  return result;
}

}  // namespace rehearse::real
