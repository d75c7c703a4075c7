#include "sim/study/study_sqlite.hpp"

#include "sim/study/database.hpp"

namespace rehearse::sim {
namespace {

constexpr const char* tables = R"sql(
CREATE TABLE study (name TEXT, description TEXT, scenario TEXT, identity TEXT, seed INTEGER, replications INTEGER,
                    complete INTEGER, confidence REAL, warm_up REAL);
CREATE TABLE points (point INTEGER PRIMARY KEY, name TEXT);
CREATE TABLE settings (point INTEGER, address TEXT, value TEXT, PRIMARY KEY (point, address));
CREATE TABLE figures (point INTEGER, measure TEXT, unit TEXT, count INTEGER, none INTEGER, not_ended INTEGER,
                      zero INTEGER, mean REAL, mean_is_bound INTEGER, mean_low REAL, mean_high REAL, mean_method TEXT,
                      least REAL, greatest REAL, greatest_in INTEGER,
                      difference REAL, difference_low REAL, difference_high REAL, PRIMARY KEY (point, measure));
CREATE TABLE quantiles (point INTEGER, measure TEXT, p REAL, value REAL, is_bound INTEGER, low REAL, high REAL,
                        PRIMARY KEY (point, measure, p));
CREATE TABLE phases (point INTEGER, measure TEXT, phase TEXT, share REAL, mean REAL,
                     PRIMARY KEY (point, measure, phase));
CREATE TABLE buckets (point INTEGER, measure TEXT, least REAL, greatest REAL, ended INTEGER, count INTEGER,
                      PRIMARY KEY (point, measure, least, ended));
CREATE TABLE variations (point INTEGER, address TEXT, measure TEXT, variance_share REAL, noise REAL,
                         mean_of_lowest_draws REAL, mean_of_highest_draws REAL);
CREATE TABLE switches (point INTEGER, switch TEXT, share REAL);
CREATE TABLE one_setting_changed (point INTEGER, measure TEXT, difference REAL, low REAL, high REAL);
CREATE TABLE settings_of_the_grid (address TEXT, measure TEXT, variance_share REAL);
)sql";

/// Values of one row, in the order of its columns.
class Row {
 public:
  explicit Row(Statement& statement) : statement_(statement) {}
  Row& operator<<(std::uint64_t number) {
    statement_.bind(++place_, number);
    return *this;
  }
  Row& operator<<(double number) {
    statement_.bind(++place_, number);
    return *this;
  }
  Row& operator<<(std::string_view text) {
    statement_.bind(++place_, text);
    return *this;
  }
  Row& operator<<(std::nullopt_t) {
    statement_.bind_nothing(++place_);
    return *this;
  }
  Row& operator<<(const std::optional<Bounded>& value) { return value ? *this << value->value : *this << std::nullopt; }
  Row& operator<<(const std::optional<statistics::Interval>& interval) {
    return interval ? *this << interval->low << interval->high : *this << std::nullopt << std::nullopt;
  }
  void end() { statement_.run(); }

 private:
  Statement& statement_;
  int place_ = 0;
};

std::uint64_t yes(bool holds) {
  return holds ? 1 : 0;
}

class Writer {
 public:
  Writer(Database& database, const StudyReport& report) : database_(database), report_(report), study_(report.study) {}

