// SELECT of one value: joins, conditions, an order, and the functions that scripts use.
#include <algorithm>
#include <functional>

#include "tests/far_side/sql_state.hpp"
#include "tests/far_side/sql_text.hpp"

namespace far_side {
namespace {

/// The tables of a row that is looked at, by their aliases.
using Joined = Named<SqlRow>;
/// An expression, ready to be looked at for a row.
using Expression = std::function<Value(const Joined& row)>;

class Select {
 public:
  Select(const SqlContext& context, SqlCursor& cursor, const SqlParameters& parameters)
      : context_(context), cursor_(cursor), parameters_(parameters) {}

  Value scalar() {
    if (cursor_.take("TOP")) {
      cursor_.expect("(");
      constant(cursor_, parameters_);
      cursor_.expect(")");
    }
    bool counts = false;
    Expression shown;
    if (cursor_.take("COUNT")) {
      for (const char* sign : {"(", "*", ")"}) cursor_.expect(sign);
      counts = true;
    } else {
      shown = expression();
    }
    std::vector<Joined> rows = {{}};
    if (cursor_.take("FROM")) {
      rows = from();
      if (cursor_.take("WHERE")) keep(rows, condition());
      if (cursor_.take("ORDER")) order(rows);
    }
    cursor_.take(";");
    if (!cursor_.at_end()) cursor_.unknown();
    if (counts) return static_cast<std::int64_t>(rows.size());
    return rows.empty() ? Value() : shown(rows.front());
  }

 private:
  std::vector<Joined> from() {
    std::vector<Joined> rows;
    const std::vector<SqlRow> first = rows_of(context_, cursor_.take_name());
    const std::string alias = take_alias();
    for (const SqlRow& row : first) rows.push_back({{alias, row}});
    while (cursor_.take("INNER") || cursor_.next_is("JOIN")) {
      cursor_.expect("JOIN");
      const std::vector<SqlRow> other = rows_of(context_, cursor_.take_name());
      const std::string other_alias = take_alias();
      cursor_.expect("ON");
      std::vector<Joined> all;
      for (const Joined& row : rows) {
        for (const SqlRow& more : other) {
          all.push_back(row);
          all.back()[other_alias] = more;
        }
      }
      keep(all, condition());
      rows = std::move(all);
    }
    return rows;
  }

  std::string take_alias() {
    if (cursor_.take("AS")) return cursor_.take_any().text;
    return "";
  }

  void keep(std::vector<Joined>& rows, const Expression& condition_of_row) {
    std::erase_if(rows, [&](const Joined& row) { return !condition_of_row(row).truth(); });
  }

  void order(std::vector<Joined>& rows) {
    cursor_.expect("BY");
    const Expression key = expression();
    const bool descends = cursor_.take("DESC");
    if (!descends) cursor_.take("ASC");
    std::stable_sort(rows.begin(), rows.end(), [&](const Joined& a, const Joined& b) {
      return descends ? key(b).text() < key(a).text() : key(a).text() < key(b).text();
    });
  }

  Expression condition() {
    Expression left = comparison();
    while (cursor_.take("AND")) {
      const Expression right = comparison();
      left = [left, right](const Joined& row) { return Value(left(row).truth() && right(row).truth()); };
    }
    return left;
  }

  /// NULL is equal to nothing, not even to NULL.
  Expression comparison() {
    const Expression left = expression();
    cursor_.expect("=");
    const Expression right = expression();
    return [left, right](const Joined& row) {
      const Value a = left(row), b = right(row);
      return Value(!is_db_null(a) && !is_db_null(b) && same_text(a.text(), b.text()));
    };
  }

  Expression expression() {
    const SqlToken token = cursor_.peek();
    const bool constant_token = token.kind == SqlToken::Kind::text || token.kind == SqlToken::Kind::number ||
                                token.kind == SqlToken::Kind::parameter;
    if (constant_token) {
      const Value value = constant(cursor_, parameters_);
      return [value](const Joined&) { return value; };
    }
    const std::string name = cursor_.take_name();
    return cursor_.take("(") ? function(name) : column(name);
  }

  Expression column(const std::string& name) {
    const std::size_t dot = name.find('.');
    const std::string alias = dot == std::string::npos ? "" : name.substr(0, dot), plain = name.substr(dot + 1);
    return [alias, plain, name](const Joined& row) {
      for (const auto& [table, columns] : row) {
        if (!alias.empty() && !same_text(alias, table)) continue;
        if (const auto found = columns.find(plain); found != columns.end()) return found->second;
      }
      throw sql_error(207, "Invalid column name '" + name + "'.");
    };
  }

