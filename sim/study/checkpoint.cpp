#include "sim/study/checkpoint.hpp"

#include <fmt/format.h>

#include <array>
#include <fstream>
#include <map>
#include <optional>
#include <utility>

#include "model/steps/failure.hpp"
#include "model/steps/sha256.hpp"

namespace rehearse::sim {
namespace {

using steps::Failure;
using steps::FailureCode;

constexpr std::uint64_t application = 0x52485354;  // "RHST", in the file's header: other programs leave it alone
constexpr std::uint64_t format = 1;

[[noreturn]] void conflict(const std::string& message) {
  throw Failure(FailureCode::conflict, message);
}

/// That the file is a checkpoint of this version.
void expect_checkpoint(Database& database) {
  if (database.pragma("application_id") != application) {
    conflict(database.path() + " is no checkpoint of Rehearse: name another file");
  }
  const std::uint64_t found = database.pragma("user_version");
  if (found != format) {
    conflict(fmt::format("{} was written by a later version of Rehearse (format {}, this one knows {})",
                         database.path(), found, format));
  }
}

[[noreturn]] void damaged(const std::string& path) {
  conflict(path + " is damaged: what it holds does not fit its checksum. Remove it and run its study again");
}

Tally tally_in(const Database& database, const StudyPart& part, std::uint64_t first, std::uint64_t count,
               const std::string& bytes, const std::string& seal) {
  std::optional<Tally> tally;
  if (seal == seal_of(part, first, count, bytes)) tally = Tally::from_bytes(bytes);
  if (!tally) damaged(database.path());
  return std::move(*tally);
}

StudyShard shard_in(Database& database) {
  Statement row = database.prepare(
      "SELECT identity, chunks, first_chunk, last_chunk, origin, complete, tally, seal FROM study WHERE one = 1");
  if (!row.step()) damaged(database.path());
  StudyShard shard;
  shard.part = {row.bytes(0), row.number(1), {row.number(2), row.number(3)}, row.bytes(4)};
  shard.complete = row.number(5);
  const ChunkRange& range = shard.part.range;
  if (range.first > range.last || range.last > shard.part.chunks || shard.complete > range.size()) {
    damaged(database.path());
  }
  shard.tally = tally_in(database, shard.part, range.first, shard.complete, row.bytes(6), row.bytes(7));
  return shard;
}

}  // namespace

std::string seal_of(const StudyPart& part, std::uint64_t first, std::uint64_t count, std::string_view bytes) {
  return steps::sha256_hex(fmt::format("{} {} {} {} {} {} {}", part.identity, part.chunks, part.range.first,
                                       part.range.last, first, count, bytes));
}

Checkpoint::Checkpoint(const std::string& path, const StudyPart& part)
    : database_(path, Database::Missing::is_created), part_(part) {
  // A file without a table is one that was just made, by this run or by one that was killed at once.
  Statement tables = database_.prepare("SELECT count(*) FROM sqlite_schema");
  tables.step();
  const bool empty = tables.number(0) == 0 && database_.pragma("application_id") == 0;
  tables.run();
  if (empty) {
    create();
  } else {
    take_up();
  }
}

void Checkpoint::create() {
  database_.transaction([&] {
    database_.run(fmt::format("PRAGMA application_id = {}", application).c_str());
    database_.run(fmt::format("PRAGMA user_version = {}", format).c_str());
    database_.run(
        "CREATE TABLE study (one INTEGER PRIMARY KEY CHECK (one = 1), identity TEXT NOT NULL, chunks INTEGER NOT NULL,"
        "                    first_chunk INTEGER NOT NULL, last_chunk INTEGER NOT NULL, origin TEXT NOT NULL,"
        "                    complete INTEGER NOT NULL, tally BLOB NOT NULL, seal TEXT NOT NULL);"
        "CREATE TABLE beyond (chunk INTEGER PRIMARY KEY, tally BLOB NOT NULL, seal TEXT NOT NULL)");
    const std::string bytes = Tally().bytes();
    database_.prepare("INSERT INTO study VALUES (1, ?, ?, ?, ?, ?, 0, ?, ?)")
        .bind(1, part_.identity)
        .bind(2, part_.chunks)
        .bind(3, part_.range.first)
        .bind(4, part_.range.last)
        .bind(5, part_.origin)
        .bind_bytes(6, bytes)
        .bind(7, seal_of(part_, part_.range.first, 0, bytes))
        .run();
  });
}

void Checkpoint::take_up() {
  expect_checkpoint(database_);
  const StudyShard held = shard_in(database_);
  const StudyPart& found = held.part;
  if (found.identity != part_.identity || found.chunks != part_.chunks) {
    conflict(
        fmt::format("{} is of another study ({}): a change in a study, its scenario or its design makes it another "
                    "one. Name another file, or remove this one to begin anew",
                    database_.path(), found.origin));
  }
  if (found.range != part_.range) {
    const auto chunks = [](const ChunkRange& range) {
      return range.size() == 0 ? "no chunks" : fmt::format("chunks {} to {}", range.first + 1, range.last);
    };
    conflict(fmt::format("{} is of another shard of this study: of {}, not {}. Name another file", database_.path(),
                         chunks(found.range), chunks(part_.range)));
  }
  complete_ = held.complete;
  Statement rows = database_.prepare("SELECT chunk FROM beyond");
  while (rows.step()) beyond_.insert(rows.number(0));
  // Also shows whether the file can be written, before anything is done.
  database_.transaction([&] {
    database_.prepare("UPDATE study SET origin = ?, complete = complete WHERE one = 1").bind(1, part_.origin).run();
  });
}

void Checkpoint::restore(Gathered& gathered) {
  StudyShard shard = shard_in(database_);
  std::map<std::uint64_t, Tally> beyond;
  Statement rows = database_.prepare("SELECT chunk, tally, seal FROM beyond ORDER BY chunk");
  while (rows.step()) {
    const std::uint64_t chunk = rows.number(0);
    if (chunk < part_.range.first + shard.complete || chunk >= part_.range.last) damaged(database_.path());
    beyond.emplace(chunk, tally_in(database_, part_, chunk, 1, rows.bytes(1), rows.bytes(2)));
  }
  gathered.restore(shard.complete, std::move(shard.tally), std::move(beyond));
}

void Checkpoint::write(const Gathered& gathered) {
  std::set<std::uint64_t> beyond;
  for (const auto& [chunk, tally] : gathered.beyond()) beyond.insert(chunk);
  if (gathered.complete() == complete_ && beyond == beyond_) return;
  database_.transaction([&] {
    const std::string bytes = gathered.tally().bytes();
    database_.prepare("UPDATE study SET complete = ?, tally = ?, seal = ? WHERE one = 1")
        .bind(1, gathered.complete())
        .bind_bytes(2, bytes)
        .bind(3, seal_of(part_, part_.range.first, gathered.complete(), bytes))
        .run();
    Statement remove = database_.prepare("DELETE FROM beyond WHERE chunk = ?");
    for (const std::uint64_t chunk : beyond_) {
      if (!beyond.contains(chunk)) remove.bind(1, chunk).run();
    }
    Statement insert = database_.prepare("INSERT INTO beyond VALUES (?, ?, ?)");
    for (const auto& [chunk, tally] : gathered.beyond()) {
      if (beyond_.contains(chunk)) continue;
      const std::string its_bytes = tally.bytes();
      insert.bind(1, chunk).bind_bytes(2, its_bytes).bind(3, seal_of(part_, chunk, 1, its_bytes)).run();
    }
  });
  complete_ = gathered.complete();
  beyond_ = std::move(beyond);
}

bool is_checkpoint(const std::string& path) {
  constexpr std::size_t place = 68;  // of the application's number in the header of a file of SQLite
  std::array<char, place + 4> header{};
  std::ifstream stream(path, std::ios::binary);
  return stream.read(header.data(), header.size()) && std::string_view(header.data() + place, 4) == "RHST";
}

StudyShard read_checkpoint(const std::string& path) {
  Database database(path, Database::Missing::is_a_failure);
  expect_checkpoint(database);
  return shard_in(database);
}

}  // namespace rehearse::sim
