#include "sim/async/observed_platform.hpp"

#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <string>
#include <utility>

#include "model/defaults.hpp"
#include "model/steps/may_alter.hpp"
#include "model/steps/states.hpp"

namespace rehearse::sim {

using steps::Answer;
using steps::AnyRequest;

namespace {

/// Whether the property has this value in a cluster in which nobody has set it; no where that is not published.
bool is_default(const model::Design& design, const std::string& name, std::int64_t value) {
  const model::ClusterProperty* property = model::find_cluster_property(name);
  if (property == nullptr || !property->setting) return false;
  const model::Parameters defaults = model::defaults_for(design.windows, design.sql, design.edition);
  model::Parameters set = defaults;
  model::apply(*property, value, set);
  return set[*property->setting] == defaults[*property->setting];
}

}  // namespace

ObservedPlatform::ObservedPlatform(steps::Platform simulated, const model::Design& design,
                                   std::vector<steps::Fact> otherwise)
    : simulated_(simulated), design_(design), otherwise_(std::move(otherwise)) {}

bool ObservedPlatform::is_guess(const AnyRequest& question) const {
  return std::find(guessed_.begin(), guessed_.end(), question) != guessed_.end();
}

void ObservedPlatform::begin_as_the_product_does(const AnyRequest& change) {
  const auto begins = [&](AnyRequest question, Answer answer) {
    guessed_.push_back(question);
    otherwise_.push_back({std::move(question), std::move(answer)});
  };
  const auto differs = [&](AnyRequest question, std::int64_t designed) { begins(std::move(question), designed + 1); };
  const std::string name = name_of(change);
  if (name == "Cluster.Create") {
    // New-Cluster chooses a witness by itself: one of the shared disks, where it finds any (assumed).
    using Kind = model::Witness::Kind;
    const Kind other = design_.cluster.witness.kind == Kind::none ? Kind::disk : Kind::none;
    begins(steps::cluster::Quorum(), std::vector<std::string>{std::string(steps::to_text(other)), ""});
    for (const auto& [property, value] : design_.cluster.properties) {
      if (!is_default(design_, property, value)) differs(steps::cluster::Property(property), value);
    }
  }
  if (name != "Host.InstallFci") return;
  // Which of the two published values of HealthCheckTimeout Setup leaves is unknown (W 7.1); the level is 3.
  const std::string resource = design_.fci.sql_resource();
  if (const auto timeout = design_.fci.health_check_timeout) {
    const auto milliseconds = std::chrono::duration_cast<std::chrono::milliseconds>(*timeout).count();
    differs(steps::cluster::QueryProperty(resource, steps::ResourceProperty::health_check_timeout), milliseconds);
  }
  if (const auto level = design_.fci.failure_condition_level; level && *level != 3) {
    differs(steps::cluster::QueryProperty(resource, steps::ResourceProperty::failure_condition_level), *level);
  }
}

steps::Awaitable<Answer> ObservedPlatform::call(AnyRequest request) {
  if (effect_of(request) == steps::Effect::query) {
    for (const steps::Fact& fact : otherwise_) {
      if (!(fact.question == request)) continue;
      if (const auto* failure = std::get_if<steps::Failure>(&fact.outcome)) throw *failure;
      co_return *fact.answer();
    }
  }
  AnyRequest forwarded = request;
  Answer answer = co_await steps::forward(simulated_, std::move(forwarded));
  if (effect_of(request) == steps::Effect::change) {
    const auto altered = [&](const AnyRequest& question) { return may_alter(request, question); };
    std::erase_if(otherwise_, [&](const steps::Fact& fact) { return altered(fact.question); });
    std::erase_if(guessed_, altered);
    begin_as_the_product_does(request);
  }
  co_return answer;
}

}  // namespace rehearse::sim
