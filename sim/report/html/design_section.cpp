// What was rehearsed: the design in figures, as a drawing of where everything stands, and as the dependencies of each
// role's resources.
#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "model/resource_graph.hpp"
#include "sim/report/html/drawing.hpp"
#include "sim/report/html/page.hpp"
#include "sim/report/html/run_sections.hpp"
#include "sim/report/html/words.hpp"
#include "sim/report/time_text.hpp"

namespace rehearse::sim::html {
namespace {

using fmt::format;
using world::Blueprint;

constexpr double page_width = 980, gap = 16, node_width = 146, node_height = 44, text_line = 16;

std::string witness_text(const Blueprint& plan) {
  switch (plan.witness) {
    case model::Witness::Kind::none: return "no witness";
    case model::Witness::Kind::disk: return "disk witness";
    case model::Witness::Kind::file_share: return "file share witness";
    case model::Witness::Kind::cloud: return "cloud witness";
  }
  return "witness";
}

/// From above: sites with their nodes, the roles on the nodes that own them at the start, the groups of workers and the
/// name each of them calls the master by.
class Topology {
 public:
  explicit Topology(const RunResult& run)
      : run_(run),
        plan_(*run.plan),
        drawing_(format("{} in {}, {}, {}, {}", counted(plan_.node_count, "node", "nodes"),
                        counted(std::max<std::size_t>(plan_.sites.size(), 1), "site", "sites"), witness_text(plan_),
                        counted(plan_.groups.size(), "role", "roles"),
                        counted(plan_.workers.size(), "worker", "workers"))) {}

  Drawing draw() {
    draw_sites();
    draw_roles();
    draw_workers();
    return std::move(drawing_);
  }

 private:
  /// Nodes by site; those at no site stand by themselves.
  void draw_sites() {
    std::map<world::SiteIndex, std::vector<world::HostIndex>> sites;
    for (world::HostIndex node = 0; node < plan_.node_count; ++node) sites[plan_.hosts[node].site].push_back(node);
    const auto columns_of_all = static_cast<std::size_t>((page_width - gap) / (node_width + gap));
    double x = 0, y = 0, row_height = 0;
    for (const auto& [site, nodes] : sites) {
      const std::size_t share = std::max<std::size_t>(columns_of_all / sites.size(), 2);
      const std::size_t columns = std::min(nodes.size(), nodes.size() <= share ? share : columns_of_all);
      const std::size_t rows = (nodes.size() + columns - 1) / columns;
      const double width = static_cast<double>(columns) * (node_width + gap) + gap;
      const double height = static_cast<double>(rows) * (node_height + gap) + gap + 14;
      if (x > 0 && x + width > page_width) {
        x = 0;
        y += row_height + gap;
        row_height = 0;
      }
      const bool named = site < plan_.sites.size() && !plan_.sites[site].empty();
      drawing_.frame({x, y, width, height}, named ? "Site " + plan_.sites[site] : "Cluster");
      for (std::size_t index = 0; index < nodes.size(); ++index) {
        const Box box{x + gap + static_cast<double>(index % columns) * (node_width + gap),
                      y + 30 + static_cast<double>(index / columns) * (node_height + gap), node_width, node_height};
        nodes_[nodes[index]] = box;
        const bool votes = (plan_.voters & world::bit(nodes[index])) != 0;
        drawing_.box(box, "node", {plan_.hosts[nodes[index]].name, votes ? "one vote" : "no vote"});
      }
      x += width + gap;
      row_height = std::max(row_height, height);
    }
    const double width = 170;
    if (x + width > page_width) {
      x = 0;
      y += row_height + gap;
      row_height = 0;
    }
    std::vector<std::string> lines = {witness_text(plan_)};
    if (plan_.witness_host != world::none) lines.push_back(plan_.hosts[plan_.witness_host].name);
    drawing_.box({x, y + 30, width, node_height}, "witness", lines);
    bottom_ = y + std::max(row_height, 30 + node_height) + 3 * gap;
  }

