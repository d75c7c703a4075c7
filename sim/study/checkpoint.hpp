// What is done of a study, in a file that survives: a run that was killed at any moment goes on from it, and ends with
// the bytes that it would have had anyway. A finished checkpoint of a shard is what `rehearse merge` takes.
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "sim/study/database.hpp"
#include "sim/study/gathered.hpp"

namespace rehearse::sim {

/// What a file with a part of a study says of itself.
struct StudyPart {
  std::string identity;      // ChunkedWork::identity
  std::uint64_t chunks = 0;  // ChunkedWork::most_chunks
  ChunkRange range;          // of these, the ones that are done here
  std::string origin;        // how the study is read again, for whoever opens the file without it

  friend bool operator==(const StudyPart&, const StudyPart&) = default;
};

/// A part, and what is done of it without a gap.
struct StudyShard {
  StudyPart part;
  std::uint64_t complete = 0;
  Tally tally;

  bool finished() const { return complete == part.range.size(); }
};

class Checkpoint {
 public:
  /// Makes the file, or takes one up that is of this very part; the origin may have changed. Until the end nobody else
  /// can. Throws steps::Failure: `conflict` where the file is something else, of another study, of a later version,
  /// damaged, or in use; `refused` where it cannot be written.
  Checkpoint(const std::string& path, const StudyPart& part);

  /// Puts what the file holds into `gathered`, to which nothing was added yet. Throws as the constructor does.
  void restore(Gathered& gathered);

  /// Writes what was gathered, in one transaction, when it is more than the file holds. Throws as the constructor does;
  /// the file holds what it held before then.
  void write(const Gathered& gathered);

 private:
  void create();
  void take_up();

  Database database_;
  StudyPart part_;
  std::uint64_t complete_ = 0;  // in the file, as are these
  std::set<std::uint64_t> beyond_;
};

/// What a checkpoint holds, whatever study it is of. Throws as Checkpoint does.
StudyShard read_checkpoint(const std::string& path);

/// Whether a file of this name is a checkpoint, to be left where it is.
bool is_checkpoint(const std::string& path);

/// Over all that counts of a tally's place and bytes, so that a file in which a byte changed is found out.
std::string seal_of(const StudyPart& part, std::uint64_t first, std::uint64_t count, std::string_view bytes);

}  // namespace rehearse::sim
