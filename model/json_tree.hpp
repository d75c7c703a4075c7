// JSON as people write it: a tree in which every key and value remembers where it stands in its file, comments are
// allowed, and a key that comes twice is noticed instead of silently winning. The grammar is nlohmann's; the tree is
// ours because its values carry no places.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/diagnostic.hpp"

namespace rehearse::model {

struct JsonMember;

struct JsonNode {
  enum class Kind : unsigned char { null, boolean, whole, real, text, array, object };

  Kind kind = Kind::null;
  std::size_t offset = 0;  // of the value's first byte in JsonDocument's text
  bool boolean = false;
  std::int64_t whole = 0;
  double real = 0;   // set for whole numbers, too
  std::string text;  // the decoded string, or a number as it was written
  std::vector<JsonNode> elements;
  std::vector<JsonMember> members;  // in the order of the file; a doubled key is here twice

  /// The first member of that name, or nullptr.
  const JsonMember* find(std::string_view key) const;
};

struct JsonMember {
  std::string key;
  std::size_t key_offset = 0;
  JsonNode value;
};

/// A file that could be read as JSON, and the way from byte offsets back to lines and columns.
class JsonDocument {
 public:
  JsonDocument(std::string file, std::string_view text, std::vector<std::size_t> added);

  JsonNode root;
  const std::string& file() const { return file_; }
  Place place(std::size_t offset, std::string pointer) const;

 private:
  std::string file_;
  std::vector<std::size_t> line_starts_;
  std::vector<std::size_t> added_;  // offsets of bytes that the file itself does not have
};

/// Settings files written by hand often hold "SQLFCI\INST1": with `tolerated`, a backslash inside a string that begins
/// no "\\", "\"", "\/" or "\uXXXX" stands for itself, and a warning says so (S 2).
enum class SingleBackslashes { refused, tolerated };

inline constexpr std::size_t json_size_limit = 16 * 1024 * 1024;
inline constexpr std::size_t json_depth_limit = 100;

/// The tree, or nullopt after a syntax error (only the first is told: what follows it cannot be trusted). A doubled key
/// is an error diagnostic although the tree is there. A UTF-8 byte order mark is skipped.
std::optional<JsonDocument> parse_json(std::string_view text, const std::string& file,
                                       std::vector<Diagnostic>& diagnostics,
                                       SingleBackslashes backslashes = SingleBackslashes::refused);

/// One step further down a JSON pointer, escaped by RFC 6901.
std::string pointer_to(const std::string& parent, std::string_view key);
std::string pointer_to(const std::string& parent, std::size_t index);

}  // namespace rehearse::model
