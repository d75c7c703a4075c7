#include "model/structure/success_paths.hpp"

#include <algorithm>
#include <boost/graph/adjacency_list.hpp>
#include <boost/graph/biconnected_components.hpp>
#include <boost/graph/dominator_tree.hpp>
#include <cstddef>
#include <map>
#include <set>
#include <stdexcept>

namespace rehearse::model::structure {
namespace {

using Vertex = std::size_t;
constexpr Vertex source = 0, sink = 1;
constexpr int no_component = -1;

/// The network while it is laid out: edges lead along the paths, and vertices without a component are joints.
class Network {
 public:
  Network(const RequirementGraph& graph, int requirement, int component_count) : graph_(graph) {
    const std::vector<std::uint64_t> works(static_cast<std::size_t>(component_count), ~std::uint64_t{0});
    met_ = graph.met(works);
    add_vertex(no_component);
    add_vertex(no_component);
    possible_ = met_.at(static_cast<std::size_t>(requirement)) != 0;
    if (possible_) lay_out(requirement, source, sink);
  }

  bool possible() const { return possible_; }
  const std::vector<int>& components() const { return component_of_; }
  const std::vector<std::pair<Vertex, Vertex>>& edges() const { return edges_; }
  const std::vector<std::string>& votes() const { return votes_; }

 private:
  Vertex add_vertex(int component) {
    component_of_.push_back(component);
    return component_of_.size() - 1;
  }

  void add_stone(int component, Vertex from, Vertex to) {
    const Vertex stone = add_vertex(component);
    edges_.emplace_back(from, stone);
    edges_.emplace_back(stone, to);
  }

  void lay_out(int number, Vertex from, Vertex to) {
    const Requirement& requirement = graph_.at(number);
    const int parts = static_cast<int>(requirement.parts.size());
    if (requirement.component >= 0) {
      add_stone(requirement.component, from, to);
    } else if (requirement.needed == 0) {
      edges_.emplace_back(from, to);
    } else if (requirement.needed == parts) {
      for (int i = 0; i < parts; ++i) {
        const Vertex next = i + 1 == parts ? to : add_vertex(no_component);
        lay_out(requirement.parts[static_cast<std::size_t>(i)], from, next);
        from = next;
      }
    } else if (requirement.needed == 1) {
      for (const int part : requirement.parts) {
        if (met_[static_cast<std::size_t>(part)] != 0) lay_out(part, from, to);
      }
    } else {
      votes_.push_back(requirement.name);
      add_stone(no_component, from, to);
    }
  }

  const RequirementGraph& graph_;
  std::vector<std::uint64_t> met_;
  bool possible_ = false;
  std::vector<int> component_of_;
  std::vector<std::pair<Vertex, Vertex>> edges_;
  std::vector<std::string> votes_;
};

using Directed = boost::adjacency_list<boost::vecS, boost::vecS, boost::bidirectionalS>;
using Undirected = boost::adjacency_list<boost::vecS, boost::vecS, boost::undirectedS>;

template <class Graph>
Graph as_graph(const Network& network) {
  Graph graph(network.components().size());
  for (const auto& [from, to] : network.edges()) boost::add_edge(from, to, graph);
  return graph;
}

std::vector<int> components_at(const Network& network, const std::vector<Vertex>& vertices) {
  std::set<int> found;
  for (const Vertex vertex : vertices) {
    if (network.components()[vertex] != no_component) found.insert(network.components()[vertex]);
  }
  return {found.begin(), found.end()};
}

std::vector<Vertex> dominators_of_sink(const Network& network) {
  const Directed graph = as_graph<Directed>(network);
  const Vertex nobody = boost::graph_traits<Directed>::null_vertex();
  std::vector<Vertex> parents(boost::num_vertices(graph), nobody);
  boost::lengauer_tarjan_dominator_tree(
      graph, source, boost::make_iterator_property_map(parents.begin(), boost::get(boost::vertex_index, graph)));
  std::vector<Vertex> found;
  for (Vertex at = parents[sink]; at != nobody && at != source; at = parents[at]) found.push_back(at);
  return found;
}

/// Every vertex of the network lies on a path from the source to the sink, so that whatever cuts it in two cuts these
/// apart.
std::vector<Vertex> articulations(const Network& network) {
  const Undirected graph = as_graph<Undirected>(network);
  std::vector<Vertex> found;
  boost::articulation_points(graph, std::back_inserter(found));
  return found;
}

}  // namespace

SuccessPaths success_paths(const RequirementGraph& graph, int requirement, int component_count) {
  const Network network(graph, requirement, component_count);
  SuccessPaths paths;
  paths.never_met = !network.possible();
  if (paths.never_met) return paths;
  std::vector<Vertex> all;
  for (Vertex vertex = 0; vertex < network.components().size(); ++vertex) all.push_back(vertex);
  paths.in_network = components_at(network, all);
  paths.dominators = components_at(network, dominators_of_sink(network));
  paths.articulation_points = components_at(network, articulations(network));
  paths.votes = network.votes();
  return paths;
}

std::string_view to_text(Missed reason) {
  switch (reason) {
    case Missed::in_several_branches: return "it stands in several branches, each of which needs it";
    case Missed::in_a_vote: return "it counts in a vote, which is k of n and no path";
  }
  throw std::logic_error("missed for no reason");
}

std::vector<MissedPoint> missed_points(const SuccessPaths& paths, const std::vector<int>& exact) {
  std::vector<MissedPoint> missed;
  for (const int component : exact) {
    if (std::binary_search(paths.dominators.begin(), paths.dominators.end(), component)) continue;
    const bool stands = std::binary_search(paths.in_network.begin(), paths.in_network.end(), component);
    missed.push_back({component, stands ? Missed::in_several_branches : Missed::in_a_vote});
  }
  return missed;
}

}  // namespace rehearse::model::structure
