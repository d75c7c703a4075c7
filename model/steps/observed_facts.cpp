// What was observed, as facts: finding them, comparing them, and their fingerprint.
#include <fmt/format.h>

#include <algorithm>

#include "model/steps/observation.hpp"
#include "model/steps/sha256.hpp"

namespace rehearse::steps {

const Fact* Observation::fact(const AnyRequest& question) const {
  const auto found =
      std::find_if(facts.begin(), facts.end(), [&](const Fact& each) { return each.question == question; });
  return found == facts.end() ? nullptr : &*found;
}

const Answer* Observation::find(const AnyRequest& question) const {
  const Fact* found = fact(question);
  return found == nullptr ? nullptr : found->answer();
}

std::vector<std::string> silent_machines(const Observation& observation) {
  std::vector<std::string> silent;
  for (const Fact& fact : observation.facts) {
    if (name_of(fact.question) != "Host.Answers") continue;
    if (fact.answer() == nullptr || !fact.answer()->flag()) silent.push_back(node_of(fact.question));
  }
  return silent;
}

std::vector<std::string> differences(const Observation& before, const Observation& present) {
  std::vector<std::string> result;
  for (const Fact& was : before.facts) {
    const Fact* is = present.fact(was.question);
    if (is != nullptr && same_outcome(was, *is)) continue;
    result.push_back(fmt::format("{}: was {}, is {}", to_text(was.question), to_text(was.outcome),
                                 is == nullptr ? "no longer there to be asked" : to_text(is->outcome)));
  }
  for (const Fact& is : present.facts) {
    if (before.fact(is.question) != nullptr) continue;
    result.push_back(fmt::format("{}: was not there to be asked, is {}", to_text(is.question), to_text(is.outcome)));
  }
  return result;
}

bool same_outcome(const Fact& a, const Fact& b) {
  const auto* failed_a = std::get_if<Failure>(&a.outcome);
  const auto* failed_b = std::get_if<Failure>(&b.outcome);
  if (failed_a != nullptr && failed_b != nullptr) return failed_a->code() == failed_b->code();
  return a.outcome == b.outcome;
}

std::string to_text(const std::variant<Answer, Failure>& outcome) {
  if (const auto* answer = std::get_if<Answer>(&outcome)) return to_text(*answer);
  const Failure& failure = std::get<Failure>(outcome);
  return fmt::format("{}: {}", to_text(failure.code()), failure.message());
}

std::string fingerprint_of(const Observation& observation) {
  std::string text;
  for (const Fact& fact : observation.facts) {
    const auto* failure = std::get_if<Failure>(&fact.outcome);
    text += to_text(fact.question) + " -> ";
    text += failure != nullptr ? std::string(to_text(failure->code())) : to_text(*fact.answer());
    text += '\n';
  }
  return sha256_hex(text);
}

}  // namespace rehearse::steps
