// In a program that was built without MPI.
#include "model/steps/failure.hpp"
#include "sim/study/ranks/ranks.hpp"

namespace rehearse::sim {

std::unique_ptr<Ranks> Ranks::join() {
  throw steps::Failure(steps::FailureCode::refused,
                       "this program was built without MPI, so that each process of mpirun would do the whole study: "
                       "install libopenmpi-dev and libboost-mpi1.81-dev and build it again");
}

}  // namespace rehearse::sim
