// A file of SQLite that one process has to itself: for checkpoints and results. Every change is made in a transaction,
// so that whoever is killed leaves the state before it or after it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

struct sqlite3;
struct sqlite3_stmt;

namespace rehearse::sim {

/// A prepared statement. Places are counted from 1 for values that are bound, from 0 for columns, as SQLite does.
class Statement {
 public:
  Statement(sqlite3* database, std::string_view sql, const std::string& path);

  Statement& bind(int place, std::uint64_t number);  // below 2^63
  Statement& bind(int place, double number);
  Statement& bind(int place, std::string_view text);
  Statement& bind_bytes(int place, std::string_view bytes);
  Statement& bind_nothing(int place);

  /// Whether there is a row, or one more.
  bool step();
  /// Performs a statement without rows, and makes it ready for the next values.
  void run();

  std::uint64_t number(int column) const;
  std::string bytes(int column) const;  // of a text too

 private:
  void check(int code);

  std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> statement_;
  sqlite3* database_;
  const std::string& path_;  // of the Database, which outlives this
};

/// All of its functions throw steps::Failure: `conflict` where the file is something else, is damaged or is in use,
/// `refused` where the system does not let it be read or written (rights, a full disk), in words for a person.
class Database {
 public:
  enum class Missing { is_created, is_a_failure };
  /// Waits for nobody: a file that another process has is in use.
  Database(std::string path, Missing missing);

  const std::string& path() const { return path_; }
  void run(const char* sql);
  Statement prepare(std::string_view sql);
  std::uint64_t pragma(const char* name);

  /// Makes all changes of `change`, or none where it throws.
  void transaction(const std::function<void()>& change);

 private:
  std::string path_;
  std::unique_ptr<sqlite3, int (*)(sqlite3*)> database_;
};

}  // namespace rehearse::sim
