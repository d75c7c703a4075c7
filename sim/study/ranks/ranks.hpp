// The processes that one mpirun started, to do a study together. Rank 0 conducts: it deals chunks to the others, does
// some itself, and has the result. Messages are few and small beside the work, so that one thread of each process
// carries them and naps between: nobody spins.
//
// MPI is optional when the program is built. A job of MPI dies with the first process that it loses; what a checkpoint
// holds is not lost with it.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "sim/study/conduct.hpp"

namespace rehearse::sim {

/// Whether mpirun (or srun with PMIx) started this process. Without it MPI is left alone.
bool started_by_mpirun();

class Ranks {
 public:
  /// Joins the others. To be called once, by the thread that uses it. Throws steps::Failure (`refused`) where the
  /// program was built without MPI: each process would do the whole work.
  static std::unique_ptr<Ranks> join();
  /// Leaves when all do: rank 0 dismisses those that it did not, the others wait for it.
  virtual ~Ranks() = default;

  virtual int rank() const = 0;
  virtual int size() const = 0;

  /// Of rank 0: the others, as far as they have the same work. Its take() throws steps::Failure (`conflict`) where one
  /// has another work or none, and what a worker there threw, each with the rank and its machine.
  virtual Companions& companions(const std::string& identity) = 0;

  struct Serving {
    unsigned threads = 1;
    std::function<bool()> interrupted;  // then the whole work is
    std::function<void()> dismissed;    // chunks under way are not wanted any more
  };
  /// Of the others: does chunks until rank 0 dismisses it. False: interrupted, or a worker threw, which rank 0 tells.
  virtual bool serve(const ChunkedWork& work, const Serving& serving) = 0;
  /// Of the others: tells rank 0 why there is no work here, and waits to be dismissed.
  virtual void give_up(const std::string& problem) = 0;
};

}  // namespace rehearse::sim
