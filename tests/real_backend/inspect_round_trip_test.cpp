// Every design that ships, exported as if it were built and inspected, is the same design again: of what an export can
// carry nothing is lost and nothing is invented.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <random>

#include "model/defaults.hpp"
#include "model/design_reader.hpp"
#include "tests/real_backend/carried.hpp"
#include "tests/real_backend/exported_deployment.hpp"
#include "tests/real_backend/inspecting.hpp"

namespace rehearse::real::testing {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> shipped_designs() {
  std::vector<std::string> paths;
  for (const char* folder : {"scenarios/designs", "scenarios/cluster/designs", "scenarios/scale_out/designs"}) {
    for (const auto& entry : fs::directory_iterator(fs::path(REHEARSE_SOURCE_DIR) / folder)) {
      if (entry.path().extension() == ".json") paths.push_back(entry.path().string());
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

void expect_to_come_back(const model::Design& design) {
  const Inspection inspection = inspect_text(exported(design, certificates_for(design)).dump(1));
  std::string errors;
  const auto back = read_back(inspection, errors);
  ASSERT_TRUE(back) << errors << remarks_of(inspection);
  EXPECT_EQ(difference(design, *back), "");
  EXPECT_EQ(remarks_of(inspection), "");
}

class Draw {
 public:
  explicit Draw(unsigned seed) : engine_(seed) {}
  std::int64_t number(std::int64_t low, std::int64_t high) {
    return low + static_cast<std::int64_t>(engine_() % static_cast<std::uint64_t>(high - low + 1));
  }
  bool often() { return number(0, 2) != 0; }
  bool seldom() { return number(0, 3) == 0; }

 private:
  std::mt19937_64 engine_;
};

model::ResourceSettings any_settings(Draw& draw) {
  using std::chrono::milliseconds;
  model::ResourceSettings settings;
  if (draw.seldom()) settings.restart_action = static_cast<int>(draw.number(0, 2));
  if (draw.seldom()) settings.restart_threshold = static_cast<int>(draw.number(0, 16));
  if (draw.seldom()) {
    settings.restart_period = milliseconds(draw.number(0, 900'000));
    settings.retry_period_on_failure = *settings.restart_period + milliseconds(draw.number(0, 900'000));
  }
  if (draw.seldom()) settings.restart_delay = milliseconds(draw.number(0, 5000));
  if (draw.seldom()) settings.pending_timeout = milliseconds(draw.number(10, 900'000));
  if (draw.seldom()) settings.deadlock_timeout = milliseconds(draw.number(1000, 900'000));
  if (draw.seldom()) settings.looks_alive_interval = milliseconds(draw.number(10, 60'000));
  if (draw.seldom()) settings.is_alive_interval = milliseconds(draw.number(10, 60'000));
  settings.separate_monitor = draw.seldom();
  return settings;
}

void change(Draw& draw, model::RoleSettings& role, const std::vector<std::string>& resources,
            const model::Design& design) {
  if (draw.often()) role.priority = static_cast<int>(draw.number(0, 4999));
  role.preferred_owners.clear();
  role.possible_owners.clear();
  for (const model::Node& node : design.cluster.nodes) {
    if (draw.often()) role.preferred_owners.push_back(node.name);
    if (draw.often() && !design.fci.availability_group) role.possible_owners.push_back(node.name);
  }
  role.failback = !role.preferred_owners.empty() && draw.often();
  if (role.failback && draw.often()) {
    role.failback_from = static_cast<int>(draw.number(0, 11));
    role.failback_until = static_cast<int>(draw.number(12, 23));
  }
  if (draw.often()) role.failover_threshold = static_cast<int>(draw.number(1, 16));
  if (draw.often()) role.failover_period = std::chrono::hours(draw.number(0, 1193));
  if (draw.seldom()) role.anti_affinity = {"apart", "far apart"};
  for (const std::string& name : resources) {
    if (draw.often()) role.resources[name] = any_settings(draw);
  }
}

/// The design with other values wherever an export carries any.
model::Design varied(model::Design design, Draw& draw) {
  for (model::Node& node : design.cluster.nodes) {
    node.physical = draw.seldom();
    node.weight = &node == &design.cluster.nodes[0] || draw.often() ? 1 : 0;
  }
  for (const model::ClusterProperty& property : model::cluster_properties()) {
    if (!draw.seldom() || property.since > design.windows) continue;
    const std::int64_t highest = property.name == "LowerQuorumPriorityNodeID"
                                     ? static_cast<std::int64_t>(design.cluster.nodes.size())
                                     : property.max;
    const std::int64_t value = draw.number(property.min, std::min<std::int64_t>(highest, 100'000));
    design.cluster.properties[std::string(property.name)] = value;
    model::apply(property, value, design.parameters);
  }
  if (draw.often()) {
    design.cluster.witness = {model::Witness::Kind::disk, "Witness disk", "", {}};
    if (draw.often()) design.cluster.witness = {model::Witness::Kind::cloud, "storageaccount", "", {}};
    if (draw.seldom()) design.cluster.witness = {};
  }
  change(draw, design.fci.role, design.instance_resources(), design);
  design.fci.role.resources[design.master_resource()].restart_action.reset();
  if (draw.often()) design.fci.record_ttl = std::chrono::seconds(draw.number(0, 100'000));
  if (draw.often()) design.fci.register_all_ips = draw.often();
  design.fci.mixed_mode = draw.often();
  if (design.scale_out.role) {
    change(draw, design.scale_out.role->settings, design.master_role_resources(), design);
    design.scale_out.role->settings.resources[design.master_resource()].restart_action.reset();
    if (draw.often()) design.scale_out.role->record_ttl = std::chrono::seconds(draw.number(0, 100'000));
    if (draw.often()) design.scale_out.role->register_all_ips = draw.often();
  }
  design.scale_out.master.restart_action = static_cast<int>(draw.number(0, 2));
  if (design.fci.availability_group) {
    for (auto& replica : design.fci.availability_group->replicas) {
      replica.log_login = draw.often();
      replica.master_key = draw.often();
    }
    design.fci.availability_group->port = static_cast<int>(draw.number(1, 65535));
    design.fci.availability_group->failover_monitor_job = draw.often();
  }
  return design;
}

TEST(InspectRoundTrip, a_design_with_other_values_comes_back_with_them) {
  for (const char* path :
       {"designs/reference.json", "designs/separate.json", "scale_out/designs/separate_two_subnets.json",
        "scale_out/designs/availability_group.json"}) {
    const model::Design design =
        model::read_design_file(REHEARSE_SOURCE_DIR "/scenarios/" + std::string(path)).design.value();
    for (unsigned seed = 1; seed <= 10; ++seed) {
      SCOPED_TRACE(path + std::string(", seed ") + std::to_string(seed));
      Draw draw(seed);
      expect_to_come_back(varied(design, draw));
    }
  }
}

TEST(InspectRoundTrip, every_shipped_design_comes_back_as_it_went_out) {
  int compared = 0;
  for (const std::string& path : shipped_designs()) {
    SCOPED_TRACE(path);
    const model::DesignResult read = model::read_design_file(path);
    ASSERT_TRUE(read.design) << errors_of(read.diagnostics);
    expect_to_come_back(*read.design);
    ++compared;
  }
  EXPECT_GT(compared, 80);
}

}  // namespace
}  // namespace rehearse::real::testing
