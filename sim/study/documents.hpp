// The texts of a scenario and its design, with other values at some addresses. A point of a study is read from them by
// the ordinary readers, so that everything these demand is demanded of points, in their words.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/diagnostic.hpp"
#include "sim/scenario/scenario_reader.hpp"
#include "sim/study/address.hpp"

namespace rehearse::sim {

class Documents {
 public:
  /// The files. What is wrong with them is in `diagnostics`; nullopt: too much.
  static std::optional<Documents> read(const std::string& scenario_path, const std::string& shown_path,
                                       std::vector<model::Diagnostic>& diagnostics);

  /// Puts a JSON value there. Objects on the way are made; false: `problem` says why that is no way.
  bool set(const Address& address, const std::string& value, std::string& problem);
  /// The JSON value there; nullopt: the files do not state it.
  std::optional<std::string> get(const Address& address) const;

  /// What the ordinary readers make of it. Expectations are left out: nothing is judged.
  ScenarioResult scenario() const;

  /// Scenario and design without what changes nothing in a result; and with what design and scenario name beside them.
  std::string fingerprint_text() const;
  /// What a deployed world depends on, other than the strings that its timeline holds.
  std::string deployment_text() const;

 private:
  std::string scenario_path_, shown_path_, scenario_folder_, design_folder_;
  std::string scenario_, design_;  // JSON
};

}  // namespace rehearse::sim
