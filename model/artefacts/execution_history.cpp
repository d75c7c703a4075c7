#include "model/artefacts/execution_history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <optional>
#include <utility>

#include "model/artefacts/csv.hpp"
#include "model/artefacts/encoded_text.hpp"

namespace rehearse::model {
namespace {

constexpr std::size_t most_rows = 1'000'000;
constexpr std::size_t most_told = 20;

enum class Column { status, created_time, last_pickup_time, end_time, executed_count, max_executed_count, worker };
constexpr std::size_t column_count = 7;
constexpr std::size_t absent = static_cast<std::size_t>(-1);

constexpr std::string_view how_to_export = "export it with scenarios/scale_out/executions.sql";

/// Why an execution tells nothing about its length.
enum class LeftOut { not_scale_out, never_picked_up, not_ended, cut_short, out_of_order };
constexpr std::array<std::string_view, 5> reasons = {
    "not Scale Out (no max_executed_count)", "never picked up by a worker (no last_pickup_time)", "not ended yet",
    "cancelled or ended unexpectedly, so nobody knows how long the package ran", "the times contradict each other"};

/// catalog.executions.status: S 1.6.
bool has_ended_by_itself(std::int64_t status) {
  return status == 4 || status == 7 || status == 9;
}
bool was_cut_short(std::int64_t status) {
  return status == 3 || status == 6;
}

/// "LastPickupTime" and "last_pickup_time" are one name.
std::string plain_name(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') {
      plain += static_cast<char>(c - 'A' + 'a');
    } else if (c != '_' && c != ' ') {
      plain += c;
    }
  }
  return plain;
}

/// ISO 8601, or as SSMS and sqlcmd show a datetimeoffset: "2026-10-05 01:00:03.1234567 +02:00".
std::optional<Date> parse_catalog_time(std::string text) {
  constexpr std::size_t date_size = 10;
  if (text.size() > date_size && text[date_size] == ' ') text[date_size] = 'T';
  if (const std::size_t blank = text.find(' '); blank != text.npos) text.erase(blank, 1);
  return parse_date(text);
}

class Reading {
 public:
  Reading(std::string_view text, const std::string& file) : csv_(text, csv_separator(text)), file_(file) {}

  HistoryFile read() {
    if (read_header()) {
      while (csv_.next(row_)) read_row();
      tell_what_was_left_out();
    }
    if (wrong_cells_ > most_told) {
      tell({}, fmt::format("{} more cells are wrong", wrong_cells_ - most_told), "mend those above and read again");
    }
    if (!has_errors(result_.diagnostics) && result_.rows.empty()) {
      tell({}, "there is no execution in it that could be replayed", std::string(how_to_export));
    }
    if (has_errors(result_.diagnostics)) result_.rows.clear();
    const auto earlier = [](const HistoryRow& a, const HistoryRow& b) { return a.created < b.created; };
    std::stable_sort(result_.rows.begin(), result_.rows.end(), earlier);
    return std::move(result_);
  }

 private:
  void tell(Place place, std::string what, std::string remedy, Severity severity = Severity::error) {
    result_.diagnostics.push_back({severity, file_, std::move(place), std::move(what), std::move(remedy)});
  }
  void wrong(const CsvCell& cell, std::string what, std::string remedy) {
    row_is_wrong_ = true;
    if (++wrong_cells_ <= most_told) tell({cell.line, cell.column, ""}, std::move(what), std::move(remedy));
  }
  void tell_if_broken(const CsvCell& cell) {
    if (cell.problem.empty()) return;
    wrong(cell, cell.problem, "write a quote inside a cell twice, and the whole cell in quotes");
  }

  /// False when the columns are not the wanted ones; told.
  bool read_header() {
    if (!csv_.next(row_)) {
      tell({}, "the file is empty", std::string(how_to_export));
      return false;
    }
    positions_.fill(absent);
    for (std::size_t i = 0; i < row_.size(); ++i) {
      tell_if_broken(row_[i]);
      for (std::size_t known = 0; known < column_count; ++known) {
        if (plain_name(row_[i].text) != plain_name(history_columns()[known])) continue;
        if (positions_[known] != absent) {
          wrong(row_[i], "the column " + history_columns()[known] + " is there twice", "keep one of the two");
        }
        positions_[known] = i;
      }
    }
    width_ = row_.size();
    std::string missing;
    for (std::size_t known = 0; known < column_count; ++known) {
      if (positions_[known] != absent || static_cast<Column>(known) == Column::worker) continue;
      missing += (missing.empty() ? "" : ", ") + history_columns()[known];
    }
    if (!missing.empty()) {
      tell({1, 1, ""}, "the header lacks the columns " + missing,
           fmt::format("{}: catalog.executions alone does not hold them all", how_to_export));
    }
    return missing.empty() && wrong_cells_ == 0;
  }

  const CsvCell& cell_of(Column column) const { return row_[positions_[static_cast<std::size_t>(column)]]; }
  static const std::string& name_of(Column column) { return history_columns()[static_cast<std::size_t>(column)]; }
  static bool is_null(const CsvCell& cell) { return cell.text.empty() || (!cell.quoted && cell.text == "NULL"); }

