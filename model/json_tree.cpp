#include "model/json_tree.hpp"

#include <algorithm>
#include <iterator>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "model/json_syntax_error.hpp"
#include "model/large_json.hpp"

namespace rehearse::model {
namespace {

/// Hands the lexer one byte at a time and lets the tree builder see how far the lexer has come.
class CountingIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = const char&;

  CountingIterator(const char* at, std::size_t* consumed) : at_(at), consumed_(consumed) {}
  reference operator*() const { return *at_; }
  CountingIterator& operator++() {
    ++at_;
    ++*consumed_;
    return *this;
  }
  friend bool operator==(const CountingIterator& a, const CountingIterator& b) { return a.at_ == b.at_; }

 private:
  const char* at_;
  std::size_t* consumed_;
};

bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

bool belongs_to_number(char c) {
  return (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '.' || c == 'e' || c == 'E';
}

/// The first byte at or after `from` that is neither blank, comment, ',' nor ':'; never beyond `limit`.
std::size_t token_start(std::string_view text, std::size_t from, std::size_t limit) {
  while (from < limit) {
    if (is_blank(text[from]) || text[from] == ',' || text[from] == ':') {
      ++from;
    } else if (text.substr(from, 2) == "//") {
      from = std::min(text.find('\n', from), limit);
    } else if (text.substr(from, 2) == "/*") {
      const std::size_t end = text.find("*/", from + 2);
      if (end == std::string_view::npos) break;
      from = end + 2;
    } else {
      break;
    }
  }
  return std::min(from, limit);
}

/// Receives the parser's events and grows the tree.
class TreeBuilder {
 public:
  TreeBuilder(JsonDocument& document, std::string_view text, const std::size_t& consumed,
              std::vector<Diagnostic>& diagnostics)
      : document_(document), text_(text), consumed_(consumed), diagnostics_(diagnostics) {}

  bool null() { return add(JsonNode::Kind::null) != nullptr; }
  bool boolean(bool value) {
    add(JsonNode::Kind::boolean)->boolean = value;
    return true;
  }
  bool number_integer(std::int64_t value) {
    JsonNode* node = add(JsonNode::Kind::whole);
    node->whole = value;
    node->real = static_cast<double>(value);
    finish_number(*node);
    return true;
  }
  bool number_unsigned(std::uint64_t value) {
    if (value <= static_cast<std::uint64_t>(INT64_MAX)) return number_integer(static_cast<std::int64_t>(value));
    return number_float(static_cast<double>(value), {});
  }
  bool number_float(double value, const std::string& /*as written*/) {
    JsonNode* node = add(JsonNode::Kind::real);
    node->real = value;
    finish_number(*node);
    return true;
  }
  bool string(std::string& value) {
    add(JsonNode::Kind::text)->text = std::move(value);
    return true;
  }
  bool binary(nlohmann::json::binary_t& /*value*/) { throw std::logic_error("JSON text has no binary values"); }
  bool key(std::string& name) {
    JsonNode& object = *open_.back().node;
    const std::size_t offset = next_token();
    const std::string pointer = pointer_to(open_.back().pointer, name);
    if (const JsonMember* first = object.find(name)) {
      const Place before = document_.place(first->key_offset, {});
      diagnostics_.push_back({Severity::error, document_.file(), document_.place(offset, pointer),
                              "the key '" + name + "' comes twice in one object; it is already in line " +
                                  std::to_string(before.line) + ", column " + std::to_string(before.column),
                              "keep one of the two"});
    }
    object.members.push_back({std::move(name), offset, {}});
    return true;
  }
  bool start_object(std::size_t /*size*/) { return open(JsonNode::Kind::object); }
  bool start_array(std::size_t /*size*/) { return open(JsonNode::Kind::array); }
  bool end_object() { return close(); }
  bool end_array() { return close(); }

  bool parse_error(std::size_t position, const std::string& /*last token*/, const nlohmann::json::exception& error) {
    const std::size_t last = position == 0 ? 0 : position - 1;  // `position` counts the bytes read
    const std::size_t token = token_start(text_, token_end_, std::min(last, text_.size()));
    const SyntaxError found = describe_syntax_error(error.what(), text_, token, std::min(last, text_.size()));
    const std::string pointer = open_.empty() ? "" : open_.back().pointer;
    diagnostics_.push_back(
        {Severity::error, document_.file(), document_.place(found.offset, pointer), found.what, found.remedy});
    return false;
  }

 private:
  struct Open {
    JsonNode* node;  // stays valid: only the innermost open node's children grow
    std::string pointer;
  };

  std::size_t next_token() {
    const std::size_t start = token_start(text_, token_end_, consumed_);
    token_end_ = consumed_;
    return start;
  }

  JsonNode* add(JsonNode::Kind kind) {
    JsonNode* node = &document_.root;
    if (!open_.empty()) {
      JsonNode& parent = *open_.back().node;
      node = parent.kind == JsonNode::Kind::object ? &parent.members.back().value : &parent.elements.emplace_back();
    }
    node->kind = kind;
    node->offset = next_token();
    return node;
  }

  /// The lexer has read one byte beyond a number unless the file ended there.
  void finish_number(JsonNode& node) {
    std::size_t end = node.offset;
    while (end < text_.size() && belongs_to_number(text_[end])) ++end;
    node.text = std::string(text_.substr(node.offset, end - node.offset));
    token_end_ = end;
  }

  bool open(JsonNode::Kind kind) {
    JsonNode* node = add(kind);
    std::string pointer;
    if (!open_.empty()) {
      const Open& parent = open_.back();
      pointer = parent.node->kind == JsonNode::Kind::object
                    ? pointer_to(parent.pointer, parent.node->members.back().key)
                    : pointer_to(parent.pointer, parent.node->elements.size() - 1);
    }
    if (open_.size() == json_depth_limit) {
      diagnostics_.push_back(
          {Severity::error, document_.file(), document_.place(node->offset, {}),
           "objects and arrays are nested deeper than " + std::to_string(json_depth_limit) + " levels",
           "no file of this program needs more than a dozen levels"});
      return false;
    }
    open_.push_back({node, std::move(pointer)});
    return true;
  }

  bool close() {
    open_.pop_back();
    token_end_ = consumed_;
    return true;
  }

  JsonDocument& document_;
  std::string_view text_;
  const std::size_t& consumed_;
  std::vector<Diagnostic>& diagnostics_;
  std::vector<Open> open_;
  std::size_t token_end_ = 0;
};

bool is_escape(std::string_view text, std::size_t backslash) {
  const auto is_hex = [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); };
  const std::string_view rest = text.substr(backslash + 1);
  if (rest.empty()) return false;
  if (rest[0] == 'u') return rest.size() >= 5 && std::all_of(rest.begin() + 1, rest.begin() + 5, is_hex);
  return rest[0] == '\\' || rest[0] == '"' || rest[0] == '/';
}

/// Doubles the backslashes that begin no escape; `added` receives the offsets of the new ones.
std::string double_single_backslashes(std::string_view text, std::vector<std::size_t>& added) {
  std::string result;
  result.reserve(text.size());
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    result += text[i];
    if (text[i] == '"') in_string = !in_string;
    if (!in_string || text[i] != '\\') continue;
    if (is_escape(text, i)) {
      result += text[++i];
    } else {
      added.push_back(result.size());
      result += '\\';
    }
  }
  return result;
}

}  // namespace

