// n equal machines with exponential times to failure and to repair and a number of repair crews: the textbook system,
// as a process that can be split, and as a Markov chain whose probabilities are computed.
#pragma once

#include <cstdint>
#include <vector>

#include "sim/core/random.hpp"
#include "sim/core/sampler.hpp"
#include "sim/core/time.hpp"

namespace rehearse::sim {

struct Machines {
  unsigned machines = 2, crews = 1;
  unsigned lost_at = 2;                        // so many down are the event
  double per_failure = 1000, per_repair = 10;  // mean times, in hours
};

/// The probability that so many are down at one time within these hours, from all up, by uniformization: exact up to
/// rounding.
double probability_of_loss(const Machines& system, double hours);
/// In the long run, of fewer than lost_at being down.
double availability(const Machines& system);

class MachinesProcess {
 public:
  MachinesProcess(const Machines& system, core::Key key, core::Time horizon);

  bool advance();
  bool hit() const { return down_ >= system_.lost_at; }
  unsigned level() const { return down_; }
  void redraw(std::uint32_t generation);

  core::Time now() const { return now_; }
  unsigned down() const { return down_; }

 private:
  struct Machine {
    core::Time next{};  // it fails, or is repaired; never: it waits for a crew
    bool up = true;
    std::uint32_t number = 0;
  };
  core::Time draw(unsigned machine, const core::Sampler& sampler, bool failure) const;

  Machines system_;
  core::Sampler failure_, repair_;
  core::Key key_;
  core::Time now_{}, horizon_{};
  std::uint32_t generation_ = 0;
  unsigned down_ = 0, busy_ = 0;
  std::vector<Machine> each_;
};

}  // namespace rehearse::sim
