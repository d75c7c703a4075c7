// A run seen part by part: for each node, role, resource, master, worker and so on the stretches of time in which its
// state did not change, each with the record that began it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/report/part_watch.hpp"
#include "sim/scenario/run_result.hpp"

namespace rehearse::sim {

struct Track {
  using Kind = PartKey::Kind;
  Kind kind = Kind::node;
  std::string name;
  std::string role;                // of a resource
  std::vector<Stretch> stretches;  // ascending; gaps where the part is not there
};
std::string_view to_text(Track::Kind kind);  // "node"

class Tracks {
 public:
  explicit Tracks(const RunResult& run);

  /// By kind, then in the order of the design. Parts that were never there have none.
  const std::vector<Track>& all() const { return tracks_; }
  /// The place in all() of the part that the record tells of; nullopt: of an execution, a certificate and the like.
  std::optional<std::size_t> of(const world::Record& record) const;

 private:
  std::vector<Track> tracks_;
  std::vector<std::vector<std::optional<std::size_t>>> places_;  // by kind, then by number of the part
};

}  // namespace rehearse::sim
