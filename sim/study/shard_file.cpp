#include "sim/study/shard_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <utility>

#include "model/steps/failure.hpp"
#include "model/whole_file.hpp"

namespace rehearse::sim {
namespace {

using Json = nlohmann::ordered_json;
using model::Diagnostic;
using model::Severity;
using steps::Failure;
using steps::FailureCode;

constexpr const char* format_name = "rehearse-study-shard";
constexpr std::uint64_t format_version = 1;
constexpr std::size_t size_limit = std::size_t{1} << 30;  // 1 GiB: 1000 points with full histograms
constexpr std::string_view hex_digits = "0123456789abcdef";

std::string to_hex(std::string_view bytes) {
  std::string hex;
  hex.reserve(2 * bytes.size());
  for (const char byte : bytes) {
    hex += hex_digits[static_cast<unsigned char>(byte) >> 4];
    hex += hex_digits[static_cast<unsigned char>(byte) & 15U];
  }
  return hex;
}

std::optional<std::string> from_hex(std::string_view hex) {
  if (hex.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (std::size_t place = 0; place < hex.size(); place += 2) {
    const std::size_t high = hex_digits.find(hex[place]), low = hex_digits.find(hex[place + 1]);
    if (high == hex_digits.npos || low == hex_digits.npos) return std::nullopt;
    bytes += static_cast<char>(high << 4 | low);
  }
  return bytes;
}

[[noreturn]] void conflict(const std::string& message) {
  throw Failure(FailureCode::conflict, message);
}

std::string text_of(const std::string& path) {
  std::string problem;
  auto text = model::read_whole_file(path, size_limit, problem);
  if (!text) throw Failure(FailureCode::refused, path + " cannot be read: " + problem);
  return std::move(*text);
}

/// Json::get turns every number into every other; these are whole and not negative, or the file is damaged.
std::uint64_t whole_number(const Json& json) {
  if (!json.is_number_unsigned()) throw Json::other_error::create(501, "no whole number", &json);
  return json.get<std::uint64_t>();
}

/// Of first to last - 1, counted from 1 for people: "chunk 5", "chunks 5 to 7".
std::string chunks_text(std::uint64_t first, std::uint64_t last) {
  return last - first == 1 ? fmt::format("chunk {}", last) : fmt::format("chunks {} to {}", first + 1, last);
}

std::vector<const NamedShard*> by_chunks(const std::vector<NamedShard>& shards) {
  std::vector<const NamedShard*> sorted;
  for (const NamedShard& shard : shards) {
    if (shard.shard.part.range.size() > 0) sorted.push_back(&shard);
  }
  std::stable_sort(sorted.begin(), sorted.end(), [](const NamedShard* a, const NamedShard* b) {
    return a->shard.part.range.first < b->shard.part.range.first;
  });
  return sorted;
}

}  // namespace

std::string shard_text(const StudyShard& shard) {
  if (!shard.finished()) throw std::logic_error("a shard is written when it is finished");
  const std::string bytes = shard.tally.bytes();
  const ChunkRange& range = shard.part.range;
  Json json;
  json["format"] = format_name;
  json["version"] = format_version;
  json["origin"] = shard.part.origin;
  json["identity"] = shard.part.identity;
  json["chunks"] = {{"first", range.first}, {"last", range.last}, {"of", shard.part.chunks}};
  json["seal"] = seal_of(shard.part, range.first, shard.complete, bytes);
  json["tally"] = to_hex(bytes);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + '\n';
}

StudyShard read_shard_text(const std::string& text, const std::string& path) {
  StudyShard shard;
  std::optional<std::string> bytes;
  std::string seal;
  const auto nothing_of_ours = [&] { conflict(path + " is no shard of a study: `rehearse study --shard` makes them"); };
  try {
    const Json json = Json::parse(text);
    if (!json.is_object() || json.value("format", "") != format_name) nothing_of_ours();
    if (const std::uint64_t version = whole_number(json.at("version")); version != format_version) {
      conflict(fmt::format("{} was written by a later version of Rehearse (format {}, this one knows {})", path,
                           version, format_version));
    }
    const auto number = [&](const char* key) { return whole_number(json.at("chunks").at(key)); };
    shard.part = {json.at("identity").get<std::string>(),
                  number("of"),
                  {number("first"), number("last")},
                  json.at("origin").get<std::string>()};
    shard.complete = shard.part.range.size();
    bytes = from_hex(json.at("tally").get<std::string>());
    seal = json.at("seal").get<std::string>();
  } catch (const Json::parse_error&) {
    if (text.find(format_name) == text.npos) nothing_of_ours();
  } catch (const Json::exception&) {
    bytes.reset();
  }
  std::optional<Tally> tally;
  const ChunkRange& range = shard.part.range;
  const bool sound = range.first <= range.last && range.last <= shard.part.chunks;
  if (sound && bytes && seal == seal_of(shard.part, range.first, shard.complete, *bytes)) {
    tally = Tally::from_bytes(*bytes);
  }
  if (!tally) conflict(path + " is damaged: run this shard again");
  shard.tally = std::move(*tally);
  return shard;
}

StudyShard read_shard(const std::string& path) {
  const std::string text = text_of(path);
  return text.starts_with("SQLite format 3") ? read_checkpoint(path) : read_shard_text(text, path);
}

std::vector<Diagnostic> problems_of(const std::vector<NamedShard>& shards) {
  std::vector<Diagnostic> problems;
  const auto problem = [&](const std::string& file, std::string what, std::string remedy) {
    problems.push_back({Severity::error, file, {}, std::move(what), std::move(remedy)});
  };
  if (shards.empty()) return {{Severity::error, "merge", {}, "there is nothing to merge", "name the shards' files"}};
  const StudyPart& first = shards.front().shard.part;
  for (const auto& [file, shard] : shards) {
    if (shard.part.identity != first.identity || shard.part.chunks != first.chunks) {
      problem(file,
              fmt::format("of another study ({}) than {} ({})", shard.part.origin, shards.front().file, first.origin),
              "merge shards of one study, run with the same files and the same options");
    } else if (!shard.finished()) {
      problem(file, fmt::format("not finished: {} of its {} chunks are done", shard.complete, shard.part.range.size()),
              "run this shard again with --checkpoint and this file: it goes on from there");
    }
  }
  if (!problems.empty()) return problems;

  std::uint64_t next = 0;
  const NamedShard* reaches = nullptr;  // farthest so far
  for (const NamedShard* shard : by_chunks(shards)) {
    const ChunkRange& range = shard->shard.part.range;
    if (range.first > next) {
      problem(shards.front().file, fmt::format("no file has {} of {}", chunks_text(next, range.first), first.chunks),
              "run the missing shards, and name the files of all");
    } else if (range.first < next) {
      problem(shard->file,
              fmt::format("{} is in {} too", chunks_text(range.first, std::min(range.last, next)), reaches->file),
              "name each shard once, and shards of one cutting");
    }
    if (range.last > next) {
      next = range.last;
      reaches = shard;
    }
  }
  if (next < first.chunks) {
    problem(shards.front().file, fmt::format("no file has {} of {}", chunks_text(next, first.chunks), first.chunks),
            "run the missing shards, and name the files of all");
  }
  return problems;
}

StudyShard merged(const std::vector<NamedShard>& shards) {
  if (!problems_of(shards).empty()) throw std::logic_error("these are not the parts of one study");
  StudyShard whole{shards.front().shard.part, 0, {}};
  whole.part.range = {0, whole.part.chunks};
  for (const NamedShard& shard : shards) {
    whole.tally.merge(shard.shard.tally);
    whole.complete += shard.shard.complete;
  }
  return whole;
}

}  // namespace rehearse::sim
