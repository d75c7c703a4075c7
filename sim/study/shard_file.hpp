// What a shard of a study leaves for `rehearse merge`: a JSON file, or a finished checkpoint.
#pragma once

#include <string>
#include <vector>

#include "model/diagnostic.hpp"
#include "sim/study/checkpoint.hpp"

namespace rehearse::sim {

/// The text of a shard's JSON file.
std::string shard_text(const StudyShard& shard);

/// Reads either kind of file. Throws steps::Failure, which names the file: `conflict` where it is something else, of a
/// later version or damaged, `refused` where it cannot be read.
StudyShard read_shard(const std::string& path);
/// The same of a JSON file's text that is already there; failures call it `path`.
StudyShard read_shard_text(const std::string& text, const std::string& path);

struct NamedShard {
  std::string file;
  StudyShard shard;
};

/// What is wrong with these shards as the parts of one study: every file that is of another study than the first one,
/// is not finished, or has chunks that another file has too, and chunks that no file has. Empty: together they are the
/// whole study.
std::vector<model::Diagnostic> problems_of(const std::vector<NamedShard>& shards);

/// All of them as one. Throws std::logic_error where there are problems_of them.
StudyShard merged(const std::vector<NamedShard>& shards);

}  // namespace rehearse::sim
