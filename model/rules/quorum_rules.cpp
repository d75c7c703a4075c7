// QUO: votes and witness (W 2).
#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "model/endpoint.hpp"
#include "model/rules/families.hpp"
#include "model/rules/questions.hpp"

namespace rehearse::model::rules {
namespace {

std::size_t voters(const Facts& facts) {
  const auto& nodes = facts.design.cluster.nodes;
  return static_cast<std::size_t>(
      std::count_if(nodes.begin(), nodes.end(), [](const Node& node) { return node.weight != 0; }));
}

bool has_witness(const Facts& facts) {
  return facts.design.cluster.witness.kind != Witness::Kind::none;
}

constexpr const char* at_witness = "/cluster/quorum/witness";
constexpr const char* add_witness =
    "add a witness: { \"kind\": \"file_share\", \"path\": \"\\\\\\\\SERVER\\\\share\" }";

Findings two_without_witness(const Facts& facts) {
  if (has_witness(facts) || voters(facts) != 2) return {};
  return {{at_witness, "two votes and no witness: one of the two nodes must not be lost", add_witness}};
}

Findings even_without_witness(const Facts& facts) {
  const std::size_t votes = voters(facts);
  if (has_witness(facts) || votes < 4 || votes % 2 != 0) return {};
  return {{at_witness, fmt::format("{} votes and no witness: a cut into halves leaves the choice to chance", votes),
           add_witness}};
}

Findings odd_without_witness(const Facts& facts) {
  const std::size_t votes = voters(facts);
  if (has_witness(facts) || votes < 3 || votes % 2 == 0) return {};
  return {
      {at_witness, fmt::format("{} votes and no witness: after the loss of one the rest is even", votes), add_witness}};
}

/// The server of "\\FS1\witness".
std::string server_of(std::string_view share) {
  if (!share.starts_with("\\\\")) return {};
  share.remove_prefix(2);
  return std::string(share.substr(0, share.find('\\')));
}

Findings witness_inside(const Facts& facts) {
  const Witness& witness = facts.design.cluster.witness;
  if (witness.kind != Witness::Kind::file_share) return {};
  const std::string server = server_of(witness.path);
  const Design& design = facts.design;
  const bool of_role = same_name(first_label(server), design.fci.network_name) ||
                       same_name(first_label(server), design.cluster.name) ||
                       (design.scale_out.role && same_name(first_label(server), design.scale_out.role->dns_host_name));
  if (node_called(design, server) == nullptr && !of_role) return {};
  return {{std::string(at_witness) + "/path",
           fmt::format("the witness is on '{}', which is part of this very cluster", server),
           "put the share on a server outside of the cluster"}};
}

Findings witness_beside_nodes(const Facts& facts) {
  const Cluster& cluster = facts.design.cluster;
  if (cluster.witness.site.empty()) return {};
  std::set<std::string> sites;
  for (const Node& node : cluster.nodes) {
    if (node.weight != 0) sites.insert(node.site);
  }
  if (sites.size() < 2 || !sites.contains(cluster.witness.site)) return {};
  return {{std::string(at_witness) + "/site",
           fmt::format("the witness stands at '{}', and goes with the nodes there", cluster.witness.site),
           "put it at a third site, or take a cloud witness"}};
}

Findings static_votes(const Facts& facts) {
  if (facts.design.parameters[Setting::dynamic_quorum] != 0) return {};
  return {{"/cluster/properties/DynamicQuorum", "votes of lost nodes stay in the total",
           "write \"DynamicQuorum\": 1, or remove it"}};
}

Findings one_node(const Facts& facts) {
  if (facts.design.cluster.nodes.size() != 1) return {};
  return {{"/cluster/nodes", "the cluster has one node: nothing can fail over", "add a second node"}};
}

Findings one_voter(const Facts& facts) {
  if (facts.design.cluster.nodes.size() < 2 || voters(facts) != 1) return {};
  const auto& nodes = facts.design.cluster.nodes;
  const auto voter = std::find_if(nodes.begin(), nodes.end(), [](const Node& node) { return node.weight != 0; });
  return {{"/cluster/nodes", fmt::format("only '{}' has a vote: the cluster ends with it", voter->name),
           "give another node its vote: remove \"weight\": 0"}};
}

constexpr Rule rules[] = {
    {"QUO-001", Level::error, "two votes without a witness",
     "Dynamic quorum takes the vote of one of the two. Loses power the other, which has it, the cluster ends with it; "
     "a cut "
     "between the two is survived by that node only.",
     "A witness: file share, disk or cloud.", "W 2.1; W 2.2", &two_without_witness},
    {"QUO-002", Level::warning, "an even number of votes without a witness",
     "Dynamic quorum makes the total odd by taking a vote; which half survives a cut then is not yours to say.",
     "A witness: file share, disk or cloud.", "W 2.1; W 2.2", &even_without_witness},
    {"QUO-003", Level::note, "an odd number of votes without a witness",
     "One loss is survived; the next one by chance. With a witness the second loss is survived as well.", "A witness.",
     "W 2.2", &odd_without_witness},
    {"QUO-004", Level::error, "the witness is part of the cluster",
     "It is lost together with the node or role that holds it, just when its vote is needed, and a role's share is not "
     "there "
     "before the cluster is.",
     "A server outside of the cluster.", "W 2.1 (assumed)", &witness_inside},
    {"QUO-005", Level::warning, "the witness stands at a site of nodes",
     "The loss of that site, or of the link to it, takes the nodes' votes and the witness's at once: the other site "
     "stops, "
     "though all its nodes are well.",
     "A third site, or a cloud witness.", "W 2.1", &witness_beside_nodes},
    {"QUO-006", Level::warning, "dynamic quorum is off",
     "Without it losses one after the other are counted against the full number of votes: half of the nodes end the "
     "cluster, and a last man never stands.",
     "DynamicQuorum 1, the default.", "W 2.1; W 2.2", &static_votes},
    {"QUO-007", Level::error, "a cluster of one node", "A failover needs a second node.", "At least two nodes.",
     "W 4.3", &one_node},
    {"QUO-008", Level::error, "one node has the only vote",
     "Quorum is more than half of the votes. With one voting node the witness's vote is off, so the loss of that node "
     "ends "
     "the cluster, whatever the others do.",
     "Votes for at least two nodes, and a witness.", "W 2.1", &one_voter},
};

}  // namespace

std::span<const Rule> quorum_rules() {
  return rules;
}

}  // namespace rehearse::model::rules
