#include "model/steps/adapters/transcript.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace rehearse::steps {
namespace {

struct OutcomeText {
  std::string operator()(std::monostate) const { return "under way"; }
  std::string operator()(const Answer& answer) const { return to_text(answer); }
  std::string operator()(const Failure& failure) const { return std::string("failed: ") + failure.what(); }
  std::string operator()(Abandoned) const { return "abandoned"; }
};

}  // namespace

std::size_t Transcript::begin(AnyRequest request) {
  entries_.push_back({std::move(request), {}, ended_, 0});
  return entries_.size() - 1;
}

void Transcript::end(std::size_t index, CallOutcome outcome) {
  Entry& entry = entries_.at(index);
  if (entry.ended_as != 0) throw std::logic_error("a call of a transcript cannot end twice: " + to_text(entry.request));
  entry.outcome = std::move(outcome);
  entry.ended_as = ++ended_;
}

Transcript Transcript::until(std::size_t ended) const {
  Transcript result;
  for (const Entry& entry : entries_) {
    if (entry.began_after > ended) break;
    result.entries_.push_back(entry);
    Entry& copy = result.entries_.back();
    if (copy.ended_as > ended) {
      copy.outcome = {};
      copy.ended_as = 0;
    }
  }
  result.ended_ = std::min(ended, ended_);
  return result;
}

std::string to_text(const Transcript& transcript) {
  std::string text;
  for (const Transcript::Entry& entry : transcript.entries()) {
    text += to_text(entry.request) + " -> " + std::visit(OutcomeText{}, entry.outcome) + "\n";
  }
  return text;
}

}  // namespace rehearse::steps
