// The inside of the study reader: what its sections share while a file is being read.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/reading.hpp"
#include "sim/study/documents.hpp"
#include "sim/study/study.hpp"

namespace rehearse::sim {

inline constexpr std::size_t most_points = 1000;

struct StudyReading {
  Study study;
  std::string base_folder, display_folder;
  std::vector<model::Diagnostic> of_study, of_scenario;
  std::optional<Documents> documents;  // with what "set" says; absent: they have errors
  std::optional<Scenario> base;        // read from them
  std::optional<world::Blueprint> plan;
  std::vector<std::string> seen;  // fingerprint texts of the points
};

/// A value as JSON on one line.
std::string json_text(const model::JsonNode& node);

/// The address that a member of "sweep", "vary" and so on is named after; nullopt after a diagnostic.
std::optional<Address> address_of(const model::Member& member);

/// "set": changes the documents before anything else looks at them.
void read_set(const model::Value& value, StudyReading& reading);
/// The points, of whichever of "sweep", "points" and "one_at_a_time" is there.
void read_points(const model::Object& root, StudyReading& reading);
void read_variations(const model::Value& value, StudyReading& reading);
/// "default rates", or the kinds that come.
std::optional<RandomFaults> read_random_faults(const model::Value& value);
/// "rare", "capacity" and "advice"; after the measures.
void read_questions(const model::Object& root, StudyReading& reading);

}  // namespace rehearse::sim
