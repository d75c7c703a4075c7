#include "model/artefacts/settings_writer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <utility>

#include "model/artefacts/encoded_text.hpp"
#include "model/artefacts/settings_file.hpp"
#include "model/artefacts/settings_keys.hpp"
#include "model/artefacts/settings_text.hpp"

namespace rehearse::model {
namespace {

/// One key of the file and where it stands in the text.
struct Stated {
  std::string key;
  std::size_t begin = 0;  // of the key with its quote, or of the XML element
  std::size_t value = 0;  // its first byte, a quote if it has quotes
  std::size_t end = 0;    // behind its last byte
};

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/// Behind the string or other value that begins at `at`.
std::size_t end_of_string(std::string_view text, std::size_t at) {
  for (++at; at < text.size() && text[at] != '"'; ++at) {
    const bool escapes = text[at] == '\\' && at + 1 < text.size() && (text[at + 1] == '"' || text[at + 1] == '\\');
    if (escapes) ++at;
  }
  return std::min(at + 1, text.size());
}

/// Walks over the text of one JSON object that a parser has found well-formed, with comments and single backslashes.
class JsonMembers {
 public:
  explicit JsonMembers(std::string_view text) : text_(text) {}

  std::vector<Stated> all() {
    std::vector<Stated> found;
    skip_blanks();
    ++at_;  // {
    while (true) {
      skip_blanks();
      if (at_ >= text_.size() || text_[at_] != '"') return found;
      Stated stated;
      stated.begin = at_;
      const std::size_t key_end = end_of_string(text_, at_);
      stated.key = std::string(text_.substr(at_ + 1, key_end - at_ - 2));
      at_ = key_end;
      skip_blanks();  // to the colon
      ++at_;
      skip_blanks();
      stated.value = at_;
      skip_value();
      stated.end = at_;
      found.push_back(std::move(stated));
      skip_blanks();
      if (at_ < text_.size() && text_[at_] == ',') ++at_;
    }
  }

