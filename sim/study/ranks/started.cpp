#include <cstdlib>

#include "sim/study/ranks/ranks.hpp"

namespace rehearse::sim {

bool started_by_mpirun() {
  return std::getenv("OMPI_COMM_WORLD_SIZE") != nullptr || std::getenv("PMIX_RANK") != nullptr;
}

}  // namespace rehearse::sim
