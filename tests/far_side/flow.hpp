// What the interpreter's parts share about the flow of a script: how blocks end, and what is put back when they do.
#pragma once

#include <optional>
#include <utility>

#include "tests/far_side/interpreter.hpp"

namespace far_side {

// Thrown by return, break and continue.
struct Returned {};
struct Broken {};
struct Continued {};

/// Puts back what it was given when the block ends, however it ends.
template <class T>
class Restored {
 public:
  Restored(T& place, T value) : place_(place), before_(std::move(place)) { place_ = std::move(value); }
  ~Restored() { place_ = std::move(before_); }
  Restored(const Restored&) = delete;
  Restored& operator=(const Restored&) = delete;

 private:
  T& place_;
  T before_;
};

/// $_ in the current scope for a while.
class CurrentItem {
 public:
  CurrentItem(Variables& variables, Value item) : variables_(variables) {
    const auto found = variables_.find("_");
    if (found != variables_.end()) before_ = found->second;
    variables_["_"] = std::move(item);
  }
  ~CurrentItem() {
    if (before_) {
      variables_["_"] = *before_;
    } else {
      variables_.erase("_");
    }
  }
  CurrentItem(const CurrentItem&) = delete;
  CurrentItem& operator=(const CurrentItem&) = delete;

 private:
  Variables& variables_;
  std::optional<Value> before_;
};

}  // namespace far_side
