// What was observed of the real machines, asked as those ask who build a world of it: what nobody answered is no, empty
// or absent.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/design.hpp"
#include "model/steps/observation.hpp"

namespace rehearse::sim {

class Seen {
 public:
  /// Both outlive it.
  Seen(const steps::Observation& observation, const model::Design& design)
      : observation_(observation), design_(design) {}

  const steps::Observation& observation() const { return observation_; }
  /// nullptr: nobody asked, or nobody answered.
  const steps::Answer* find(const steps::AnyRequest& question) const { return observation_.find(question); }

  bool says(const steps::AnyRequest& question) const;
  std::string text(const steps::AnyRequest& question) const;
  std::vector<std::string> list(const steps::AnyRequest& question) const;
  std::optional<model::MasterSettings> master_settings(const std::string& node) const;
  std::optional<model::WorkerSettings> worker_settings(const std::string& worker) const;

 private:
  const steps::Observation& observation_;
  const model::Design& design_;
};

}  // namespace rehearse::sim
