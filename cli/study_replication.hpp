// One replication of a study, as an account for people: what happened in the one that lasted longest.
#pragma once

#include <cstddef>
#include <cstdint>

#include "cli/command.hpp"
#include "sim/study/study.hpp"

namespace rehearse::cli {

/// Runs it alone and writes its account to standard output. Points are counted from 1.
Exit tell_replication(const sim::Study& study, std::size_t point, std::uint64_t replication);

}  // namespace rehearse::cli
