// Where a study comes from: what files of checkpoints and shards say of themselves, and `rehearse merge` reads again.
#pragma once

#include <optional>
#include <string>

#include "sim/study/study_reader.hpp"

namespace rehearse::cli {

struct StudyOrigin {
  std::string file;
  sim::StudyOverrides overrides;
};

/// "rehearse study scenarios/studies/a.json --replications=2048", for people and for study_origin_in.
std::string to_text(const StudyOrigin& origin);

/// nullopt: the text is no such thing.
std::optional<StudyOrigin> study_origin_in(const std::string& text);

}  // namespace rehearse::cli
