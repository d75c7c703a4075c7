// The platform of a simulated world that was loaded from an observation. A world is built for a design and cannot hold
// everything that reality may be: another witness, a property of another value, a resource that failed. Questions
// about such things are answered as reality answered them, until a step changes what they are about. And a world is
// built with the design's properties, while what Windows and Setup make begins with the product's own: until a step has
// set them, such a property has some other value, which nobody need know.
#pragma once

#include <vector>

#include "model/design.hpp"
#include "model/steps/adapters/any_port.hpp"
#include "model/steps/observation.hpp"

namespace rehearse::sim {

class ObservedPlatform final : public steps::AnyPort {
 public:
  /// `otherwise`: the facts, in the world's names, that the world itself would answer in another way. The design is the
  /// world's, and outlives the platform.
  ObservedPlatform(steps::Platform simulated, const model::Design& design, std::vector<steps::Fact> otherwise);

  steps::Awaitable<steps::Answer> call(steps::AnyRequest request) override;

  /// The answer to this question is no more than "not what the design wants".
  bool is_guess(const steps::AnyRequest& question) const;

 private:
  void begin_as_the_product_does(const steps::AnyRequest& change);

  steps::Platform simulated_;
  const model::Design& design_;
  std::vector<steps::AnyRequest> guessed_;  // questions of facts in otherwise_
  std::vector<steps::Fact> otherwise_;
};

}  // namespace rehearse::sim
