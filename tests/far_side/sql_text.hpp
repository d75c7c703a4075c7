// T-SQL as the far side reads it: tokens of one statement, and the values that parameters and columns have.
#pragma once

#include <string>
#include <vector>

#include "tests/far_side/machine.hpp"

namespace far_side {

struct SqlToken {
  enum class Kind { word, quoted_name, text, number, parameter, sign } kind;
  std::string text;
};

/// The tokens of a statement without its comments. Throws std::logic_error for what no statement has.
std::vector<SqlToken> sql_tokens(const std::string& statement);

/// What SQL Server raises.
Error sql_error(int number, const std::string& message);

/// A statement's tokens, read from front to back.
class SqlCursor {
 public:
  explicit SqlCursor(std::vector<SqlToken> tokens) : tokens_(std::move(tokens)) {}

  bool at_end() const { return at_ == tokens_.size(); }
  /// Whether the next token is this word or sign; takes it then.
  bool take(const std::string& word);
  bool next_is(const std::string& word) const;
  void expect(const std::string& word);
  const SqlToken& peek() const;
  SqlToken take_any();
  /// A name with its qualifiers: "SSISDB.sys.symmetric_keys".
  std::string take_name();
  [[noreturn]] void unknown() const;

 private:
  std::vector<SqlToken> tokens_;
  std::size_t at_ = 0;
};

using SqlParameters = Named<Value>;

/// One row of a view: its columns by name.
using SqlRow = Named<Value>;

/// What a connection stands on.
struct SqlContext {
  FarMachine& at;
  SqlInstance& instance;
  std::string database;  // "master", "SSISDB"
  std::string login;
};

/// The rows of a view or table; throws what SQL Server says for one that is not there.
std::vector<SqlRow> rows_of(const SqlContext& context, const std::string& name);
/// The security identifier of an account as SQL Server shows it; null for one that nobody knows.
Value sid_of_account(const SqlContext& context, const std::string& account);

/// SELECT: the first column of the first row; $null without a row, as ExecuteScalar gives it (NULL is DBNull).
Value select_scalar(const SqlContext& context, SqlCursor& cursor, const SqlParameters& parameters);
/// Everything else that changes something.
void execute_statement(const SqlContext& context, SqlCursor& cursor, const SqlParameters& parameters);
/// A value that stands where an expression of constants may: a text, a number, a parameter.
Value constant(SqlCursor& cursor, const SqlParameters& parameters);

/// [System.DBNull]::Value.
Value db_null();
bool is_db_null(const Value& value);

}  // namespace far_side