  void draw_roles() {
    const double width = 250;
    double x = 0, height = 0;
    for (world::GroupIndex role = 0; role < plan_.groups.size(); ++role) {
      if (!run_.first.groups[role].exists && role != plan_.sql_group && role != plan_.master_group) continue;
      const world::GroupPlan& group = plan_.groups[role];
      std::vector<std::string> lines = {group.name};
      if (!group.host_name.empty()) lines.push_back("name " + group.host_name);
      for (const world::ResourceIndex address : group.addresses) lines.push_back(plan_.resources[address].name);
      lines.push_back(counted(group.count, "resource", "resources"));
      if (x > 0 && x + width > page_width) {
        x = 0;
        bottom_ += height + gap;
        height = 0;
      }
      const Box box{x, bottom_, width, 14 + text_line * static_cast<double>(lines.size())};
      roles_[role] = box;
      drawing_.box(box, "role", lines);
      const auto owner = nodes_.find(run_.first.groups[role].owner);
      if (owner != nodes_.end()) drawing_.rise(box, owner->second, place_at(owner->second, box));
      x += width + gap;
      height = std::max(height, box.height);
    }
    bottom_ += height + 3 * gap;
  }

  void draw_workers() {
    const double width = 220;
    double x = 0, height = 0;
    std::map<std::uint32_t, std::vector<world::WorkerIndex>> pools;
    for (world::WorkerIndex worker = 0; worker < plan_.workers.size(); ++worker)
      pools[plan_.workers[worker].pool].push_back(worker);
    for (const auto& [pool, workers] : pools) {
      const world::TextIndex text = run_.first.workers[workers.front()].file.endpoint;
      const bool known = text != world::none;
      const std::vector<std::string> lines = {
          workers.size() == 1
              ? plan_.workers[workers.front()].name
              : format("{} \u2013 {}", plan_.workers[workers.front()].name, plan_.workers[workers.back()].name),
          counted(workers.size(), "worker", "workers"), known ? plan_.text(text) : "no endpoint"};
      const auto columns = static_cast<std::size_t>((width - 16) / 9);
      const double rows = static_cast<double>((workers.size() + columns - 1) / columns);
      if (x > 0 && x + width > page_width) {
        x = 0;
        bottom_ += height + gap;
        height = 0;
      }
      const Box box{x, bottom_, width, 14 + text_line * static_cast<double>(lines.size()) + 9 * rows + 4};
      drawing_.box(box, "worker", lines);
      drawing_.dots(x + 8, bottom_ + 16 + text_line * static_cast<double>(lines.size()), width - 16, workers.size());
      if (known) draw_call(box, plan_.endpoint(text));
      x += width + gap;
      height = std::max(height, box.height);
    }
  }

  void draw_call(const Box& worker, const world::EndpointPlan& endpoint) {
    if (const auto role = roles_.find(endpoint.role); role != roles_.end())
      return drawing_.rise(worker, role->second, place_at(role->second, worker));
    if (const auto node = nodes_.find(endpoint.machine); node != nodes_.end())
      drawing_.rise(worker, node->second, place_at(node->second, worker));
  }

  /// Where an arrow from `below` ends, so that arrows from the left and from the right do not end in one point.
  static double place_at(const Box& above, const Box& below) {
    return std::clamp((below.middle() - above.x) / above.width, 0.15, 0.85);
  }

