#include "model/steps/plan.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "model/steps/may_alter.hpp"
#include "model/steps/sha256.hpp"
#include "model/steps/text.hpp"

namespace rehearse::steps {
namespace {

void put(Observation& observation, const Fact& fact) {
  const auto same = std::find_if(observation.facts.begin(), observation.facts.end(),
                                 [&](const Fact& other) { return other.question == fact.question; });
  if (same == observation.facts.end()) {
    observation.facts.push_back(fact);
  } else {
    same->outcome = fact.outcome;
  }
}

bool holds(const std::vector<AnyRequest>& questions, const AnyRequest& question) {
  return std::find(questions.begin(), questions.end(), question) != questions.end();
}

void apply(Expectation& expectation, const ExpectedFact& change) {
  std::erase(expectation.known_after_apply, change.question);
  switch (change.kind) {
    case ExpectedFact::Kind::known: put(expectation.known, *change.fact); return;
    case ExpectedFact::Kind::known_after_apply:
      expectation.known_after_apply.push_back(change.question);
      [[fallthrough]];
    case ExpectedFact::Kind::gone:
      std::erase_if(expectation.known.facts, [&](const Fact& fact) { return fact.question == change.question; });
  }
}

const certificate_store::KeyAccess* about_a_key(const AnyRequest& question) {
  const auto* of_store = std::get_if<CertificateRequest>(&question);
  return of_store == nullptr ? nullptr : std::get_if<certificate_store::KeyAccess>(of_store);
}

/// A question that names the thumbprint of a certificate that only reality makes has another one in the plan.
bool is_known_after_apply(const Expectation& expectation, const AnyRequest& question) {
  if (holds(expectation.known_after_apply, question)) return true;
  const certificate_store::KeyAccess* asked = about_a_key(question);
  if (asked == nullptr) return false;
  const auto& open = expectation.known_after_apply;
  return std::any_of(open.begin(), open.end(), [&](const AnyRequest& other) {
    const certificate_store::KeyAccess* planned = about_a_key(other);
    return planned != nullptr && planned->host == asked->host && planned->account == asked->account;
  });
}

/// What is expected of one question: a fact, anything (known after apply), or that it does not arise.
bool matches(const Expectation& expectation, const AnyRequest& question, const Fact* present) {
  if (is_known_after_apply(expectation, question)) return true;
  const Fact* expected = expectation.known.fact(question);
  if (expected == nullptr || present == nullptr) return expected == present;
  return same_outcome(*expected, *present);
}

std::string described(const Expectation& expectation, const AnyRequest& question) {
  const Fact* expected = expectation.known.fact(question);
  return expected == nullptr ? "nothing to ask" : to_text(expected->outcome);
}

/// Whether a step that is half done may have left this answer, or (null) none.
bool leaves_open(const PlannedStep& step, const AnyRequest& question, const Fact* fact) {
  const bool unanswered = fact == nullptr || fact->answer() == nullptr;
  const bool by_call = std::any_of(step.calls.begin(), step.calls.end(), [&](const AnyRequest& call) {
    return may_alter(call, question) || (unanswered && may_silence(call, question));
  });
  return by_call || std::any_of(step.after.begin(), step.after.end(),
                                [&](const ExpectedFact& expected) { return expected.question == question; });
}

}  // namespace

std::string_view to_text(PlannedStep::Kind kind) {
  switch (kind) {
    case PlannedStep::Kind::needed: return "needed";
    case PlannedStep::Kind::already: return "already there";
    case PlannedStep::Kind::fails: return "would fail";
  }
  throw std::logic_error("a planned step outside the list");
}

bool Plan::complete() const {
  return std::none_of(steps.begin(), steps.end(),
                      [](const PlannedStep& step) { return step.kind == PlannedStep::Kind::fails; });
}

std::size_t Plan::needed() const {
  return static_cast<std::size_t>(std::count_if(
      steps.begin(), steps.end(), [](const PlannedStep& step) { return step.kind == PlannedStep::Kind::needed; }));
}

Duration Plan::usual() const {
  Duration sum{};
  for (const PlannedStep& step : steps) sum += step.usual;
  return sum;
}

Duration Plan::at_p95() const {
  Duration sum{};
  for (const PlannedStep& step : steps) sum += step.at_p95;
  return sum;
}

std::string design_fingerprint(const model::Design& design, const std::string& text) {
  std::string all = text;
  for (const model::Certificate& certificate : design.certificates) {
    all += fmt::format("\n{} {} {} {}", certificate.key, certificate.thumbprint, model::to_text(certificate.not_before),
                       model::to_text(certificate.not_after));
    for (const std::string& name : certificate.common_names) all += " " + name;
  }
  for (const model::Node& node : design.cluster.nodes) all += "\n" + to_text(design.master_settings(node.name));
  for (const model::WorkerPool& pool : design.scale_out.workers) all += "\n" + to_text(pool.settings);
  return sha256_hex(all);
}

Expectation expected_after(const Plan& plan, const std::vector<bool>& done) {
  Expectation expectation{plan.observed, {}};
  for (std::size_t step = 0; step < std::min(done.size(), plan.steps.size()); ++step) {
    if (!done[step]) continue;
    for (const ExpectedFact& change : plan.steps[step].after) apply(expectation, change);
  }
  return expectation;
}

std::vector<std::string> deviations(const Plan& plan, const std::vector<bool>& done, const std::vector<bool>& begun,
                                    const Observation& present) {
  const Expectation expectation = expected_after(plan, done);
  std::vector<const PlannedStep*> half_done;
  for (std::size_t i = 0; i < std::min(begun.size(), plan.steps.size()); ++i) {
    const bool ended = i < done.size() && done[i];
    if (begun[i] && !ended) half_done.push_back(&plan.steps[i]);
  }
  const auto may_be_altered = [&](const AnyRequest& question, const Fact* fact) {
    // Workers register by themselves, some minutes after nothing is in their way any more; steps wait for them.
    if (name_of(question) == "Catalog.WorkerLastOnline") return true;
    return std::any_of(half_done.begin(), half_done.end(),
                       [&](const PlannedStep* step) { return leaves_open(*step, question, fact); });
  };
  std::vector<AnyRequest> questions;
  for (const Fact& fact : expectation.known.facts) questions.push_back(fact.question);
  for (const Fact& fact : present.facts) {
    if (!holds(questions, fact.question)) questions.push_back(fact.question);
  }
  std::vector<std::string> result;
  for (const AnyRequest& question : questions) {
    const Fact* fact = present.fact(question);
    if (matches(expectation, question, fact) || may_be_altered(question, fact)) continue;
    const std::string is = fact == nullptr ? "nothing to ask" : to_text(fact->outcome);
    result.push_back(
        fmt::format("{}: the plan expects {}, but it is {}", to_text(question), described(expectation, question), is));
  }
  return result;
}

}  // namespace rehearse::steps
