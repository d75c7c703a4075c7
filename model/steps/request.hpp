// The building blocks of requests. A request is a value with constructors: its shape (the fields), whether it only asks
// or changes something, and the name of its primitive. Several requests may share a shape.
#pragma once

#include <tuple>

namespace rehearse::steps {

/// Queries may be repeated at will and never change what they ask about; changes may not be repeated blindly.
enum class Effect : unsigned char { query, change };

/// A request without any detail.
struct NoDetails {
  NoDetails() {}
  auto fields() const { return std::tie(); }
  friend bool operator==(const NoDetails&, const NoDetails&) { return true; }
};

template <class Shape>
struct Query : Shape {
  using Shape::Shape;
  static constexpr Effect effect = Effect::query;
};

template <class Shape>
struct Change : Shape {
  using Shape::Shape;
  static constexpr Effect effect = Effect::change;
};

}  // namespace rehearse::steps
