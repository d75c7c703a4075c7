#include "model/steps/failure.hpp"

#include <fmt/format.h>

#include <tuple>
#include <utility>

namespace rehearse::steps {

std::string_view to_text(FailureCode code) {
  switch (code) {
    case FailureCode::refused: return "refused";
    case FailureCode::not_found: return "not found";
    case FailureCode::conflict: return "conflict";
    case FailureCode::unreachable: return "unreachable";
    case FailureCode::timed_out: return "timed out";
    case FailureCode::cancelled: return "cancelled";
    case FailureCode::indeterminate: return "indeterminate";
  }
  throw std::logic_error("a failure code outside the list");
}

Failure::Failure(FailureCode code, std::string message, std::string primitive, std::string node)
    : code_(code), primitive_(std::move(primitive)), node_(std::move(node)), message_(std::move(message)) {
  compose();
}

void Failure::attach_step(const std::string& step) {
  if (step_.empty()) step_ = step;
  compose();
}

void Failure::attach_place(std::string_view primitive, const std::string& node) {
  if (primitive_.empty()) primitive_ = primitive;
  if (node_.empty()) node_ = node;
  compose();
}

void Failure::compose() {
  text_.clear();
  if (!step_.empty()) text_ += step_ + ": ";
  if (!primitive_.empty()) text_ += primitive_;
  if (!node_.empty()) text_ += primitive_.empty() ? "on " + node_ : " on " + node_;
  if (!primitive_.empty() || !node_.empty()) text_ += ": ";
  text_ += fmt::format("{}: {}", to_text(code_), message_);
}

bool operator==(const Failure& a, const Failure& b) {
  return std::tie(a.code_, a.step_, a.primitive_, a.node_, a.message_) ==
         std::tie(b.code_, b.step_, b.primitive_, b.node_, b.message_);
}

}  // namespace rehearse::steps
