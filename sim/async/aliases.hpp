// Names that only real machines make, thumbprints and AgentIds, and what stands for them in a simulated world that was
// loaded from an observation of those machines.
#pragma once

#include <map>
#include <string>

#include "model/steps/observation.hpp"

namespace rehearse::sim {

class Aliases {
 public:
  /// Both names must be unused so far, on their sides.
  void add(const std::string& real, const std::string& in_world);

  /// The same for the thumbprint of a certificate. When the world's copy of it begins is no concern of anybody: it
  /// begins when it was loaded.
  void add_certificate(const steps::CertificateInfo& real, const std::string& in_world, Date begins_in_world);

  bool knows_real(const std::string& name) const { return to_world_.contains(name); }
  bool knows_in_world(const std::string& name) const { return to_real_.contains(name); }
  /// A name without an entry stands for itself.
  const std::string& in_world(const std::string& real) const;

  /// The fact with every such name replaced, in its question and in its answer.
  steps::Fact to_world(const steps::Fact& fact) const;
  steps::Fact to_real(const steps::Fact& fact) const;

  /// A thumbprint or AgentId stands in the fact that only the world has: reality will make its own, known after apply.
  bool names_unmade(const steps::Fact& of_world) const;

 private:
  struct Begin {
    Date real, in_world;
  };
  std::map<std::string, std::string> to_world_, to_real_;
  std::map<std::string, Begin> begins_;  // by either thumbprint
};

}  // namespace rehearse::sim
