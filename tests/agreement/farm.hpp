// Where the program meets the far side: the design of the bare farm in either placement, and the platform that a
// deployment of it goes through, scripts made by the program and interpreted on machines of somebody else's writing.
#pragma once

#include <map>
#include <memory>
#include <string>

#include "model/design.hpp"
#include "model/steps/perform.hpp"
#include "real_backend/site.hpp"
#include "real_backend/windows_platform.hpp"
#include "tests/agreement/far_transport.hpp"
#include "tests/far_side/bare_farm.hpp"

namespace far_side {

/// `joint`, or else separate.
std::string farm_design_text(bool joint);
rehearse::model::Design farm_design(bool joint);
/// The same over two subnets, with an address of each name in either.
rehearse::model::Design stretched_design(bool joint);
rehearse::real::Site farm_site();

/// The machines, accounts, share and media that a deployment of the design begins with.
FarWorld bare_farm(const rehearse::model::Design& design, const rehearse::real::Site& site, Instant now);

class Farm {
 public:
  explicit Farm(bool joint);
  Farm(rehearse::model::Design the_design, rehearse::real::Site the_site, FarWorld the_world);

  /// Performs the steps; the account of how far it came, empty when every one has succeeded.
  std::string perform(const std::vector<rehearse::steps::StepPtr>& steps);
  /// All steps of the deployment.
  std::string deploy();

  /// The farm's platform over another transport, which has to lead to `transport` in the end. All outlive it.
  std::unique_ptr<rehearse::steps::AnyPort> over(rehearse::real::Transport& other);

  rehearse::model::Design design;
  rehearse::real::Site site;
  FarWorld world;
  std::string wrong_password_of;  // an account whose password the person gets wrong; empty: none
  FarTransport transport{world};
  FarClock clock{world};

 private:
  struct Person;
  std::unique_ptr<Person> person_;
  rehearse::real::WindowsPlatform windows_;
  WithFarClock clocked_;

 public:
  rehearse::steps::Platform platform;
  ~Farm();
};

/// The far side after a whole deployment, which is performed once in a process. Throws std::logic_error with the
/// account of a deployment that failed.
FarWorld deployed_world(bool joint);

}  // namespace far_side
