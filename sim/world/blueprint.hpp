// The immutable table beside a world: what the design names, numbered once, with every string and every sampler. Worlds
// that are copies of each other share one Blueprint, so a world itself is flat numbers.
//
// The Blueprint says what can exist (the design's intended end state); the State says what of it exists now.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/design.hpp"
#include "sim/core/random.hpp"
#include "sim/core/sampler.hpp"
#include "sim/world/ids.hpp"

namespace rehearse::world {

enum class HostKind : std::uint8_t { cluster_node, worker_machine, witness_server };

struct HostPlan {
  std::string name;
  HostKind kind = HostKind::cluster_node;
  bool physical = false;
};

enum class ResourceKind : std::uint8_t { disk, address, name, sql_server, sql_agent, generic_service };
std::string_view to_text(ResourceKind kind);

struct ResourcePlan {
  std::string name;
  ResourceKind kind = ResourceKind::disk;
  GroupIndex group = 0;
  std::uint64_t setup_providers = 0;  // dependencies that SQL Setup or the role wizard creates, as a mask of resources
};

struct GroupPlan {
  std::string name;
  ResourceIndex first = 0, count = 0;  // its resources
  std::string host_name;               // the client access point's network name
  ResourceIndex address = none, name_resource = none;
};

struct WorkerPlan {
  std::string name;
  HostIndex host = 0;
  std::uint32_t pool = 0;
};

struct CertificatePlan {
  std::vector<std::string> names;  // CNs and alternative names
  std::string thumbprint;          // empty: made up from the number (certificates that steps create)
  std::string design_key;          // "master", "worker"
};

/// What a batch submits, with its days already put on the world's clock.
struct BatchPlan {
  std::string name;
  std::uint32_t executions = 0;
  std::int32_t retry_count = 0;
  model::Submitter submitter = model::Submitter::sql_agent;
  double uses_instance = 0;
  core::Sampler duration;
  std::vector<Time> starts;     // within the horizon, ascending
  std::vector<Time> deadlines;  // one a start; core::never where the design states none
};

/// How drawn durations are taken: a draw each, or every duration at one quantile of its distribution. Phases, package
/// durations and lock holds are drawn in every mode: they are the night itself, not the speed of the machinery.
enum class Pace : std::uint8_t { drawn, median, p95 };

/// Nobody has published how long Setup makes its certificates valid (S 9, 8): long enough to be no subject of a
/// rehearsal.
inline constexpr Duration setup_certificate_validity = std::chrono::hours(24 * 365 * 20);

class Blueprint {
 public:
  /// Numbers the design. `start` maps time 0 to the calendar; batches are laid out over [start, start + horizon].
  /// The design must have been accepted by the reader and by `unsupported`.
  Blueprint(const model::Design& design, Date start, Duration horizon);

  /// What of the design this version's world does not model, each as a finding with a remedy; empty: all of it.
  static std::vector<model::Diagnostic> unsupported(const model::Design& design);

  const model::Design& design() const { return design_; }
  const model::Parameters& parameters() const { return design_.parameters; }
  Date start() const { return start_; }
  Date date_at(Time time) const { return start_ + time.time_since_epoch(); }
  Time time_at(Date date) const { return Time(date - start_); }

  std::vector<HostPlan> hosts;
  std::uint32_t node_count = 0;
  HostIndex witness_host = none;
  std::vector<GroupPlan> groups;
  std::vector<ResourcePlan> resources;
  std::vector<WorkerPlan> workers;
  std::vector<CertificatePlan> certificates;
  std::vector<BatchPlan> batches;
  std::uint32_t slots_per_worker = 0;  // the most that any worker's MaxTaskCount allows
  GroupIndex sql_group = 0, master_group = 0;
  ResourceIndex sql_resource = none, agent_resource = none, master_resource = none;

  const core::Sampler& sampler(model::Timing timing) const { return samplers_[static_cast<std::size_t>(timing)]; }

  /// Strings that settings files and properties may hold, numbered. `find_text` gives `none` for a string that the
  /// design does not lead to.
  TextIndex find_text(std::string_view text) const;
  const std::string& text(TextIndex index) const { return texts_[index]; }

  HostIndex find_host(std::string_view name) const;
  GroupIndex find_group(std::string_view name) const;
  ResourceIndex find_resource(std::string_view name) const;
  WorkerIndex find_worker(std::string_view name) const;
  CertificateIndex find_certificate(std::string_view design_key) const;

  std::string name_of(PartId part) const;
  core::Stream stream(PartId part, model::Timing timing) const;
  core::Stream stream(PartId part, std::string_view purpose) const;

 private:
  void lay_out_cluster();
  void lay_out_scale_out();
  void lay_out_batches(Duration horizon);
  TextIndex intern(std::string_view text);

  model::Design design_;
  Date start_;
  std::vector<core::Sampler> samplers_;
  std::vector<std::string> texts_;
};

}  // namespace rehearse::world
