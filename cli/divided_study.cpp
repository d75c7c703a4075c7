#include "cli/divided_study.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <charconv>
#include <chrono>
#include <csignal>
#include <memory>
#include <stdexcept>

#include "cli/output_file.hpp"
#include "cli/study_output.hpp"
#include "sim/study/conduct.hpp"

namespace rehearse::cli {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds between_writes{1};

struct Shard {
  std::uint64_t number = 0, of = 0;
};

/// "3/7"; nullopt: no such thing.
std::optional<Shard> shard_of(const std::string& text) {
  Shard shard;
  const char* const end = text.data() + text.size();
  const auto [slash, bad_number] = std::from_chars(text.data(), end, shard.number);
  if (bad_number != std::errc() || slash == end || *slash != '/') return std::nullopt;
  const auto [rest, bad_of] = std::from_chars(slash + 1, end, shard.of);
  if (bad_of != std::errc() || rest != end || shard.number < 1 || shard.number > shard.of) return std::nullopt;
  return shard;
}

sim::StudyPart part_of(const sim::ChunkedWork& work, const sim::Gathered& gathered, const std::string& origin) {
  return {work.identity(), work.most_chunks(), gathered.range(), origin};
}

}  // namespace

void add_division_options(CLI::App& command, Division& division) {
  add_threads_option(command, division.threads);
  command.add_option("--checkpoint", division.checkpoint,
                     "a file that keeps what is done, about every second: the same command goes on from it");
  command.add_option("--shard", division.shard, "only part i of n, as i/n, into --output, for `rehearse merge`");
}

std::string problem_of(const Division& division, const sim::ChunkedWork& work) {
  if (division.shard.empty()) return {};
  const std::optional<Shard> shard = shard_of(division.shard);
  if (!shard) return fmt::format("--shard {}: no shard; the first of seven is 1/7, the last 7/7", division.shard);
  if (work.by_precision()) {
    return "a shard cannot tell when the whole study is precise enough: give a fixed number of replications instead of "
           "\"precision\", or run the study as one, under mpirun if it is long";
  }
  if (division.output.empty() || division.output == "-") {
    return "a shard needs a file: --output shard-1.json, or .sqlite";
  }
  if (division.output == division.checkpoint) return "--output and --checkpoint are one file: name two";
  return {};
}

sim::ChunkRange range_of(const Division& division, const sim::ChunkedWork& work) {
  if (division.shard.empty()) return {0, work.most_chunks()};
  const std::optional<Shard> shard = shard_of(division.shard);
  if (!shard) throw std::logic_error("no shard");
  return sim::shard_range(work.most_chunks(), shard->number, shard->of);
}

unsigned threads_of(const Division& division, const sim::Ranks* ranks) {
  return division.threads == 0 && ranks != nullptr ? 1U : threads_for(division.threads);
}

Exit conduct_study(const sim::ChunkedWork& work, const Division& division, const std::string& origin,
                   const DivisionHooks& hooks, sim::Gathered& gathered) {
  std::signal(SIGXFSZ, SIG_IGN);  // a file that may not grow is a failure of its write
  try {
    std::optional<sim::Checkpoint> checkpoint;
    if (!division.checkpoint.empty()) {
      checkpoint.emplace(division.checkpoint, part_of(work, gathered, origin));
      checkpoint->restore(gathered);
    }
    auto written = steady_clock::now();
    sim::ConductOptions options;
    options.threads = threads_of(division, hooks.ranks);
    options.interrupted = hooks.interrupted;
    options.look = [&](const sim::Gathered& now) {
      if (hooks.progress) hooks.progress(now);
      const bool last = now.ended() || (hooks.interrupted && hooks.interrupted());
      if (!checkpoint || (!last && steady_clock::now() - written < between_writes)) return;
      checkpoint->write(now);
      written = steady_clock::now();
    };
    if (hooks.ranks != nullptr) options.companions = &hooks.ranks->companions(work.identity());
    sim::conduct(work, gathered, options);
    if (checkpoint) checkpoint->write(gathered);
  } catch (const steps::Failure& failure) {
    return exit_after(failure);
  }
  return gathered.ended() ? Exit::passed : Exit::interrupted;
}

ShardOutput::ShardOutput(const sim::ChunkedWork& work, const Division& division, const std::string& origin)
    : part_{work.identity(), work.most_chunks(), range_of(division, work), origin} {
  if (is_sqlite(division.output)) {
    sqlite_.emplace(division.output, part_);
    return;
  }
  json_ = std::make_unique<OutputFile>(division.output);
  if (!json_->problem().empty()) throw steps::Failure(steps::FailureCode::refused, json_->problem());
}

ShardOutput::~ShardOutput() = default;

void ShardOutput::write(const sim::Gathered& gathered) {
  if (sqlite_) {
    sqlite_->write(gathered);
  } else if (!json_->write(sim::shard_text({part_, gathered.complete(), gathered.tally()}))) {
    throw steps::Failure(steps::FailureCode::refused, json_->problem());
  }
}

void tell_what_is_kept(const Division& division, const sim::Gathered& gathered) {
  const std::string kept = division.checkpoint.empty() ? "nothing is kept for another time: --checkpoint FILE does that"
                                                       : "the same command goes on from " + division.checkpoint;
  spdlog::warn("ended early, with {} of {} chunks complete; {}", gathered.complete(), gathered.range().size(), kept);
}

Exit exit_after(const steps::Failure& failure) {
  spdlog::error("{}", failure.message());
  return failure.code() == steps::FailureCode::refused ? Exit::io : Exit::usage;
}

}  // namespace rehearse::cli
