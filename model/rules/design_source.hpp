// The text of a design file with the way from JSON pointers to places in it: findings name pointers, people read lines.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/diagnostic.hpp"
#include "model/json_tree.hpp"

namespace rehearse::model::rules {

class DesignSource {
 public:
  /// nullopt: no JSON; the reader of designs says why.
  static std::optional<DesignSource> from(std::string_view text, const std::string& file);

  const JsonDocument& document() const { return document_; }
  const std::string& file() const { return document_.file(); }

  /// Whether the file holds the value.
  bool has(const std::string& pointer) const { return offsets_.contains(pointer); }
  /// Of the value, or of its nearest ancestor that is there; the pointer stays as asked for.
  Place place(const std::string& pointer) const;
  /// Bytes to mark from place(pointer) on, all in one line: a text or a number to its end, one of anything else.
  std::size_t width(const std::string& pointer) const;
  /// A line of the text, counted from 1, without its end; empty where there is none.
  std::string_view line(int number) const;

 private:
  struct Span {
    std::size_t offset = 0, width = 1;
  };
  DesignSource(std::string text, JsonDocument document);
  void index(const JsonNode& node, const std::string& pointer);
  const Span& nearest(std::string pointer) const;

  std::string text_;
  JsonDocument document_;
  std::map<std::string, Span> offsets_;  // by pointer
};

}  // namespace rehearse::model::rules