  std::optional<Date> time_in(Column column) {
    const CsvCell& cell = cell_of(column);
    if (is_null(cell)) return std::nullopt;
    const std::optional<Date> time = parse_catalog_time(cell.text);
    if (!time) {
      wrong(cell, fmt::format("'{}' in the column {} is no date with an offset", shortened(cell.text), name_of(column)),
            "write ISO 8601 with the offset, for example 2026-10-05T01:00:00+02:00");
    }
    return time;
  }

  std::optional<std::int64_t> number_in(Column column, std::int64_t low, std::int64_t high) {
    const CsvCell& cell = cell_of(column);
    if (is_null(cell)) return std::nullopt;
    std::int64_t number = 0;
    const char* const end = cell.text.data() + cell.text.size();
    const auto [stopped, failure] = std::from_chars(cell.text.data(), end, number);
    if (failure == std::errc() && stopped == end && number >= low && number <= high) return number;
    wrong(cell,
          fmt::format("'{}' in the column {} is no whole number from {} to {}", shortened(cell.text), name_of(column),
                      low, high),
          std::string(how_to_export));
    return std::nullopt;
  }

  static std::string shortened(const std::string& text) {
    constexpr std::size_t most = 40;
    return text.size() <= most ? text : text.substr(0, most) + "...";
  }

  /// sqlcmd draws a line of hyphens under the header.
  bool is_ruler() const {
    return std::all_of(row_.begin(), row_.end(), [](const CsvCell& cell) {
      return !cell.text.empty() && cell.text.find_first_not_of('-') == cell.text.npos;
    });
  }

  void read_row() {
    row_is_wrong_ = false;
    if (rows_read_ == 0 && is_ruler()) return;
    ++rows_read_;
    if (result_.rows.size() == most_rows) {
      if (!std::exchange(too_many_, true)) {
        tell({row_[0].line, 1, ""}, fmt::format("there are more than {} executions", most_rows), "export fewer days");
      }
      return;
    }
    for (const CsvCell& cell : row_) tell_if_broken(cell);
    if (row_is_wrong_) return;
    if (row_.size() != width_) {
      wrong(row_.back(), fmt::format("this row has {} cells, the header has {}", row_.size(), width_),
            "write a cell that holds a separator in quotes");
      return;
    }
    take_row();
  }

  void take_row() {
    const auto status = number_in(Column::status, 1, 9);
    const auto created = time_in(Column::created_time);
    const auto picked_up = time_in(Column::last_pickup_time);
    const auto ended = time_in(Column::end_time);
    const auto attempts = number_in(Column::executed_count, 0, 1'000'000);
    const auto most_attempts = number_in(Column::max_executed_count, 1, 1'000'000);
    if (!status && !row_is_wrong_)
      wrong(cell_of(Column::status), "an execution has no status", std::string(how_to_export));
    if (row_is_wrong_) return;
    if (!most_attempts || !created) return leave_out(LeftOut::not_scale_out);
    if (was_cut_short(*status)) return leave_out(LeftOut::cut_short);
    if (!has_ended_by_itself(*status) || !ended) return leave_out(LeftOut::not_ended);
    if (!picked_up || !attempts) return leave_out(LeftOut::never_picked_up);
    if (*picked_up < *created || *ended < *picked_up) return leave_out(LeftOut::out_of_order);
    HistoryRow row{*created, *ended - *picked_up, static_cast<int>(*most_attempts) - 1, static_cast<int>(*attempts),
                   std::nullopt};
    const std::size_t worker = positions_[static_cast<std::size_t>(Column::worker)];
    if (worker != absent && !is_null(row_[worker])) row.worker = row_[worker].text;
    result_.rows.push_back(std::move(row));
  }

  void leave_out(LeftOut reason) {
    Count& count = left_out_[static_cast<std::size_t>(reason)];
    if (count.rows++ == 0) count.first_line = row_[0].line;
  }

  void tell_what_was_left_out() {
    for (std::size_t reason = 0; reason < reasons.size(); ++reason) {
      const Count& count = left_out_[reason];
      if (count.rows == 0) continue;
      tell({count.first_line, 1, ""},
           fmt::format("{} of {} executions left out: {}", count.rows, rows_read_, reasons[reason]),
           "this is the first of them; nothing has to be done unless you miss them", Severity::warning);
    }
  }

  struct Count {
    std::size_t rows = 0;
    int first_line = 0;
  };

  CsvReader csv_;
  const std::string& file_;
  HistoryFile result_;
  std::vector<CsvCell> row_;
  std::array<std::size_t, column_count> positions_{};
  std::size_t width_ = 0, rows_read_ = 0, wrong_cells_ = 0;
  std::array<Count, reasons.size()> left_out_{};
  bool row_is_wrong_ = false, too_many_ = false;
};

}  // namespace

const std::vector<std::string>& history_columns() {
  static const std::vector<std::string> columns = {
      "status", "created_time", "last_pickup_time", "end_time", "executed_count", "max_executed_count", "worker"};
  return columns;
}

HistoryFile read_execution_history(std::string_view bytes, const std::string& file) {
  const std::optional<std::string> text = utf8_of(bytes);
  if (text) return Reading(*text, file).read();
  return {{}, {{Severity::error, file, {}, "the file is broken UTF-16", "save it as UTF-8"}}};
}

}  // namespace rehearse::model