  const RunResult& run_;
  const Blueprint& plan_;
  Drawing drawing_;
  std::map<world::HostIndex, Box> nodes_;
  std::map<world::GroupIndex, Box> roles_;
  double bottom_ = 0;
};

/// The role's resources as they depend on each other at the start of the rehearsal.
model::ResourceGraph graph_of(const world::GroupPlan& group, const RunResult& run) {
  std::vector<model::GraphResource> resources;
  const auto clause = [](std::uint64_t places) {
    std::vector<int> members;
    world::for_each_bit(places, [&](std::uint32_t place) { members.push_back(static_cast<int>(place)); });
    return members;
  };
  for (world::ResourceIndex index = group.first; index < group.first + group.count; ++index) {
    model::GraphResource resource{run.plan->resources[index].name, {}};
    const world::Needs& needs = run.first.resources[index].needs;
    world::for_each_bit(needs.all,
                        [&](std::uint32_t place) { resource.needs.all_of_any.push_back({static_cast<int>(place)}); });
    for (const std::uint64_t any : needs.any) {
      if (any != 0) resource.needs.all_of_any.push_back(clause(any));
    }
    resources.push_back(std::move(resource));
  }
  return model::ResourceGraph(std::move(resources));
}

/// What needs something stands left of what it needs.
void write_dependencies(Markup& page, const world::GroupPlan& group, const RunResult& run) {
  const model::ResourceGraph graph = graph_of(group, run);
  if (!graph.cycle().empty()) return;
  const std::vector<std::vector<int>> levels = graph.levels();
  const double width = 215, height = 32, space = 56;
  std::vector<Box> boxes(graph.resources().size());
  Drawing drawing("Dependencies of the resources of " + group.name);
  HtmlTable table("Dependencies of " + group.name, {"Resource", "Needs"});
  for (std::size_t level = 0; level < levels.size(); ++level) {
    for (std::size_t place = 0; place < levels[level].size(); ++place) {
      const auto resource = static_cast<std::size_t>(levels[level][place]);
      boxes[resource] = {static_cast<double>(levels.size() - 1 - level) * (width + space),
                         static_cast<double>(place) * (height + 12), width, height};
      drawing.box(boxes[resource], "resource", {graph.resources()[resource].name});
    }
  }
  for (std::size_t resource = 0; resource < boxes.size(); ++resource) {
    std::string needs;
    for (const std::vector<int>& clause : graph.resources()[resource].needs.all_of_any) {
      needs += needs.empty() ? "" : " and ";
      for (std::size_t member = 0; member < clause.size(); ++member) {
        const Box& provider = boxes[static_cast<std::size_t>(clause[member])];
        const Box& own = boxes[resource];
        drawing.lead(own, provider, clause.size() > 1);
        needs += (member == 0 ? "" : " or ") + graph.resources()[static_cast<std::size_t>(clause[member])].name;
      }
    }
    table.add({graph.resources()[resource].name, needs.empty() ? "nothing" : needs});
  }
  page.element("h4", group.name);
  drawing.write(page);
  page.open("details").element("summary", "As a table");
  table.write(page);
  page.close();
}

}  // namespace

void write_design(Markup& page, const RunPart& part) {
  const RunResult& run = part.run;
  const model::Design& design = run.plan->design();
  const Scenario& scenario = run.scenario;
  page.open("section", {{"id", part.id + "-design"}}).element(part.heading(), "What was rehearsed");
  const std::string file = scenario.design_file.empty() ? "" : format(" ({})", scenario.design_file);
  write_facts(page, {{"Design", design.name + file},
                     {"Placement", format("{}, {}, {}", model::to_text(design.scale_out.placement),
                                          counted(design.cluster.nodes.size(), "node", "nodes"),
                                          counted(run.plan->workers.size(), "worker", "workers"))},
                     {"Versions", format("Windows {}, SQL Server {}, {}", model::to_text(design.windows),
                                         model::to_text(design.sql), model::to_text(design.edition))},
                     {"Start", model::to_text(run.plan->start())},
                     {"Duration", length_text(run.end - core::at_start)},
                     {"Events", std::to_string(run.events)},
                     {"Seed", std::to_string(scenario.seed)},
                     {"Fingerprint", format("{:016x}", run.fingerprint)}});
  page.element(part.sub_heading(), "Where everything stands at the start");
  Topology(run).draw().write(page);
  page.element(part.sub_heading(), "What needs what");
  page.element("p", "An arrow leads from a resource to what must be online before it; of dashed ones, one is enough.",
               {{"class", "quiet"}});
  for (world::GroupIndex role = 0; role < run.plan->groups.size(); ++role) {
    if (run.first.groups[role].exists) write_dependencies(page, run.plan->groups[role], run);
  }
  page.close();
}

}  // namespace rehearse::sim::html
