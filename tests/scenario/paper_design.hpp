// A design on paper (model/structure) and in rehearsal: its cut sets, the scenarios that shall prove them, and what is
// seen when they are run. For tests that compare the two.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "model/structure/proof.hpp"
#include "model/structure/structure.hpp"
#include "sim/scenario/run_result.hpp"

namespace rehearse::sim {

namespace structure = model::structure;

/// Of a service, at the end.
enum class State { there, interrupted, out };
std::string_view to_text(State state);

/// The workers are out when the last one is, as on paper. Interrupted: out meanwhile.
State seen_in(const RunResult& run, structure::Service service);
State told_by(const structure::CutSet& set, structure::Service service);
/// What paper says nothing of may be interrupted, while it goes to another node.
bool agree(State on_paper, State in_rehearsal);

/// At medians, with the design's own switches.
RunResult rehearsed(const Scenario& scenario);

using Change = std::function<void(model::Design&)>;

struct PaperDesign {
  /// `design_file`: of the folder scenarios. `changed`: on both sides, where no file says it.
  explicit PaperDesign(const std::string& design_file, Change changed = {});

  std::vector<const structure::Component*> components(const structure::CutSet& set) const;
  /// Read from the text of its proof, which must give no diagnostic.
  Scenario scenario(const structure::CutSet& set) const;
  /// Of exactly these components; throws std::logic_error when there is none.
  const structure::CutSet& set_of(const std::set<std::string>& names) const;

  std::string file;
  Change change;
  model::Design design;
  structure::Structure studied;
  Date start;
};

/// The master ends when it has no SSISDB, or stays: the lab test was made.
Change master_ends_without_ssisdb(bool ends);

}  // namespace rehearse::sim
