#include "cli/study_replication.hpp"

#include <spdlog/spdlog.h>

#include <iostream>
#include <optional>

#include "cli/telling.hpp"
#include "sim/report/text_report.hpp"
#include "sim/study/replication.hpp"

namespace rehearse::cli {

Exit tell_replication(const sim::Study& study, std::size_t point, std::uint64_t replication) {
  if (point == 0 || point > study.points.size()) {
    spdlog::error("the study has no point {}: its points are 1 to {}", point, study.points.size());
    return Exit::usage;
  }
  const sim::StudyPoint& chosen = study.points[point - 1];
  const sim::Prepared prepared = sim::prepare(chosen.scenario, world::Tempo::when_it_matters);
  if (!prepared.deployed) {
    spdlog::error("the design cannot be deployed with {}", sim::name_of(chosen));
    return Exit::usage;
  }
  std::optional<world::World> world;
  sim::Replicator replicator(study, chosen, prepared, world);
  const sim::ReplicationResult& result = replicator.run({study.seed, replication}, {true, true, true});
  std::cout << "replication " << replication << " of " << study.name << ", " << sim::name_of(chosen) << '\n';
  for (std::size_t place = 0; place < study.variations.size(); ++place) {
    const sim::Variation& variation = study.variations[place];
    std::cout << "  " << variation.address << " = " << variation.text_of(variation.quantity.at(result.uniforms[place]))
              << '\n';
  }
  sim::write_text(std::cout, replicator.account(), {});
  return flushed(Exit::passed);
}

}  // namespace rehearse::cli
