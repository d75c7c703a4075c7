// How `rehearse study` gets its work done: on threads, on the ranks of an mpirun, as one shard of several, with a
// checkpoint that outlives it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/command.hpp"
#include "model/diagnostic.hpp"
#include "model/steps/failure.hpp"
#include "sim/study/gathered.hpp"
#include "sim/study/ranks/ranks.hpp"
#include "sim/study/shard_file.hpp"

namespace rehearse::cli {

class OutputFile;

struct Division {
  unsigned threads = 0;    // 0: one a processor, under mpirun one a rank
  std::string checkpoint;  // file; empty: none
  std::string shard;       // "3/7"; empty: the whole study
  std::string output;      // file of the shard
};

/// Adds --threads, --checkpoint and --shard; --output is the command's own.
void add_division_options(CLI::App& command, Division& division);

/// What keeps this work from being divided so; empty: nothing.
std::string problem_of(const Division& division, const sim::ChunkedWork& work);

/// The chunks that are to be done here. Throws std::logic_error where there is a problem_of it.
sim::ChunkRange range_of(const Division& division, const sim::ChunkedWork& work);

unsigned threads_of(const Division& division, const sim::Ranks* ranks);

struct DivisionHooks {
  std::function<bool()> interrupted;
  std::function<void(const sim::Gathered&)> progress;  // several times a second
  sim::Ranks* ranks = nullptr;                         // those of rank 0
};

/// Does the work, from the checkpoint on where there is one. `passed`, `interrupted`, or what went wrong, after it was
/// told: `gathered` then holds what was done until then. `origin` says how the study is read again.
Exit conduct_study(const sim::ChunkedWork& work, const Division& division, const std::string& origin,
                   const DivisionHooks& hooks, sim::Gathered& gathered);

/// The file of a shard, JSON or SQLite by its name.
class ShardOutput {
 public:
  /// Opens it before the work is done. Throws steps::Failure where it cannot be written.
  ShardOutput(const sim::ChunkedWork& work, const Division& division, const std::string& origin);
  ~ShardOutput();
  /// Writes what was gathered, when all of the shard is. Throws steps::Failure.
  void write(const sim::Gathered& gathered);

 private:
  sim::StudyPart part_;
  std::unique_ptr<OutputFile> json_;
  std::optional<sim::Checkpoint> sqlite_;
};

/// After a work that did not come to its end: how much is complete, and whether that is kept.
void tell_what_is_kept(const Division& division, const sim::Gathered& gathered);

/// What a failure of a checkpoint, a shard or a rank ends the program with, after it was told.
Exit exit_after(const steps::Failure& failure);

}  // namespace rehearse::cli
