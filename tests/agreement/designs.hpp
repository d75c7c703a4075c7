// The deployments that both platforms are tried at, and what a site states for them.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/design.hpp"
#include "real_backend/site.hpp"
#include "tests/far_side/world.hpp"
#include "tests/real_backend/asking.hpp"

namespace rehearse::agreement {

/// A design as `rehearse` reads it, and a site for it.
struct Deployable {
  model::Design design;
  real::Site site;
  std::string file;  // of the design; empty for one made in code
};

/// Keeps the files of deployables.
class Designs {
 public:
  /// A shipped design by its name. The keys of its certificates were thrown away, so it gets certificates of its own
  /// here: the same names and dates, other keys, and their thumbprints in the settings files.
  Deployable shipped(const std::string& name);

  /// Two nodes and one worker, whose certificates Setup makes: what a short test needs.
  Deployable small() const;
  /// Two nodes and two workers, in either placement; steps make the certificates.
  Deployable stated(model::Placement placement) const;

  /// One of: "reference", "separate", "small", "stated joint", "stated separate".
  Deployable by_name(const std::string& name);

 private:
  real::TestFolder folder_;
};

/// When deployments begin on both platforms.
Date beginning();
/// Long enough for workers to be heard of.
inline constexpr Duration time_to_rest = std::chrono::minutes(15);
/// Bare machines at that time.
far_side::FarWorld bare_machines(const Deployable& deployable);

}  // namespace rehearse::agreement
