#include "sim/world/draw_streams.hpp"

#include "sim/world/blueprint.hpp"

namespace rehearse::world {

DrawStreams::DrawStreams(const Blueprint& plan) {
  const auto add = [&](Part part, std::size_t count) {
    std::vector<Streams>& streams = parts_[static_cast<std::size_t>(part)];
    streams.reserve(count);
    for (std::uint32_t index = 0; index < count; ++index) {
      const core::ComponentStreams by_purpose(plan.draws_as({part, index}));
      Streams& added = streams.emplace_back(Streams{by_purpose, {}});
      for (std::size_t timing = 0; timing < model::timing_count; ++timing) {
        added.by_timing[timing] = by_purpose.of(model::name_of(static_cast<model::Timing>(timing)));
      }
    }
  };
  add(Part::cluster, 1);
  add(Part::host, plan.hosts.size());
  add(Part::group, plan.groups.size());
  add(Part::resource, plan.resources.size());
  add(Part::instance, 1);
  add(Part::worker, plan.workers.size());
  add(Part::batch, plan.batches.size());
  add(Part::site, plan.sites.size());
}

}  // namespace rehearse::world