const JsonMember* JsonNode::find(std::string_view key) const {
  const auto found = std::find_if(members.begin(), members.end(), [&](const JsonMember& m) { return m.key == key; });
  return found == members.end() ? nullptr : &*found;
}

JsonDocument::JsonDocument(std::string file, std::string_view text, std::vector<std::size_t> added)
    : file_(std::move(file)), line_starts_{0}, added_(std::move(added)) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n') line_starts_.push_back(i + 1);
  }
}

Place JsonDocument::place(std::size_t offset, std::string pointer) const {
  const auto next_line = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  const std::size_t start = *std::prev(next_line);
  const auto foreign =
      std::lower_bound(added_.begin(), added_.end(), offset) - std::lower_bound(added_.begin(), added_.end(), start);
  return {static_cast<int>(next_line - line_starts_.begin()),
          static_cast<int>(offset - start + 1) - static_cast<int>(foreign), std::move(pointer)};
}

namespace {

std::optional<JsonDocument> parse(std::string_view text, const std::string& file, std::size_t limit,
                                  std::vector<Diagnostic>& diagnostics, SingleBackslashes backslashes) {
  const auto refuse = [&](std::string what, std::string remedy) {
    diagnostics.push_back({Severity::error, file, {}, std::move(what), std::move(remedy)});
    return std::nullopt;
  };
  if (text.size() > limit) {
    return refuse("the file has " + std::to_string(text.size()) + " bytes",
                  "at most " + std::to_string(limit >> 20U) + " MiB are read");
  }
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
  if (text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF")) {
    return refuse("the file is UTF-16", "save it as UTF-8");
  }
  if (text.find('\0') != std::string_view::npos) {
    return refuse("the file holds NUL bytes, so it is no text", "save it as UTF-8 text");
  }
  if (std::all_of(text.begin(), text.end(), is_blank))
    return refuse("the file is empty", "it must hold one JSON object");

  std::vector<std::size_t> added;
  std::string doubled;
  if (backslashes == SingleBackslashes::tolerated) {
    doubled = double_single_backslashes(text, added);
    text = doubled;
  }
  JsonDocument document(file, text, added);
  for (const std::size_t offset : added) {
    diagnostics.push_back({Severity::warning, file, document.place(offset - 1, {}),
                           "a single backslash inside a JSON string; it is taken as it stands", "write it as \\\\"});
  }
  std::size_t consumed = 0;
  TreeBuilder builder(document, text, consumed, diagnostics);
  const bool complete = nlohmann::json::sax_parse(
      CountingIterator(text.data(), &consumed), CountingIterator(text.data() + text.size(), &consumed), &builder,
      nlohmann::json::input_format_t::json, /*strict=*/true, /*ignore_comments=*/true);
  if (!complete) return std::nullopt;
  return document;
}

}  // namespace

std::optional<JsonDocument> parse_json(std::string_view text, const std::string& file,
                                       std::vector<Diagnostic>& diagnostics, SingleBackslashes backslashes) {
  return parse(text, file, json_size_limit, diagnostics, backslashes);
}

std::optional<JsonDocument> parse_large_json(std::string_view text, const std::string& file, std::size_t limit,
                                             std::vector<Diagnostic>& diagnostics) {
  return parse(text, file, limit, diagnostics, SingleBackslashes::refused);
}

std::string pointer_to(const std::string& parent, std::string_view key) {
  std::string pointer = parent + '/';
  for (const char c : key) {
    if (c == '~') {
      pointer += "~0";
    } else if (c == '/') {
      pointer += "~1";
    } else {
      pointer += c;
    }
  }
  return pointer;
}

std::string pointer_to(const std::string& parent, std::size_t index) {
  return parent + '/' + std::to_string(index);
}

}  // namespace rehearse::model
