// What a study asks: replications of a scenario with drawn durations, at one point or at several that differ in
// settings, with random variation of what a replication may have of its own. Values, as read from a study file
// (study_reader.hpp).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "sim/scenario/scenario.hpp"
#include "sim/study/measure.hpp"
#include "sim/study/questions.hpp"
#include "sim/study/random_faults.hpp"
#include "sim/study/variation.hpp"

namespace rehearse::sim {

/// A setting of a point: an address in the design or the scenario, and its value there as JSON.
struct PointSetting {
  std::string address, value;
  friend bool operator==(const PointSetting&, const PointSetting&) = default;
};

/// One of the variants that are compared. The first is the base: others are told as differences from it.
struct StudyPoint {
  std::vector<PointSetting> settings;  // empty: scenario and design as they are
  Scenario scenario;
  std::string prepared_like;  // points of one value here differ in nothing that the deployed world depends on
};

/// The replications go on until the half width of the 95 % interval is at most this share of the figure.
struct PrecisionTarget {
  std::size_t measure = 0;         // of Study::measures
  std::optional<double> quantile;  // absent: the mean
  double share = 0.01;
  std::string name;  // "outage.ssisdb.p99"
};

struct Study {
  std::string name, description;
  std::string file, scenario_file;
  std::uint64_t seed = 1;
  std::uint64_t replications = 10'000;  // of each point, at most
  std::vector<PrecisionTarget> precision;
  std::vector<StudyPoint> points;  // at least one
  std::vector<std::string> axes;   // addresses that points differ in
  std::vector<Variation> variations;
  RandomFaults faults;  // that come by themselves, beside the timeline
  std::vector<Measure> measures;
  Duration warm_up{};
  std::uint64_t batches = 20;  // of the time after the warm-up, for steady-state means
  StudyQuestions questions;    // beside the figures of the points
  std::string identity;        // sha256 of all that results depend on
};

/// "SameSubnetThreshold = 20, HealthCheckTimeout = 30s"; "as it is" without settings.
std::string name_of(const StudyPoint& point);

}  // namespace rehearse::sim
