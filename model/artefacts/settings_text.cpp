#include "model/artefacts/settings_text.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "model/artefacts/encoded_text.hpp"

namespace rehearse::model {
namespace {

/// Walks over XML and gathers <add> elements. Every step moves forward, so it ends on any input.
class XmlScanner {
 public:
  XmlScanner(std::string_view text, JsonDocument& document, std::vector<Diagnostic>& diagnostics)
      : text_(text), document_(document), diagnostics_(diagnostics) {}

  /// False after a diagnostic.
  bool scan() {
    document_.root.kind = JsonNode::Kind::object;
    while (true) {
      at_ = std::min(text_.find('<', at_), text_.size());
      if (at_ == text_.size()) return true;
      const std::string_view rest = text_.substr(at_);
      bool good = true;
      if (rest.starts_with("<!--")) {
        good = skip_past("-->", "this comment is never closed", "end it with -->");
      } else if (rest.starts_with("<?")) {
        good = skip_past("?>", "this declaration is never closed", "end it with ?>");
      } else if (rest.starts_with("<!")) {
        good = refuse(at_, "document types and CDATA are not read",
                      "keep plain <add key=\"...\" value=\"...\"/> elements");
      } else if (rest.starts_with("<add") && rest.size() > 4 && is_blank(rest[4])) {
        good = read_add();
      } else {
        good = skip_past(">", "this element is never closed", "end it with >");
      }
      if (!good) return false;
    }
  }

 private:
  static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

  bool refuse(std::size_t offset, std::string what, std::string remedy) {
    diagnostics_.push_back(
        {Severity::error, document_.file(), document_.place(offset, {}), std::move(what), std::move(remedy)});
    return false;
  }

  bool skip_past(std::string_view end, const char* problem, const char* remedy) {
    const std::size_t found = text_.find(end, at_);
    if (found == std::string_view::npos) return refuse(at_, problem, remedy);
    at_ = found + end.size();
    return true;
  }

  void skip_blanks() {
    while (at_ < text_.size() && is_blank(text_[at_])) ++at_;
  }

  /// One name="value" pair; false after a diagnostic.
  bool read_attribute(std::string& name, std::string& value, std::size_t& value_offset) {
    const std::size_t start = at_;
    const auto ends_name = [](char c) { return is_blank(c) || c == '=' || c == '<' || c == '>' || c == '/'; };
    while (at_ < text_.size() && !ends_name(text_[at_])) ++at_;
    name = std::string(text_.substr(start, at_ - start));
    skip_blanks();
    if (name.empty() || at_ == text_.size() || text_[at_] != '=') {
      return refuse(start, "an attribute must come here", "write <add key=\"...\" value=\"...\"/>");
    }
    ++at_;
    skip_blanks();
    if (at_ == text_.size() || (text_[at_] != '"' && text_[at_] != '\'')) {
      return refuse(at_, "the value of '" + name + "' is not in quotes", "write " + name + "=\"...\"");
    }
    const std::size_t end = text_.find(text_[at_], at_ + 1);
    if (end == std::string_view::npos) return refuse(at_, "this value is never closed", "end it with its quote");
    value_offset = at_;
    const bool decoded = decode(text_.substr(at_ + 1, end - at_ - 1), value);
    at_ = end + 1;
    return decoded;
  }

  /// Replaces entities; false after a diagnostic.
  bool decode(std::string_view raw, std::string& value) {
    value.clear();
    while (!raw.empty()) {
      const std::size_t plain = std::min(raw.find('&'), raw.size());
      value += raw.substr(0, plain);
      raw.remove_prefix(plain);
      if (raw.empty()) break;
      const std::size_t end = raw.find(';');
      if (end == std::string_view::npos || !append_entity(raw.substr(1, end - 1), value)) {
        return refuse(at_, "a '&' here begins no known entity", "write &amp; for '&'");
      }
      raw.remove_prefix(end + 1);
    }
    return true;
  }

  static bool append_entity(std::string_view name, std::string& value) {
    if (name.starts_with('#')) {
      const bool hex = name.starts_with("#x");
      const std::string_view digits = name.substr(hex ? 2 : 1);
      std::uint32_t code = 0;
      const auto [end, failure] = std::from_chars(digits.data(), digits.data() + digits.size(), code, hex ? 16 : 10);
      if (failure != std::errc() || end != digits.data() + digits.size()) return false;
      if (code == 0 || code > 0x10FFFF || is_surrogate(code)) return false;
      append_utf8(value, code);
      return true;
    }
    constexpr std::pair<std::string_view, char> known[] = {
        {"amp", '&'}, {"lt", '<'}, {"gt", '>'}, {"quot", '"'}, {"apos", '\''}};
    for (const auto& [entity, character] : known) {
      if (entity != name) continue;
      value += character;
      return true;
    }
    return false;
  }

  bool read_add() {
    const std::size_t start = at_;
    at_ += std::string_view("<add").size();
    std::optional<std::string> key;
    JsonNode node;
    bool has_value = false;
    while (true) {
      skip_blanks();
      if (at_ == text_.size()) return refuse(start, "this element is never closed", "end it with />");
      if (text_[at_] == '/' || text_[at_] == '>') break;
      std::string name, value;
      std::size_t offset = 0;
      if (!read_attribute(name, value, offset)) return false;
      if (name == "key") key = std::move(value);
      if (name != "value") continue;
      node.kind = JsonNode::Kind::text;
      node.offset = offset;
      node.text = std::move(value);
      has_value = true;
    }
    if (!skip_past(">", "this element is never closed", "end it with />")) return false;
    if (!key || !has_value) {
      return refuse(start, "this element needs both 'key' and 'value'", "write <add key=\"...\" value=\"...\"/>");
    }
    if (document_.root.find(*key) != nullptr) {
      return refuse(start, "the key '" + *key + "' comes twice", "keep one of the two");
    }
    document_.root.members.push_back({std::move(*key), start, std::move(node)});
    return true;
  }

  std::string_view text_;
  JsonDocument& document_;
  std::vector<Diagnostic>& diagnostics_;
  std::size_t at_ = 0;
};

}  // namespace

bool looks_like_xml(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t\r\n");
  return first != std::string_view::npos && text[first] == '<';
}

std::optional<JsonDocument> parse_xml_settings(std::string_view text, const std::string& file,
                                               std::vector<Diagnostic>& diagnostics) {
  JsonDocument document(file, text, {});
  XmlScanner scanner(text, document, diagnostics);
  if (!scanner.scan()) return std::nullopt;
  return document;
}

}  // namespace rehearse::model
