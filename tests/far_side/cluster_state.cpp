#include "tests/far_side/cluster_state.hpp"

#include <algorithm>
#include <cctype>
#include <cstdio>

namespace far_side {

const std::vector<CommonProperty>& cluster_properties() {
  // Windows Server 2019's values where the versions differ (W 1.1, 1.3, 2).
  static const std::vector<CommonProperty> known = {{"AddEvictDelay", 60},
                                                    {"AutoBalancerLevel", 1},
                                                    {"AutoBalancerMode", 2},
                                                    {"ClusSvcHangTimeout", 60},
                                                    {"ClusSvcRegroupOpeningTimeout", 5, true},
                                                    {"ClusSvcRegroupPruningTimeout", 5, true},
                                                    {"ClusSvcRegroupStageTimeout", 15, true},
                                                    {"ClusSvcRegroupTickInMilliseconds", 300, true},
                                                    {"ClusterEnforcedAntiAffinity", 0},
                                                    {"ClusterFunctionalLevel", 10, true},
                                                    {"ClusterGroupWaitDelay", 120},
                                                    {"ClusterLogLevel", 3},
                                                    {"ClusterLogSize", 300},
                                                    {"CrossSiteDelay", 1000},
                                                    {"CrossSiteThreshold", 20},
                                                    {"CrossSubnetDelay", 1000},
                                                    {"CrossSubnetThreshold", 20},
                                                    {"DefaultNetworkRole", 2},
                                                    {"DrainOnShutdown", 1},
                                                    {"DynamicQuorum", 1},
                                                    {"FixQuorum", 0},
                                                    {"HangRecoveryAction", 6},
                                                    {"IgnorePersistentStateOnStartup", 0},
                                                    {"LowerQuorumPriorityNodeId", 0},
                                                    {"MinimumNeverPreemptPriority", 3000},
                                                    {"MinimumPreemptorPriority", 1},
                                                    {"PlumbAllCrossSubnetRoutes", 0},
                                                    {"PreventQuorum", 0},
                                                    {"QuarantineDuration", 7200},
                                                    {"QuarantineThreshold", 3},
                                                    {"QuorumArbitrationTimeMax", 20},
                                                    {"RequestReplyTimeout", 60},
                                                    {"ResiliencyDefaultPeriod", 240},
                                                    {"ResiliencyLevel", 2},
                                                    {"RouteHistoryLength", 10},
                                                    {"SameSubnetDelay", 1000},
                                                    {"SameSubnetThreshold", 20},
                                                    {"ShutdownTimeoutInMinutes", 20},
                                                    {"WitnessDatabaseWriteTimeout", 300},
                                                    {"WitnessDynamicWeight", 0, true},
                                                    {"WitnessRestartInterval", 15}};
  return known;
}

const std::vector<CommonProperty>& group_properties() {
  static const std::vector<CommonProperty> known = {
      {"AutoFailbackType", 0}, {"ColdStartSetting", 0},           {"DefaultOwner", 4294967295},
      {"FailoverPeriod", 6},   {"FailbackWindowEnd", 4294967295}, {"FailbackWindowStart", 4294967295},
      {"Priority", 2000},      {"FailoverThreshold", 4294967295}, {"PersistentState", 1, true},
      {"ResiliencyPeriod", 0}, {"StatusInformation", 0, true}};
  return known;
}

const std::vector<CommonProperty>& resource_properties() {
  static const std::vector<CommonProperty> known = {{"DeadlockTimeout", 300000},
                                                    {"EmbeddedFailureAction", 2},
                                                    {"IsAlivePollInterval", 4294967295},
                                                    {"LooksAlivePollInterval", 4294967295},
                                                    {"PendingTimeout", 180000},
                                                    {"PersistentState", 0, true},
                                                    {"RestartAction", 2},
                                                    {"RestartDelay", 500},
                                                    {"RestartPeriod", 900000},
                                                    {"RestartThreshold", 1},
                                                    {"RetryPeriodOnFailure", 3600000},
                                                    {"SeparateMonitor", 0},
                                                    {"StatusInformation", 0, true}};
  return known;
}

std::optional<std::int64_t> common_property(const std::vector<CommonProperty>& known,
                                            const Named<std::int64_t>& present, const std::string& name) {
  if (const auto set = present.find(name); set != present.end()) return set->second;
  for (const CommonProperty& property : known) {
    if (same_text(property.name, name)) return property.standard;
  }
  return std::nullopt;
}

std::string dependency_text(const std::vector<Names>& needs) {
  std::string text;
  for (const Names& any : needs) {
    if (!text.empty()) text += " and ";
    text += "(";
    for (std::size_t i = 0; i < any.size(); ++i) text += (i == 0 ? "[" : " or [") + any[i] + "]";
    text += ")";
  }
  return text;
}

namespace {

/// expression := term { "and" term }, term := operand { "or" operand }, operand := [name] | ( expression ). A bracket
/// may hold "and" only where it stands alone in its term, so that the result is "all of, each any one of".
class DependencyReader {
 public:
  explicit DependencyReader(const std::string& text) : text_(text) {}