  void write() {
    database_.run(tables);
    Statement study = database_.prepare("INSERT INTO study VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
    (Row(study) << study_.name << study_.description << study_.scenario_file << study_.identity << study_.seed
                << report_.figures.replications << yes(!report_.interrupted && report_.precise) << study_confidence
                << std::chrono::duration<double>(study_.warm_up).count())
        .end();
    for (std::size_t point = 0; point < report_.figures.points.size(); ++point) write_point(point);
    write_comparison();
  }

 private:
  void write_point(std::size_t point) {
    Statement points = database_.prepare("INSERT INTO points VALUES (?, ?)");
    Statement settings = database_.prepare("INSERT INTO settings VALUES (?, ?, ?)");
    Statement switches = database_.prepare("INSERT INTO switches VALUES (?, ?, ?)");
    Statement variations = database_.prepare("INSERT INTO variations VALUES (?, ?, ?, ?, ?, ?, ?)");
    const std::uint64_t number = point + 1;
    (Row(points) << number << name_of(study_.points[point])).end();
    for (const PointSetting& setting : study_.points[point].settings) {
      (Row(settings) << number << setting.address << setting.value).end();
    }
    const PointFigures& seen = report_.figures.points[point];
    for (const auto& [which, share] : seen.switches) (Row(switches) << number << model::name_of(which) << share).end();
    for (const VariationShare& one : seen.variations) {
      (Row(variations) << number << study_.variations[one.variation].address << measure_name(one.measure) << one.share
                       << one.noise << one.lowest << one.highest)
          .end();
    }
    for (std::size_t measure = 0; measure < study_.measures.size(); ++measure) {
      write_figures(point, measure, seen.measures[measure]);
    }
  }

  void write_figures(std::size_t point, std::size_t measure, const MeasureFigures& seen) {
    const Measure& asked = study_.measures[measure];
    const std::uint64_t number = point + 1;
    Statement figures =
        database_.prepare("INSERT INTO figures VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    Row row(figures);
    row << number << asked.name << to_text(asked.unit()) << seen.count << seen.none << seen.censored << seen.zero;
    if (seen.mean) {
      row << seen.mean->value << yes(seen.mean->at_least) << seen.mean->interval << to_text(seen.mean->method);
    } else {
      row << std::nullopt << std::nullopt << std::nullopt << std::nullopt << std::nullopt;
    }
    if (seen.quantiles.empty()) {
      row << std::nullopt << std::nullopt << std::nullopt;
    } else {
      row << seen.least << seen.greatest << seen.greatest_in;
    }
    if (seen.difference) {
      row << seen.difference->value << std::optional(seen.difference->interval);
    } else {
      row << std::nullopt << std::nullopt << std::nullopt;
    }
    row.end();

    Statement quantiles = database_.prepare("INSERT INTO quantiles VALUES (?, ?, ?, ?, ?, ?, ?)");
    for (const QuantileFigure& one : seen.quantiles) {
      const bool bound = one.value.at_least || (one.high && one.high->at_least);
      (Row(quantiles) << number << asked.name << one.p << one.value.value << yes(bound) << one.low << one.high).end();
    }
    Statement phases = database_.prepare("INSERT INTO phases VALUES (?, ?, ?, ?, ?)");
    for (const PhaseFigure& one : seen.phases) {
      (Row(phases) << number << asked.name << to_text(one.phase) << one.share << one.mean).end();
    }
    if (!asked.is_share()) write_buckets(point, measure);
  }

  void write_buckets(std::size_t point, std::size_t measure) {
    const Distribution& seen = report_.tally.distributions.at(report_.layout.values(point, measure));
    const double unit = unit_of(study_.measures[measure]);
    Statement buckets = database_.prepare("INSERT INTO buckets VALUES (?, ?, ?, ?, ?, ?)");
    for (const bool ended : {true, false}) {
      const Histogram& histogram = ended ? seen.values : seen.at_least;
      histogram.for_each([&](Histogram::Bucket bucket, std::uint64_t count) {
        const auto real = [&](std::int64_t value) { return static_cast<double>(value) / unit; };
        (Row(buckets) << std::uint64_t{point + 1} << measure_name(measure) << real(Histogram::least_in(bucket))
                      << real(Histogram::greatest_in(bucket)) << yes(ended) << count)
            .end();
      });
    }
  }

  void write_comparison() {
    Statement swings = database_.prepare("INSERT INTO one_setting_changed VALUES (?, ?, ?, ?, ?)");
    for (const SettingSwing& swing : report_.figures.swings) {
      (Row(swings) << std::uint64_t{swing.point + 1} << measure_name(swing.measure) << swing.difference.value
                   << std::optional(swing.difference.interval))
          .end();
    }
    Statement axes = database_.prepare("INSERT INTO settings_of_the_grid VALUES (?, ?, ?)");
    for (const AxisShare& share : report_.figures.axes) {
      (Row(axes) << study_.axes[share.axis] << measure_name(share.measure) << share.share).end();
    }
  }

  const std::string& measure_name(std::size_t measure) const { return study_.measures[measure].name; }

  Database& database_;
  const StudyReport& report_;
  const Study& study_;
};

}  // namespace

void write_study_sqlite(const std::string& path, const StudyReport& report) {
  Database database(path, Database::Missing::is_created);
  database.transaction([&] { Writer(database, report).write(); });
}

}  // namespace rehearse::sim
