// How the parts of a script are put together: for the files that implement script.hpp, and for nobody else.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "real_backend/powershell/script.hpp"

namespace rehearse::real::ps {

/// The door to the private side of the parts.
struct Writer {
  using Shape = Expression::Shape;

  static Expression word(std::string text) { return make(std::move(text), Shape::word); }
  static Expression value(std::string text) { return make(std::move(text), Shape::value); }
  static Expression operation(std::string text) { return make(std::move(text), Shape::operation); }

  /// Alone in a statement or in brackets of somebody else.
  static const std::string& open(const Expression& e) { return e.text_; }
  /// As part of a larger expression.
  static std::string operand(const Expression& e) {
    return e.shape_ == Shape::operation ? "(" + e.text_ + ")" : e.text_;
  }
  /// As the argument of a command, where PowerShell takes bare words for texts.
  static std::string argument(const Expression& e) { return e.shape_ == Shape::word ? e.text_ : "(" + e.text_ + ")"; }

  static Uses& uses(Expression& e) { return e.uses_; }
  static const Uses& uses(const Expression& e) { return e.uses_; }
  static const Uses& uses(const Command& c) { return c.uses_; }
  static const Uses& uses(const Block& b) { return b.uses_; }
  static std::string& ending(Expression& e) { return e.ending_; }
  static const std::string& ending(const Expression& e) { return e.ending_; }
  static bool is_word(const Expression& e) { return e.shape_ == Shape::word; }

 private:
  static Expression make(std::string text, Shape shape) {
    Expression e;
    e.text_ = std::move(text);
    e.shape_ = shape;
    return e;
  }
};

/// Throws std::logic_error unless it is letters, digits and _, and begins with no digit.
std::string checked_name(std::string_view name);
/// "(a, b)", what it uses added to `uses`.
std::string argument_list(const std::vector<Expression>& arguments, Uses& uses);

}  // namespace rehearse::real::ps
