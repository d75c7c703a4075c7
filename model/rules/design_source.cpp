#include "model/rules/design_source.hpp"

#include <algorithm>

namespace rehearse::model::rules {
namespace {

/// How many bytes a JSON string takes, from its opening quote to its closing one.
std::size_t width_of_string(std::string_view text) {
  for (std::size_t i = 1; i < text.size() && text[i] != '\n'; ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      return i + 1;
    }
  }
  return 1;
}

std::size_t width_of_word(std::string_view text) {
  const auto end = std::find_if(text.begin(), text.end(), [](char c) { return c < 'a' || c > 'z'; });
  return std::max<std::size_t>(1, static_cast<std::size_t>(end - text.begin()));
}

}  // namespace

std::optional<DesignSource> DesignSource::from(std::string_view text, const std::string& file) {
  std::vector<Diagnostic> ignored;
  std::optional<JsonDocument> document = parse_json(text, file, ignored);
  if (!document) return std::nullopt;
  if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);  // offsets count from behind the mark
  return DesignSource(std::string(text), std::move(*document));
}

DesignSource::DesignSource(std::string text, JsonDocument document)
    : text_(std::move(text)), document_(std::move(document)) {
  index(document_.root, "");
}

void DesignSource::index(const JsonNode& node, const std::string& pointer) {
  const std::string_view rest = std::string_view(text_).substr(node.offset);
  Span span{node.offset, 1};
  switch (node.kind) {
    case JsonNode::Kind::text: span.width = width_of_string(rest); break;
    case JsonNode::Kind::whole:
    case JsonNode::Kind::real: span.width = std::max<std::size_t>(1, node.text.size()); break;
    case JsonNode::Kind::null:
    case JsonNode::Kind::boolean: span.width = width_of_word(rest); break;
    case JsonNode::Kind::array:
    case JsonNode::Kind::object: break;
  }
  offsets_.emplace(pointer, span);
  for (std::size_t i = 0; i < node.elements.size(); ++i) index(node.elements[i], pointer_to(pointer, i));
  for (const JsonMember& member : node.members) index(member.value, pointer_to(pointer, member.key));
}

const DesignSource::Span& DesignSource::nearest(std::string pointer) const {
  while (true) {
    const auto found = offsets_.find(pointer);
    if (found != offsets_.end()) return found->second;
    const std::size_t slash = pointer.rfind('/');
    pointer.resize(slash == std::string::npos ? 0 : slash);
  }
}

Place DesignSource::place(const std::string& pointer) const {
  return document_.place(nearest(pointer).offset, pointer);
}

std::size_t DesignSource::width(const std::string& pointer) const {
  return nearest(pointer).width;
}

std::string_view DesignSource::line(int number) const {
  std::string_view rest = text_;
  for (int line = 1; line < number; ++line) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) return {};
    rest.remove_prefix(end + 1);
  }
  rest = rest.substr(0, rest.find('\n'));
  if (rest.ends_with('\r')) rest.remove_suffix(1);
  return rest;
}

}  // namespace rehearse::model::rules
