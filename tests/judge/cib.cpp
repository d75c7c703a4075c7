#include "cib.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace rehearse::judge {
namespace {

// Windows ranks its wishes: possible owners and enforced anti-affinity are musts, anti-affinity otherwise gives way
// only when nothing else is left, and preferred owners decide among what remains. The scores are far enough apart that
// a sum keeps that rank.
constexpr int preference_step = 100;
constexpr int avoidance = -100'000;

std::string agent(std::string_view id) {
  return fmt::format(R"(id="{}" class="ocf" provider="pacemaker" type="Dummy")", id);
}

std::string attribute(std::string_view owner, std::string_view name, std::string_view value) {
  return fmt::format(R"(<nvpair id="{}-{}" name="{}" value="{}"/>)", owner, name, name, value);
}

std::string meta(std::string_view owner, const std::string& pairs) {
  return fmt::format(R"(<meta_attributes id="{}-meta">{}</meta_attributes>)", owner, pairs);
}

std::string holder_text(const Role& role) {
  // Without failback a role stays where it is, whatever would be better (AutoFailbackType 0, W 4.2).
  const std::string id = holder_of(role);
  return fmt::format("<primitive {}>{}</primitive>\n", agent(id),
                     meta(id, attribute(id, "resource-stickiness", role.failback ? "0" : "INFINITY")));
}

std::string resource_text(const Resource& resource, const Wishes& wishes) {
  // A restart threshold counts restarts, a migration threshold failures: one more.
  std::string pairs = attribute(resource.name, "migration-threshold", std::to_string(resource.restart_threshold + 1)) +
                      attribute(resource.name, "failure-timeout", "15min") +
                      attribute(resource.name, "resource-stickiness", "0");
  if (wishes.stopped.contains(resource.name)) pairs += attribute(resource.name, "target-role", "Stopped");
  return fmt::format(
      R"(<primitive {}>{}<operations><op id="{}-monitor" name="monitor" interval="10s" on-fail="{}"/></operations>)"
      "</primitive>\n",
      agent(resource.name), meta(resource.name, pairs), resource.name, resource.restarts ? "restart" : "stop");
}

std::string needs_text(const Resource& resource) {
  std::string text;
  int clause_number = 0;
  for (const auto& clause : resource.needs) {
    const std::string id = fmt::format("{}-needs-{}", resource.name, clause_number++);
    if (clause.size() == 1) {
      text += fmt::format(R"(<rsc_order id="{}" first="{}" then="{}"/>)", id, clause.front(), resource.name) + "\n";
      continue;
    }
    text +=
        fmt::format(R"(<rsc_order id="{}"><resource_set id="{}-any" sequential="false" require-all="false">)", id, id);
    for (const std::string& name : clause) text += fmt::format(R"(<resource_ref id="{}"/>)", name);
    text +=
        fmt::format(R"(</resource_set><resource_set id="{}-then"><resource_ref id="{}"/></resource_set></rsc_order>)",
                    id, resource.name) +
        "\n";
  }
  return text;
}

/// Preferred owners in order, then the other nodes by id (W 4.3); empty without preferred owners.
std::vector<std::string> order_list(const Case& cluster, const Role& role) {
  std::vector<std::string> list = role.preferred_owners;
  if (list.empty()) return list;
  for (const std::string& node : cluster.nodes) {
    if (std::find(list.begin(), list.end(), node) == list.end()) list.push_back(node);
  }
  return list;
}

std::string location(std::string_view id, std::string_view resource, std::string_view node, std::string_view score) {
  return fmt::format(R"(<rsc_location id="{}" rsc="{}" node="{}" score="{}"/>)", id, resource, node, score) + "\n";
}

std::string owners_text(const Case& cluster, const Role& role, const Wishes& wishes) {
  std::string text;
  const std::string holder = holder_of(role);
  const auto list = order_list(cluster, role);
  for (std::size_t place = 0; place < list.size(); ++place) {
    text += location(fmt::format("{}-prefers-{}", role.name, list[place]), holder, list[place],
                     std::to_string(preference_step * static_cast<int>(list.size() - place)));
  }
  for (const std::string& node : cluster.nodes) {
    const auto& possible = role.possible_owners;
    if (possible.empty() || std::find(possible.begin(), possible.end(), node) != possible.end()) continue;
    text += location(fmt::format("{}-never-{}", role.name, node), holder, node, "-INFINITY");
  }
  // As `crm_resource --move` does: everywhere else is forbidden until the move is over.
  if (const auto move = wishes.moved.find(role.name); move != wishes.moved.end()) {
    for (const std::string& node : cluster.nodes) {
      if (node != move->second)
        text += location(fmt::format("{}-leaves-{}", role.name, node), holder, node, "-INFINITY");
    }
  }
  return text;
}

std::string constraints_text(const Case& cluster, const Wishes& wishes) {
  std::string text;
  for (const Role& role : cluster.roles) {
    text += owners_text(cluster, role, wishes);
    for (const Resource& resource : role.resources) {
      text += fmt::format(R"(<rsc_colocation id="{}-in-{}" rsc="{}" with-rsc="{}" score="INFINITY"/>)", resource.name,
                          role.name, resource.name, holder_of(role)) +
              "\n" + needs_text(resource);
    }
  }
  for (std::size_t one = 0; one < cluster.roles.size(); ++one) {
    for (std::size_t other = 0; other < one; ++other) {
      const Role& later = cluster.roles[one];
      const Role& earlier = cluster.roles[other];
      if (later.avoids.empty() || later.avoids != earlier.avoids) continue;
      text += fmt::format(R"(<rsc_colocation id="{}-avoids-{}" rsc="{}" with-rsc="{}" score="{}"/>)", later.name,
                          earlier.name, holder_of(later), holder_of(earlier),
                          cluster.hard_anti_affinity ? "-INFINITY" : std::to_string(avoidance)) +
              "\n";
    }
  }
  return text;
}

std::string node_text(const Case& cluster, std::size_t index, const Wishes& wishes) {
  const std::string& name = cluster.nodes[index];
  const std::string id = fmt::format("{}-standby", name);
  const std::string standby =
      wishes.drained.contains(name)
          ? fmt::format(R"(<instance_attributes id="{}">{}</instance_attributes>)", id, attribute(id, "standby", "on"))
          : "";
  return fmt::format(R"(<node id="{}" uname="{}">{}</node>)", index + 1, name, standby) + "\n";
}

}  // namespace