 private:
  void skip_blanks() {
    while (at_ < text_.size()) {
      if (is_blank(text_[at_])) {
        ++at_;
      } else if (text_.substr(at_, 2) == "//") {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else if (text_.substr(at_, 2) == "/*") {
        const std::size_t end = text_.find("*/", at_ + 2);
        at_ = end == std::string_view::npos ? text_.size() : end + 2;
      } else {
        return;
      }
    }
  }

  void skip_value() {
    int depth = 0;
    do {
      if (at_ >= text_.size()) return;
      const char c = text_[at_];
      if (c == '"') {
        at_ = end_of_string(text_, at_);
      } else if (c == '{' || c == '[') {
        ++depth;
        ++at_;
      } else if (c == '}' || c == ']') {
        --depth;
        ++at_;
      } else if (depth == 0) {
        while (at_ < text_.size() && !is_blank(text_[at_]) &&
               std::string_view(",}]/").find(text_[at_]) == std::string_view::npos)
          ++at_;
      } else {
        ++at_;
        skip_blanks();
      }
    } while (depth > 0);
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

std::vector<Stated> xml_elements(std::string_view text) {
  std::vector<Diagnostic> ignored;  // the file has been read before
  std::vector<Stated> found;
  const std::optional<JsonDocument> document = parse_xml_settings(text, {}, ignored);
  if (!document) return found;
  for (const JsonMember& member : document->root.members) {
    const std::size_t value = member.value.offset;
    found.push_back({member.key, member.key_offset, value, text.find(text[value], value + 1) + 1});
  }
  return found;
}

// Values hold no control characters: no reader takes them.
std::string in_json(const SettingText& value, bool was_quoted) {
  if (value.is_number && !was_quoted) return value.text;
  std::string text = "\"";
  for (const char c : value.text) {
    if (c == '"' || c == '\\') text += '\\';
    text += c;
  }
  return text + "\"";
}

std::string in_xml(const SettingText& value) {
  std::string text = "\"";
  for (const char c : value.text) {
    switch (c) {
      case '&': text += "&amp;"; break;
      case '<': text += "&lt;"; break;
      case '>': text += "&gt;"; break;
      case '"': text += "&quot;"; break;
      default: text += c;
    }
  }
  return text + "\"";
}

/// What is put in place of the bytes from `begin` to `end`.
struct Change {
  std::size_t begin = 0, end = 0;
  std::string text;
};

/// A further key, beside the last one and on a line of its own where that is.
Change addition(std::string_view text, const Stated& last, bool xml, std::string_view key, const SettingText& value) {
  std::size_t gap = last.begin;
  while (gap > 0 && is_blank(text[gap - 1])) --gap;
  const std::string blanks(text.substr(gap, last.begin - gap));
  if (xml) return {last.begin, last.begin, fmt::format("<add key=\"{}\" value={}/>{}", key, in_xml(value), blanks)};
  return {last.end, last.end, fmt::format(",{}\"{}\": {}", blanks, key, in_json(value, false))};
}

template <class Settings>
std::string changed_text(std::string_view text, const Settings& before, const Settings& wanted,
                         const std::vector<SettingsKey<Settings>>& keys) {
  const bool xml = looks_like_xml(text);
  const std::vector<Stated> stated = xml ? xml_elements(text) : JsonMembers(text).all();
  std::vector<Change> changes;
  for (const SettingsKey<Settings>& key : keys) {
    if (key.text == nullptr || key.text(before) == key.text(wanted)) continue;
    const SettingText value = key.text(wanted);
    const auto found = std::find_if(stated.begin(), stated.end(), [&](const Stated& one) {
      return one.key == key.name || (!key.other_name.empty() && one.key == key.other_name);
    });
    if (found != stated.end()) {
      const bool was_quoted = text[found->value] == '"';
      changes.push_back({found->value, found->end, xml ? in_xml(value) : in_json(value, was_quoted)});
    } else if (!stated.empty()) {
      changes.push_back(addition(text, stated.back(), xml, key.name, value));
    }
  }
  std::stable_sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) { return a.begin < b.begin; });
  std::string result;
  std::size_t at = 0;
  for (const Change& change : changes) {
    result += std::string(text.substr(at, change.begin - at)) + change.text;
    at = change.end;
  }
  return result + std::string(text.substr(at));
}

template <class Settings>
RewrittenSettings rewrite(std::string_view bytes, const std::string& file, const Settings& wanted,
                          SettingsFile<Settings> (*read)(std::string_view, const std::string&),
                          const std::vector<SettingsKey<Settings>>& keys) {
  SettingsFile<Settings> before = read(bytes, file);
  RewrittenSettings result{std::nullopt, std::move(before.diagnostics)};
  const std::optional<std::string> text = utf8_of(bytes);
  if (!before.settings || !text) return result;
  std::string changed = *before.settings == wanted
                            ? std::string(bytes)
                            : encoded_like(bytes, changed_text(*text, *before.settings, wanted, keys));
  const SettingsFile<Settings> after = read(changed, file);
  if (after.settings == wanted) {
    result.bytes = std::move(changed);
    return result;
  }
  result.diagnostics.push_back({Severity::error,
                                file,
                                {},
                                "the file cannot be changed so that it holds the values wanted",
                                "write its keys plainly, without escapes, and give values that a file can hold"});
  return result;
}

}  // namespace

RewrittenSettings rewrite_settings(std::string_view bytes, const std::string& file, const MasterSettings& settings) {
  return rewrite(bytes, file, settings, &read_master_settings, master_settings_keys());
}

RewrittenSettings rewrite_settings(std::string_view bytes, const std::string& file, const WorkerSettings& settings) {
  return rewrite(bytes, file, settings, &read_worker_settings, worker_settings_keys());
}

}  // namespace rehearse::model
