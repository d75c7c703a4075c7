// Workers lose their master together and find it again one by one. An episode is what their outages have in common:
// from the first that is cut off until the last is back; in between, the moments when the first and half of them are.
#pragma once

#include <vector>

#include "sim/scenario/outage.hpp"

namespace rehearse::sim {

struct WorkerEpisode {
  core::Time from{}, to{};  // until the last outage in it ends
  // When so many of its workers were back for good; never: not by the end of the rehearsal.
  core::Time first_back = core::never, half_back = core::never, last_back = core::never;
  std::size_t workers = 0;       // that were out in it
  const Outage* last = nullptr;  // the outage that ended last: its phases tell why the episode took so long
  bool censored() const { return last_back == core::never; }
};

/// Outages of workers that overlap or touch belong to one episode. In the order of time; `last` points into `outages`.
std::vector<WorkerEpisode> worker_episodes(const std::vector<Outage>& outages);

}  // namespace rehearse::sim