std::string holder_of(const Role& role) {
  return role.name + ".holder";
}

std::string empty_status(const Case& cluster) {
  std::string text = "<status>\n";
  for (std::size_t index = 0; index < cluster.nodes.size(); ++index) {
    text += fmt::format(R"(<node_state id="{0}" uname="{1}" in_ccm="true" crmd="online" join="member" )"
                        R"(expected="member"><lrm id="{0}"><lrm_resources/></lrm></node_state>)",
                        index + 1, cluster.nodes[index]) +
            "\n";
  }
  return text + "</status>\n";
}

std::string cib_text(const Case& cluster, const Wishes& wishes, std::string_view status) {
  std::string text =
      R"(<cib crm_feature_set="3.0.14" validate-with="pacemaker-3.0" epoch="1" num_updates="0" admin_epoch="0" )"
      R"(have-quorum="1" dc-uuid="1">)"
      "\n<configuration><crm_config><cluster_property_set id=\"properties\">" +
      attribute("properties", "stonith-enabled", "true") + "</cluster_property_set></crm_config>\n<nodes>\n";
  for (std::size_t index = 0; index < cluster.nodes.size(); ++index) text += node_text(cluster, index, wishes);
  // A lost node is made safe before anything starts elsewhere, as the arbitration of disks does on Windows.
  text += "</nodes>\n<resources>\n<primitive id=\"fencing\" class=\"stonith\" type=\"fence_dummy\"/>\n";
  for (const Role& role : cluster.roles) {
    text += holder_text(role);
    for (const Resource& resource : role.resources) text += resource_text(resource, wishes);
  }
  text += "</resources>\n<constraints>\n" + constraints_text(cluster, wishes) + "</constraints>\n</configuration>\n";
  return text + std::string(status) + "</cib>\n";
}

}  // namespace rehearse::judge