  /// After the opening bracket.
  Expression function(const std::string& name) {
    const auto is = [&](const char* known) { return same_text(name, known); };
    if (is("CONVERT") || is("TRY_CONVERT")) return conversion(is("TRY_CONVERT"));
    std::vector<Expression> arguments;
    if (!cursor_.next_is(")")) {
      do {
        arguments.push_back(expression());
      } while (cursor_.take(","));
    }
    cursor_.expect(")");
    if (is("SWITCHOFFSET")) return arguments.at(0);  // the far side keeps every date in UTC
    const auto first = [arguments](const Joined& row) { return arguments.at(0)(row); };
    const SqlContext& context = context_;
    if (is("OBJECT_ID")) return [&context, first](const Joined& row) { return object_id(context, first(row).text()); };
    if (is("OBJECTPROPERTY")) {
      return [&context, arguments](const Joined& row) {
        if (is_db_null(arguments.at(0)(row))) return db_null();
        if (!same_text(arguments.at(1)(row).text(), "ExecIsStartup")) gap("this property of an object");
        return Value(context.instance.startup_procedure ? 1 : 0);
      };
    }
    if (is("QUOTENAME")) return [first](const Joined& row) { return quote_name(first(row).text()); };
    if (is("SUSER_SID")) {
      return [&context, first](const Joined& row) { return sid_of_account(context, first(row).text()); };
    }
    if (is("SERVERPROPERTY")) {
      return [&context, first](const Joined& row) { return server_property(context, first(row).text()); };
    }
    cursor_.unknown();
  }

  static Value object_id(const SqlContext& context, const std::string& name) {
    const bool startup = same_text(name, "master.dbo.sp_ssis_startup") || same_text(name, "dbo.sp_ssis_startup") ||
                         same_text(name, "sp_ssis_startup");
    if (!startup) gap("the object " + name);
    return context.instance.ssisdb ? Value(1977058079) : db_null();
  }

  static Value quote_name(const std::string& text) {
    if (utf16_length(text) > 128) return db_null();
    std::string quoted = "[";
    for (const char c : text) quoted += c == ']' ? std::string("]]") : std::string(1, c);
    return quoted + "]";
  }

  static Value server_property(const SqlContext& context, const std::string& name) {
    if (same_text(name, "IsIntegratedSecurityOnly")) return context.instance.mixed_mode ? 0 : 1;
    if (same_text(name, "ComputerNamePhysicalNetBIOS")) return context.at.name;
    if (same_text(name, "IsClustered")) return context.instance.group.empty() ? 0 : 1;
    if (same_text(name, "ProductVersion")) return std::to_string(context.instance.version) + ".0.2000.5";
    gap("the server property " + name);
  }

  /// CONVERT(type[(length)], expression[, style]). Style 127 of a date is ISO 8601 with a Z for UTC.
  Expression conversion(bool tries) {
    const std::string type = cursor_.take_any().text;
    if (cursor_.take("(")) {
      constant(cursor_, parameters_);
      cursor_.expect(")");
    }
    cursor_.expect(",");
    const Expression value = expression();
    std::int64_t style = 0;
    if (cursor_.take(",")) style = constant(cursor_, parameters_).whole();
    cursor_.expect(")");
    return [type, value, style, tries](const Joined& row) {
      const Value given = value(row);
      if (is_db_null(given)) return db_null();
      const std::string text = given.text();
      if (same_text(type, "int")) return Value(given.whole());
      if (same_text(type, "datetimeoffset")) {
        const bool date = text.size() >= 19 && text[4] == '-' && text[13] == ':';
        if (!date && tries) return db_null();
        if (!date) throw sql_error(241, "Conversion failed when converting date and/or time from character string.");
        return given;
      }
      if (same_text(type, "nvarchar") || same_text(type, "varchar")) {
        if (style != 127) return Value(text);
        std::string iso = text.substr(0, 10) + "T" + text.substr(11, 8);
        if (const std::size_t dot = text.find('.'); dot == 19) {
          std::string fraction = text.substr(20, text.find_first_not_of("0123456789", 20) - 20);
          while (!fraction.empty() && fraction.back() == '0') fraction.pop_back();
          if (!fraction.empty()) iso += "." + fraction;
        }
        return Value(iso + "Z");
      }
      gap("a conversion to " + type);
    };
  }

  const SqlContext& context_;
  SqlCursor& cursor_;
  const SqlParameters& parameters_;
};

}  // namespace

Value select_scalar(const SqlContext& context, SqlCursor& cursor, const SqlParameters& parameters) {
  cursor.expect("SELECT");
  return Select(context, cursor, parameters).scalar();
}

}  // namespace far_side