  std::optional<std::vector<Names>> read() {
    skip();
    if (at_ == text_.size()) return std::vector<Names>{};
    auto whole = expression();
    skip();
    if (!whole || at_ != text_.size()) return std::nullopt;
    return whole;
  }

 private:
  std::optional<std::vector<Names>> expression() {
    auto left = term();
    while (left && word("and")) {
      const auto right = term();
      if (!right) return std::nullopt;
      left->insert(left->end(), right->begin(), right->end());
    }
    return left;
  }
  std::optional<std::vector<Names>> term() {
    auto left = operand();
    while (left && word("or")) {
      const auto right = operand();
      if (!right || left->size() != 1 || right->size() != 1) return std::nullopt;
      left->front().insert(left->front().end(), right->front().begin(), right->front().end());
    }
    return left;
  }
  std::optional<std::vector<Names>> operand() {
    skip();
    if (take('(')) {
      auto inner = expression();
      skip();
      return take(')') ? inner : std::nullopt;
    }
    if (!take('[')) return std::nullopt;
    const std::size_t end = text_.find(']', at_);
    if (end == std::string::npos) return std::nullopt;
    const std::string name = text_.substr(at_, end - at_);
    at_ = end + 1;
    return std::vector<Names>{{name}};
  }
  bool word(const std::string& wanted) {
    skip();
    if (!same_text(text_.substr(at_, wanted.size()), wanted)) return false;
    at_ += wanted.size();
    return true;
  }
  bool take(char wanted) {
    if (at_ == text_.size() || text_[at_] != wanted) return false;
    ++at_;
    return true;
  }
  void skip() {
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
  }

