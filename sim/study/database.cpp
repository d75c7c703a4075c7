#include "sim/study/database.hpp"

#include <sqlite3.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <limits>
#include <stdexcept>

#include "model/steps/failure.hpp"

namespace rehearse::sim {
namespace {

using steps::Failure;
using steps::FailureCode;

/// SQLite tries again to open for reading only, and then tells that there is no file; mostly its folder is why.
int reason_of_folder(const std::string& path) {
  const std::string folder = std::filesystem::path(path).parent_path().string();
  return access(folder.empty() ? "." : folder.c_str(), W_OK) == 0 ? ENOENT : errno;
}

[[noreturn]] void fail(sqlite3* database, const std::string& path) {
  const int code = database != nullptr ? sqlite3_errcode(database) & 0xff : SQLITE_NOMEM;
  const int system = database != nullptr ? sqlite3_system_errno(database) : 0;
  const std::string words = database != nullptr ? sqlite3_errmsg(database) : "out of memory";
  switch (code) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED: throw Failure(FailureCode::conflict, path + " is in use by another run");
    case SQLITE_NOTADB: throw Failure(FailureCode::conflict, path + " is no file of SQLite: name another file");
    case SQLITE_CORRUPT:
      throw Failure(FailureCode::conflict, path + " is damaged: " + words + ". Remove it and run its study again");
    case SQLITE_FULL:
      throw Failure(FailureCode::refused, path + " cannot be written: no space is left on the disk or in the file");
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_IOERR: {
      const int reason = system == ENOENT ? reason_of_folder(path) : system;
      const std::string why = reason != 0 ? std::strerror(reason) : words;
      throw Failure(FailureCode::refused, path + " cannot be read and written: " + why);
    }
    default: throw std::logic_error("SQLite: " + words + " (" + path + ")");
  }
}

}  // namespace

Statement::Statement(sqlite3* database, std::string_view sql, const std::string& path)
    : statement_(nullptr, sqlite3_finalize), database_(database), path_(path) {
  sqlite3_stmt* made = nullptr;
  check(sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &made, nullptr));
  statement_.reset(made);
}

void Statement::check(int code) {
  if (code != SQLITE_OK) fail(database_, path_);
}

Statement& Statement::bind(int place, std::uint64_t number) {
  if (number > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
    throw std::logic_error("a number that SQLite cannot hold");
  }
  check(sqlite3_bind_int64(statement_.get(), place, static_cast<sqlite3_int64>(number)));
  return *this;
}

Statement& Statement::bind(int place, double number) {
  check(sqlite3_bind_double(statement_.get(), place, number));
  return *this;
}

Statement& Statement::bind(int place, std::string_view text) {
  check(sqlite3_bind_text64(statement_.get(), place, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8));
  return *this;
}

Statement& Statement::bind_bytes(int place, std::string_view bytes) {
  check(sqlite3_bind_blob64(statement_.get(), place, bytes.data(), bytes.size(), SQLITE_TRANSIENT));
  return *this;
}

Statement& Statement::bind_nothing(int place) {
  check(sqlite3_bind_null(statement_.get(), place));
  return *this;
}

bool Statement::step() {
  const int code = sqlite3_step(statement_.get());
  if (code != SQLITE_ROW && code != SQLITE_DONE) fail(database_, path_);
  return code == SQLITE_ROW;
}

void Statement::run() {
  step();
  check(sqlite3_reset(statement_.get()));
}

std::uint64_t Statement::number(int column) const {
  return static_cast<std::uint64_t>(sqlite3_column_int64(statement_.get(), column));
}

std::string Statement::bytes(int column) const {
  const void* const begin = sqlite3_column_blob(statement_.get(), column);
  const auto size = static_cast<std::size_t>(sqlite3_column_bytes(statement_.get(), column));
  return begin == nullptr ? std::string() : std::string(static_cast<const char*>(begin), size);
}

Database::Database(std::string path, Missing missing) : path_(std::move(path)), database_(nullptr, sqlite3_close) {
  sqlite3* opened = nullptr;
  const int create = missing == Missing::is_created ? SQLITE_OPEN_CREATE : 0;
  const int code = sqlite3_open_v2(path_.c_str(), &opened, SQLITE_OPEN_READWRITE | create, nullptr);
  database_.reset(opened);
  if (code != SQLITE_OK) fail(opened, path_);
  // Held until the end, and by nobody who is dead: the system releases it. One file and a rollback journal beside it:
  // a write-ahead log would need shared memory, which network file systems do not have.
  run("PRAGMA locking_mode = EXCLUSIVE");
  run("PRAGMA journal_mode = DELETE");
  run("PRAGMA synchronous = FULL");
  run("BEGIN EXCLUSIVE; COMMIT");
  if (sqlite3_db_readonly(opened, "main") != 0) {
    throw Failure(FailureCode::refused, path_ + " cannot be written: it is read-only");
  }
}

void Database::run(const char* sql) {
  if (sqlite3_exec(database_.get(), sql, nullptr, nullptr, nullptr) != SQLITE_OK) fail(database_.get(), path_);
}

Statement Database::prepare(std::string_view sql) {
  return {database_.get(), sql, path_};
}

std::uint64_t Database::pragma(const char* name) {
  Statement asked = prepare(std::string("PRAGMA ") + name);
  if (!asked.step()) throw std::logic_error(std::string("SQLite has no ") + name);
  return asked.number(0);
}

void Database::transaction(const std::function<void()>& change) {
  run("BEGIN");
  try {
    change();
    run("COMMIT");
  } catch (...) {
    // Some failures have rolled it back already.
    if (sqlite3_get_autocommit(database_.get()) == 0) {
      sqlite3_exec(database_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
    }
    throw;
  }
}

}  // namespace rehearse::sim
