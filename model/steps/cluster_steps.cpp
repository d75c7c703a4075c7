#include "model/steps/cluster_steps.hpp"

#include <fmt/format.h>

#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <utility>

#include "model/steps/small_step.hpp"
#include "model/steps/waiting.hpp"

namespace rehearse::steps {
namespace {

const std::string failover_clustering = "Failover-Clustering";

Awaitable<void> install_feature_on(Host& host, std::string node) {
  const bool installed = co_await host.feature_installed(node, failover_clustering);
  if (!installed) co_await host.install_feature(node, failover_clustering);
}

struct ClusterOfNodes {
  std::string cluster;
  std::vector<std::string> nodes;
};

Awaitable<std::vector<std::string>> missing_nodes(Platform& platform, const ClusterOfNodes& wanted) {
  const std::vector<std::string> present = co_await platform.cluster.nodes();
  std::vector<std::string> missing;
  for (const std::string& node : wanted.nodes) {
    if (std::find(present.begin(), present.end(), node) == present.end()) missing.push_back(node);
  }
  co_return missing;
}

}  // namespace

StepPtr install_failover_clustering(std::vector<std::string> nodes) {
  StepInfo info{.name = "install_failover_clustering",
                .section = "1",
                .hosts = nodes,
                .needs = "Windows Server on every node, joined to the domain",
                .changes = "the Failover Clustering feature and its tools are installed on every node",
                .deadline = std::chrono::hours(1)};
  return make_step(
      std::move(info), std::move(nodes),
      [](Platform& platform, const std::vector<std::string>& all) -> Awaitable<bool> {
        for (const std::string& node : all) {
          const bool installed = co_await platform.host.feature_installed(node, failover_clustering);
          if (!installed) co_return false;
        }
        co_return true;
      },
      [](Platform& platform, const std::vector<std::string>& all) -> Awaitable<void> {
        HostAction install = [&host = platform.host](std::string node) {
          return install_feature_on(host, std::move(node));
        };
        co_await for_all(all, std::move(install));
      });
}

StepPtr validate_cluster(std::string cluster, std::vector<std::string> nodes) {
  StepInfo info{.name = "validate_cluster",
                .section = "1",
                .hosts = nodes,
                .needs = "the Failover Clustering feature on every node",
                .changes = "a validation report without errors exists for exactly these nodes",
                .deadline = std::chrono::hours(2)};
  return make_step(
      std::move(info), ClusterOfNodes{std::move(cluster), std::move(nodes)},
      [](Platform& platform, const ClusterOfNodes& wanted) -> Awaitable<bool> {
        const bool exists = co_await platform.cluster.exists(wanted.cluster);
        if (exists) co_return true;
        co_return co_await platform.cluster.validated(wanted.nodes);
      },
      [](Platform& platform, const ClusterOfNodes& wanted) -> Awaitable<void> {
        co_await platform.cluster.validate(wanted.nodes);
      });
}

StepPtr create_cluster(std::string cluster, std::vector<std::string> nodes) {
  StepInfo info{.name = "create_cluster",
                .section = "1",
                .hosts = nodes,
                .needs = "a validated set of nodes, and the right to create the cluster's computer object",
                .changes = fmt::format("the cluster {} exists and every node is a member", cluster),
                .deadline = std::chrono::hours(1)};
  return make_step(
      std::move(info), ClusterOfNodes{std::move(cluster), std::move(nodes)},
      [](Platform& platform, const ClusterOfNodes& wanted) -> Awaitable<bool> {
        const bool exists = co_await platform.cluster.exists(wanted.cluster);
        if (!exists) co_return false;
        const std::vector<std::string> missing = co_await missing_nodes(platform, wanted);
        co_return missing.empty();
      },
      [](Platform& platform, const ClusterOfNodes& wanted) -> Awaitable<void> {
        const bool exists = co_await platform.cluster.exists(wanted.cluster);
        if (!exists) {
          co_await platform.cluster.create(wanted.cluster, wanted.nodes);
          co_return;
        }
        const std::vector<std::string> missing = co_await missing_nodes(platform, wanted);
        for (const std::string& node : missing) co_await platform.cluster.add_node(node);
      });
}

StepPtr configure_quorum(model::Witness witness) {
  StepInfo info{.name = "configure_quorum",
                .section = "1",
                .hosts = {},
                .needs = "the cluster, and the witness within reach of every node",
                .changes = fmt::format("the witness is: {}{}{}", to_text(witness.kind), witness.path.empty() ? "" : " ",
                                       witness.path),
                .deadline = std::chrono::minutes(15)};
  return make_step(
      std::move(info), cluster::QuorumSetting(witness.kind, std::move(witness.path)),
      [](Platform& platform, const cluster::QuorumSetting& wanted) -> Awaitable<bool> {
        const cluster::QuorumSetting present = co_await platform.cluster.quorum();
        co_return present == wanted;
      },
      [](Platform& platform, const cluster::QuorumSetting& wanted) -> Awaitable<void> {
        co_await platform.cluster.set_quorum(wanted.kind, wanted.path);
      });
}

StepPtr set_cluster_properties(std::map<std::string, std::int64_t> properties) {
  std::string changes = "cluster properties:";
  for (const auto& [name, value] : properties) changes += fmt::format(" {} = {}", name, value);
  StepInfo info{.name = "set_cluster_properties",
                .section = "1",
                .hosts = {},
                .needs = "the cluster",
                .changes = std::move(changes),
                .deadline = std::chrono::minutes(15)};
  using Properties = std::map<std::string, std::int64_t>;
  return make_step(
      std::move(info), std::move(properties),
      [](Platform& platform, const Properties& wanted) -> Awaitable<bool> {
        for (const auto& [name, value] : wanted) {
          const std::int64_t present = co_await platform.cluster.property(name);
          if (present != value) co_return false;
        }
        co_return true;
      },
      [](Platform& platform, const Properties& wanted) -> Awaitable<void> {
        for (const auto& [name, value] : wanted) {
          const std::int64_t present = co_await platform.cluster.property(name);
          if (present != value) co_await platform.cluster.set_property(name, value);
        }
      });
}

}  // namespace rehearse::steps
