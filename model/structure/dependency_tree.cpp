#include "model/structure/dependency_tree.hpp"

#include <fmt/format.h>

#include "model/dot_text.hpp"

namespace rehearse::model::structure {
namespace {

/// Past requirements that have one part and need it.
int essence(const RequirementGraph& graph, int number) {
  while (graph.at(number).component < 0 && graph.at(number).needed == 1 && graph.at(number).parts.size() == 1) {
    number = graph.at(number).parts.front();
  }
  return number;
}

std::string how_many(const Requirement& requirement) {
  const std::size_t parts = requirement.parts.size();
  if (requirement.none) return "none of";
  if (parts == 0) return requirement.needed == 0 ? "nothing" : "nobody can";
  if (requirement.needed == static_cast<int>(parts)) return "all of";
  if (requirement.needed == 1) return "any of";
  return fmt::format("{} of {}", requirement.needed, parts);
}

class Tree {
 public:
  explicit Tree(const Requirements& requirements) : requirements_(requirements) {}

  std::string text(int number, std::size_t depth) {
    number = essence(requirements_.graph, number);
    const Requirement& requirement = requirements_.graph.at(number);
    std::string line(depth * 2, ' ');
    if (requirement.component >= 0) return line + leaf(requirement.component) + "\n";
    line += requirement.name;
    if (!told_.insert(number).second) return line + ": see above\n";
    line += fmt::format(": {}\n", how_many(requirement));
    for (const int part : requirement.parts) line += text(part, depth + 1);
    return line;
  }

 private:
  std::string leaf(int number) const {
    const Component& component = requirements_.components[static_cast<std::size_t>(number)];
    return fmt::format("- {} [{}]", component.name, to_text(component.kind));
  }

  const Requirements& requirements_;
  std::set<int> told_;
};

class Picture {
 public:
  Picture(const Requirements& requirements, const std::set<int>& single_points)
      : requirements_(requirements), single_points_(single_points) {}

  std::string draw(int top) {
    add(top);
    return "digraph requirements {\n  rankdir=LR;\n  node [fontname=\"sans-serif\", fontsize=10];\n" + nodes_ + edges_ +
           "}\n";
  }

 private:
  int add(int number) {
    number = essence(requirements_.graph, number);
    if (!drawn_.insert(number).second) return number;
    const Requirement& requirement = requirements_.graph.at(number);
    if (requirement.component >= 0) {
      const bool single = single_points_.contains(requirement.component);
      nodes_ += fmt::format("  r{} [label={}, shape=box, style=filled, fillcolor=\"{}\"];\n", number,
                            dot_string(requirement.name), single ? "#f4a6a0" : "#e8eef4");
      return number;
    }
    nodes_ += fmt::format("  r{} [label={}, shape={}];\n", number,
                          dot_string(requirement.name + "\n" + how_many(requirement)),
                          requirement.needed == static_cast<int>(requirement.parts.size()) ? "plaintext" : "ellipse");
    for (const int part : requirement.parts) {
      const int drawn = add(part);
      const bool every = requirement.needed == static_cast<int>(requirement.parts.size());
      edges_ += fmt::format("  r{} -> r{}{};\n", number, drawn, every ? "" : " [style=dashed]");
    }
    return number;
  }

  const Requirements& requirements_;
  const std::set<int>& single_points_;
  std::set<int> drawn_;
  std::string nodes_, edges_;
};

int top_of(const Requirements& requirements, Service service) {
  return requirements.undisputed[static_cast<std::size_t>(service)];
}

}  // namespace

std::string tree_text(const Requirements& requirements, Service service) {
  return Tree(requirements).text(top_of(requirements, service), 0);
}

std::string tree_dot(const Requirements& requirements, Service service, const std::set<int>& single_points) {
  return Picture(requirements, single_points).draw(top_of(requirements, service));
}

}  // namespace rehearse::model::structure