  const std::string& text_;
  std::size_t at_ = 0;
};

}  // namespace

std::optional<std::vector<Names>> read_dependency(const std::string& text) {
  return DependencyReader(text).read();
}

bool is_member(const FarWorld& world, const std::string& node) {
  if (!world.cluster) return false;
  const auto found = world.cluster->nodes.find(node);
  return found != world.cluster->nodes.end() && (found->second.state == "Up" || found->second.state == "Paused");
}

bool is_up(const FarWorld& world, const std::string& node) {
  return is_member(world, node) && world.cluster->nodes.at(node).state == "Up";
}

bool has_quorum(const FarWorld& world) {
  const Cluster& cluster = *world.cluster;
  if (cluster.forced) return true;
  int votes = 0, present = 0;
  for (const auto& [name, node] : cluster.nodes) {
    const int vote = node.weight * node.dynamic_weight;
    votes += vote;
    if (node.state == "Up" || node.state == "Paused" || node.state == "Joining") present += vote;
  }
  // The witness votes while the votes of the nodes are even (W 2.1).
  if (!cluster.witness.empty() && votes % 2 == 0) {
    ++votes;
    if (cluster.resources.at(cluster.witness).state != "Failed") ++present;
  }
  return present * 2 > votes;
}

bool needs_met(const Cluster& cluster, const ClusterResource& resource) {
  return std::all_of(resource.needs.begin(), resource.needs.end(), [&](const Names& any) {
    return std::any_of(any.begin(), any.end(), [&](const std::string& name) {
      const auto found = cluster.resources.find(name);
      return found != cluster.resources.end() && found->second.state == "Online";
    });
  });
}

Names dependents_of(const Cluster& cluster, const std::string& resource) {
  Names names;
  for (const auto& [name, other] : cluster.resources) {
    const bool needs = std::any_of(other.needs.begin(), other.needs.end(), [&](const Names& any) {
      return std::any_of(any.begin(), any.end(), [&](const std::string& need) { return same_text(need, resource); });
    });
    if (needs) names.push_back(name);
  }
  return names;
}

Names resources_of(const Cluster& cluster, const std::string& group) {
  Names names;
  for (const auto& [name, resource] : cluster.resources) {
    if (same_text(resource.group, group)) names.push_back(name);
  }
  return names;
}

std::string state_of_group(const Cluster& cluster, const std::string& group) {
  int online = 0, offline = 0, failed = 0, pending = 0;
  for (const std::string& name : resources_of(cluster, group)) {
    const std::string& state = cluster.resources.at(name).state;
    if (state == "Online") ++online;
    if (state == "Offline") ++offline;
    if (state == "Failed") ++failed;
    if (state == "OnlinePending" || state == "OfflinePending") ++pending;
  }
  if (pending > 0 || !cluster.groups.at(group).moving_to.empty()) return "Pending";
  if (failed > 0) return "Failed";
  if (online > 0) return offline > 0 ? "PartialOnline" : "Online";
  return "Offline";
}

bool may_own(const Cluster& cluster, const std::string& group, const std::string& node) {
  for (const std::string& name : resources_of(cluster, group)) {
    const Names& owners = cluster.resources.at(name).possible_owners;
    const bool possible = owners.empty() || std::any_of(owners.begin(), owners.end(),
                                                        [&](const std::string& one) { return same_text(one, node); });
    if (!possible) return false;
  }
  return true;
}

Names candidates_for(const FarWorld& world, const std::string& group, const std::string& except) {
  const Cluster& cluster = *world.cluster;
  std::vector<std::pair<int, std::string>> ordered;
  const Names& preferred = cluster.groups.at(group).preferred_owners;
  for (const auto& [name, node] : cluster.nodes) {
    if (same_text(name, except) || node.state != "Up" || !may_own(cluster, group, name)) continue;
    int rank = 1000 + node.id;
    for (std::size_t i = 0; i < preferred.size(); ++i) {
      if (same_text(preferred[i], name)) rank = static_cast<int>(i);
    }
    ordered.emplace_back(rank, name);
  }
  std::sort(ordered.begin(), ordered.end());
  Names names;
  for (auto& [rank, name] : ordered) names.push_back(std::move(name));
  return names;
}

namespace {

std::string dotted(std::uint32_t bits) {
  char text[20];
  std::snprintf(text, sizeof text, "%u.%u.%u.%u", bits >> 24, (bits >> 16) & 255, (bits >> 8) & 255, bits & 255);
  return text;
}

std::uint32_t bits_of(int prefix) {
  return prefix == 0 ? 0 : ~std::uint32_t{0} << (32 - prefix);
}

}  // namespace

std::string subnet_of(const std::string& address, int prefix) {
  unsigned a = 0, b = 0, c = 0, d = 0;
  if (std::sscanf(address.c_str(), "%u.%u.%u.%u", &a, &b, &c, &d) != 4) return "";
  return dotted(((a << 24) | (b << 16) | (c << 8) | d) & bits_of(prefix));
}

std::string mask_of(int prefix) {
  return dotted(bits_of(prefix));
}

}  // namespace far_side
