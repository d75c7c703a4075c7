// Reading JSON into values, with every problem told and none fatal. A Value is one place in a document; its readers
// give the wanted type or, after a diagnostic with place and remedy, nullopt. An Object knows which keys may stand in
// it: the unknown ones and the missing ones are told when it is opened. The readers of designs and of scenarios stand
// on this.
//
// Shapes are data, so that a JSON Schema can be tested against the very tables the reader uses.
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/diagnostic.hpp"
#include "model/distribution.hpp"
#include "model/json_tree.hpp"
#include "model/units.hpp"

namespace rehearse::model {

enum class Need : unsigned char { optional, required };

struct Key {
  std::string_view name;
  Need need = Need::optional;
};

/// The keys of one kind of object. `path` says where it stands: "/cluster/nodes/*", with '*' for any index or free
/// name.
struct Shape {
  std::string_view path;
  std::vector<Key> keys;
};

/// The words a value may be, each with what it means.
template <class T>
using Choices = std::vector<std::pair<std::string_view, T>>;

class Object;
struct Member;

/// One value of a document. Valid as long as the document and the list of diagnostics are.
class Value {
 public:
  Value(const JsonDocument& document, const JsonNode& node, std::string pointer, std::vector<Diagnostic>& diagnostics);

  const JsonNode& node() const { return *node_; }
  const std::string& pointer() const { return pointer_; }
  Place place() const { return document_->place(node_->offset, pointer_); }
  void error(std::string what, std::string remedy) const;
  void warning(std::string what, std::string remedy) const;
  void tell(Severity severity, Place where, std::string what, std::string remedy) const;

  std::optional<bool> boolean() const;
  std::optional<std::string> any_text() const;  // may be empty
  std::optional<std::string> text() const;      // not empty, without control characters, at most 1000 bytes
  std::optional<std::int64_t> whole(std::int64_t low, std::int64_t high) const;
  std::optional<double> number(double low, double high) const;
  std::optional<Duration> duration() const;
  std::optional<Duration> duration_within(Duration low, Duration high) const;
  std::optional<Date> date() const;                         // "2027-03-01T00:30:00Z"
  std::optional<std::chrono::seconds> time_of_day() const;  // "01:00" or "01:00:30"
  std::optional<Distribution> distribution() const;         // "5s", or one of distribution_shapes()

  /// The meaning of a word; with "did you mean" otherwise.
  template <class T>
  std::optional<T> one_of(const Choices<T>& choices) const {
    std::vector<std::string> words;
    for (const auto& choice : choices) words.emplace_back(choice.first);
    const std::optional<std::size_t> found = index_of(words);
    return found ? std::optional<T>(choices[*found].second) : std::nullopt;
  }

  /// The values of an array; nullopt after a diagnostic when it is none or too short or too long.
  std::optional<std::vector<Value>> elements(std::size_t low = 0,
                                             std::size_t high = std::numeric_limits<std::size_t>::max()) const;
  std::optional<std::vector<std::string>> texts(std::size_t low = 0) const;  // an array of text()

  /// The members of an object whose keys are free names. Doubled keys come once (they were told already).
  std::optional<std::vector<Member>> members() const;
  std::optional<Object> object(const Shape& shape) const;

  /// "the string "8391"", "an object": for messages.
  std::string described() const;
  void wrong_type(std::string_view wanted, std::string remedy) const;

 private:
  std::optional<std::size_t> index_of(const std::vector<std::string>& words) const;

  const JsonDocument* document_;
  const JsonNode* node_;
  std::string pointer_;
  std::vector<Diagnostic>* diagnostics_;

  friend class Object;
};

/// A member of an object with free names.
struct Member {
  std::string name;
  Place key_place;
  Value value;

  /// Tells that `name` is none of the known ones.
  void unknown_name(std::string_view kind, const std::vector<std::string>& known,
                    Severity severity = Severity::error) const;
};

/// An object of a known shape.
class Object {
 public:
  Object(Value value, const Shape& shape);

  const Value& value() const { return value_; }
  Place place() const { return value_.place(); }
  bool has(std::string_view key) const { return value_.node().find(key) != nullptr; }

  /// The member's value; nullopt when it is absent (told at opening when it was required).
  /// Throws std::logic_error for a key that is not in the shape.
  std::optional<Value> find(std::string_view key) const;

  /// Reads a member into `target` when it is there and right: object.read("port", port, &Value::text).
  template <class Target, class Result, class... Wanted, class... Given>
  void read(std::string_view key, Target& target, std::optional<Result> (Value::*reader)(Wanted...) const,
            Given... given) const {
    const std::optional<Value> member = find(key);
    if (!member) return;
    if (std::optional<Result> result = ((*member).*reader)(given...)) target = std::move(*result);
  }
  template <class T>
  void read(std::string_view key, T& target, const Choices<T>& choices) const {
    const std::optional<Value> member = find(key);
    if (!member) return;
    if (const std::optional<T> result = member->one_of(choices)) target = *result;
  }

 private:
  Value value_;
  const Shape* shape_;
};

/// The objects that may stand where a distribution is wanted; paths begin with "#distribution".
const std::vector<Shape>& distribution_shapes();

/// "a, b or c"
std::string listed(const std::vector<std::string>& words);

}  // namespace rehearse::model
