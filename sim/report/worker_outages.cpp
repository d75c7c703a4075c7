#include "sim/report/worker_outages.hpp"

#include <algorithm>
#include <map>

namespace rehearse::sim {
namespace {

WorkerEpisode sum_up(const std::vector<const Outage*>& group) {
  std::map<world::WorkerIndex, core::Time> back;  // when each is back for good, as far as this episode goes
  WorkerEpisode episode;
  episode.from = group.front()->from;
  episode.last = group.front();
  for (const Outage* outage : group) {
    const core::Time end = outage->censored ? core::never : outage->to;
    core::Time& until = back.try_emplace(outage->service.worker, end).first->second;
    until = std::max(until, end);
    if (outage->to > episode.last->to) episode.last = outage;
  }
  episode.to = episode.last->to;
  std::vector<core::Time> ends;
  for (const auto& [worker, until] : back) ends.push_back(until);
  std::sort(ends.begin(), ends.end());
  episode.workers = ends.size();
  episode.first_back = ends.front();
  episode.half_back = ends[(ends.size() + 1) / 2 - 1];
  episode.last_back = ends.back();
  return episode;
}

}  // namespace

std::vector<WorkerEpisode> worker_episodes(const std::vector<Outage>& outages) {
  std::vector<const Outage*> sorted;
  for (const Outage& outage : outages) {
    if (outage.service.kind == Service::Kind::worker) sorted.push_back(&outage);
  }
  std::stable_sort(sorted.begin(), sorted.end(), [](const Outage* a, const Outage* b) { return a->from < b->from; });
  std::vector<WorkerEpisode> episodes;
  std::vector<const Outage*> group;
  core::Time reach{};
  for (const Outage* outage : sorted) {
    if (!group.empty() && outage->from > reach) {
      episodes.push_back(sum_up(group));
      group.clear();
    }
    reach = group.empty() ? outage->to : std::max(reach, outage->to);
    group.push_back(outage);
  }
  if (!group.empty()) episodes.push_back(sum_up(group));
  return episodes;
}

}  // namespace rehearse::sim
