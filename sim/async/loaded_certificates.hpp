// The certificates of real machines in a world that is built of them: each is one of the world's, by what the design
// states or by what it is used as.
#pragma once

#include <map>
#include <string>

#include "sim/async/aliases.hpp"
#include "sim/async/seen.hpp"
#include "sim/world/installation.hpp"
#include "sim/world/world.hpp"

namespace rehearse::sim {

class LoadedCertificates {
 public:
  /// All of them outlive it.
  LoadedCertificates(world::World& world, const Seen& seen, Aliases& aliases)
      : world_(world), seen_(seen), aliases_(aliases), plan_(world.plan()), design_(plan_.design()), install_(world) {}

  /// Makes them, tells the aliases, and places every copy where it was seen.
  void load();
  /// The world's, of a real thumbprint; none: there is none, since nothing that the design knows resembles it.
  world::CertificateIndex find(const std::string& thumbprint) const;

 private:
  void place_copies(world::HostIndex machine);
  world::CertificateIndex stated_by_design(const steps::CertificateInfo& info) const;
  /// The design's certificate for what this one is used as; none: nothing says.
  world::CertificateIndex use_of(const std::string& thumbprint) const;

  world::World& world_;
  const Seen& seen_;
  Aliases& aliases_;
  const world::Blueprint& plan_;
  const model::Design& design_;
  world::Installation install_;
  std::map<std::string, world::CertificateIndex> certificates_;  // by real thumbprint
};

}  // namespace rehearse::sim
