#include "pacemaker.hpp"

#include <fmt/core.h>
#include <stdlib.h>
#include <sys/wait.h>

#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <chrono>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <regex>
#include <stdexcept>
#include <utility>

#include "cib.hpp"
#include "tests/support/files.hpp"

namespace rehearse::judge {
namespace {

using boost::property_tree::ptree;
using Kind = Happening::Kind;

/// crm_simulate keeps its working copy there.
using Folder = tests::TemporaryFolder;

ptree read_tree(const std::string& path) {
  ptree tree;
  read_xml(path, tree);
  return tree;
}

std::string attribute_of(const ptree& element, const char* name) {
  return element.get<std::string>(std::string("<xmlattr>.") + name, "");
}

struct Operation {
  std::string resource, task;
};

/// "DbName_start_0" of an action or of a pseudo action; names have no underscore.
std::optional<Operation> operation_of(const std::string& key) {
  const auto first = key.find('_');
  const auto second = key.find('_', first + 1);
  if (first == std::string::npos || second == std::string::npos) return std::nullopt;
  return Operation{key.substr(0, first), key.substr(first + 1, second - first - 1)};
}

bool is_resource(const Case& cluster, std::string_view name) {
  for (const Role& role : cluster.roles) {
    for (const Resource& resource : role.resources) {
      if (resource.name == name) return true;
    }
  }
  return false;
}

/// What the text that crm_simulate prints says: the actions it took, in order, and where everything is afterwards.
Outcome read_outcome(const Case& cluster, const ptree& result) {
  Outcome outcome;
  static const ptree nothing;  // where it has nothing to do it writes no transition
  for (const auto& [tag, action] : result.get_child("pacemaker-result.transition", nothing)) {
    Operation operation;
    if (tag == "rsc_action") {
      operation = {attribute_of(action, "resource"), attribute_of(action, "op")};
    } else if (tag == "pseudo_action") {
      operation = operation_of(attribute_of(action, "task")).value_or(Operation{});
    }
    if (!is_resource(cluster, operation.resource)) continue;
    if (operation.task == "stop") outcome.stops.push_back(operation.resource);
    if (operation.task == "start") outcome.starts.push_back(operation.resource);
  }
  std::map<std::string, std::string> nodes;
  for (const auto& [tag, resource] : result.get_child("pacemaker-result.revised_cluster_status.resources")) {
    if (tag != "resource" || attribute_of(resource, "role") != "Started") continue;
    nodes[attribute_of(resource, "id")] = attribute_of(resource.get_child("node"), "name");
  }
  for (const Role& role : cluster.roles) {
    outcome.owners[role.name] = nodes[holder_of(role)];
    for (const Resource& resource : role.resources) {
      if (nodes.contains(resource.name)) outcome.online[resource.name] = nodes[resource.name];
    }
  }
  return outcome;
}

/// The order that the transition graph forces upon the operations of one kind, also through other operations. What
/// waits for any one of several (an OR) waits for none of them in particular.
Precedence read_order(const Case& cluster, const ptree& graph, std::string_view task) {
  std::map<std::string, std::set<std::string>> before;  // operation key -> operations it directly waits for
  const auto key_of = [](const ptree& set) {
    for (const auto& [tag, action] : set) {
      if (tag == "rsc_op" || tag == "pseudo_event" || tag == "crm_event") return attribute_of(action, "operation_key");
    }
    return std::string();
  };
  for (const auto& [tag, synapse] : graph.get_child("transition_graph")) {
    if (tag != "synapse") continue;
    const std::string key = key_of(synapse.get_child("action_set"));
    for (const auto& [inner, trigger] : synapse.get_child("inputs")) {
      const std::string earlier = key_of(trigger);
      if (inner == "trigger" && !earlier.starts_with("one-or-more")) before[key].insert(earlier);
    }
  }
  for (bool grew = true; grew;) {
    grew = false;
    for (auto& [key, earlier] : before) {
      const std::set<std::string> direct = earlier;
      for (const std::string& one : direct) {
        if (const auto found = before.find(one); found != before.end()) {
          for (const std::string& indirect : found->second) grew = earlier.insert(indirect).second || grew;
        }
      }
    }
  }
  const auto subject_of = [&](const std::string& key) -> std::string {
    const auto operation = operation_of(key);
    return operation && operation->task == task && is_resource(cluster, operation->resource) ? operation->resource : "";
  };
  Precedence order;
  for (const auto& [key, earlier] : before) {
    if (subject_of(key).empty()) continue;
    for (const std::string& one : earlier) {
      if (!subject_of(one).empty()) order.emplace(subject_of(one), subject_of(key));
    }
  }
  return order;
}

void run_program(const std::string& program, const Folder& folder, const std::string& event) {
  // Debian keeps it where only root's search path looks. The shadow folder is where its working copy goes.
  const std::string command = fmt::format(
      "PATH=\"$PATH:/usr/sbin\" CIB_shadow_dir='{}' {} --simulate --quorum=1 --xml-file='{}' --save-output='{}' "
      "--save-graph='{}' --output-as=xml --output-to='{}' {} 2>'{}'",
      folder.path(""), program, folder.path("in.xml"), folder.path("out.xml"), folder.path("graph.xml"),
      folder.path("result.xml"), event, folder.path("errors"));
  constexpr int not_found = 127;  // what a shell says of a command that is not there
  const int status = std::system(command.c_str());
  if (status == 0) return;
  if (WIFEXITED(status) && WEXITSTATUS(status) == not_found) {
    throw std::runtime_error(program + " is not installed: it comes with Debian's package pacemaker-cli-utils");
  }
  throw std::runtime_error(
      fmt::format("{} ended with {} {}: {}", program, status, event, tests::content_of(folder.path("errors"))));
}

std::string status_section(const std::string& cib) {
  const auto begin = cib.find("<status");
  const auto end = cib.find("</status>");
  if (begin == std::string::npos || end == std::string::npos) {
    throw std::runtime_error("crm_simulate wrote no status section");
  }
  return cib.substr(begin, end + 9 - begin) + "\n";
}

/// The same status some time later: crm_simulate dates what it simulates by the clock of the machine, so the past is
/// moved away instead of the present.
std::string aged(const std::string& status, std::chrono::seconds age) {
  static const std::regex dated(R"re(((last-failure-[^"]*" value|last-rc-change)=")(\d+)")re");
  std::string text;
  auto rest = status.cbegin();
  for (std::sregex_iterator found(status.begin(), status.end(), dated), end; found != end; ++found) {
    text.append(rest, (*found)[0].first);
    text += (*found)[1].str() + std::to_string(std::stoll((*found)[3].str()) - age.count()) + '"';
    rest = (*found)[0].second;
  }
  return text.append(rest, status.cend());
}

/// Resources whose failures the plan calls forgotten. Only where nothing but time passed: injected failures carry no
/// digest of their operation, which crm_simulate takes for a changed definition and another reason to forget.
std::vector<std::string> read_forgotten(const ptree& result) {
  static const ptree nothing;
  std::vector<std::string> resources;
  for (const auto& [tag, action] : result.get_child("pacemaker-result.transition", nothing)) {
    const bool clears = tag == "cluster_action" && attribute_of(action, "task") == "clear_failcount";
    if (clears) resources.push_back(attribute_of(action, "id"));
  }
  return resources;
}

/// Clears the resource's counters on every node, which crm_simulate plans but does not do.
std::string without_failures(const std::string& status, const std::string& resource) {
  const std::regex counters(R"(<nvpair id="[^"]*" name="(fail-count|last-failure)-)" + resource + R"(#[^/]*/>)");
  return std::regex_replace(status, counters, "");
}

}  // namespace

JudgedCluster::JudgedCluster(const Case& cluster, std::string program)
    : cluster_(cluster), program_(std::move(program)), status_(empty_status(cluster)) {
  for (const Role& role : cluster_.roles) wishes_.moved[role.name] = role.owner;
  simulate("");
}

std::string JudgedCluster::announce(const Happening& happening) {
  const auto stop_all = [&](bool stop) {
    for (const Role& role : cluster_.roles) {
      if (role.name != happening.what) continue;
      for (const Resource& resource : role.resources) {
        if (stop) wishes_.stopped.insert(resource.name);
        if (!stop) wishes_.stopped.erase(resource.name);
      }
    }
  };
  switch (happening.kind) {
    case Kind::node_lost: return "--node-fail=" + happening.what;
    case Kind::node_back: return "--node-up=" + happening.what;
    case Kind::node_drained: wishes_.drained.insert(happening.what); return "";
    case Kind::node_resumed: wishes_.drained.erase(happening.what); return "";
    case Kind::resource_fails:
      // 7, "not running", is what a monitor operation says of a process that ended.
      return fmt::format("--op-inject={}_monitor_10000@{}=7", happening.what, now_.online.at(happening.what));
    case Kind::resource_stopped: wishes_.stopped.insert(happening.what); return "";
    case Kind::resource_started: wishes_.stopped.erase(happening.what); return "";
    case Kind::role_stopped: stop_all(true); return "";
    case Kind::role_started: stop_all(false); return "";
    case Kind::role_moved: wishes_.moved[happening.what] = happening.where; return "";
    case Kind::ten_minutes_pass: status_ = aged(status_, std::chrono::minutes(10)); return "";
  }
  throw std::logic_error("unknown kind of happening");
}

Verdict JudgedCluster::let(const Happening& happening) {
  const std::string event = announce(happening);
  Verdict verdict = simulate(event);
  if (happening.kind == Kind::ten_minutes_pass) {
    for (const std::string& resource : verdict.forgotten) status_ = without_failures(status_, resource);
  }
  return verdict;
}

Verdict JudgedCluster::simulate(const std::string& event) {
  const Folder folder;
  std::ofstream(folder.path("in.xml")) << cib_text(cluster_, wishes_, status_);
  wishes_.moved.clear();  // a move is over when the cluster is quiet
  run_program(program_, folder, event);
  const ptree graph = read_tree(folder.path("graph.xml"));
  const ptree result = read_tree(folder.path("result.xml"));
  status_ = status_section(tests::content_of(folder.path("out.xml")));
  now_ = read_outcome(cluster_, result);
  return {now_, read_order(cluster_, graph, "stop"), read_order(cluster_, graph, "start"), read_forgotten(result)};
}

std::vector<Verdict> ask_pacemaker(const Case& cluster) {
  JudgedCluster judged(cluster);
  std::vector<Verdict> verdicts;
  for (const Happening& happening : cluster.happenings) verdicts.push_back(judged.let(happening));
  return verdicts;
}

}  // namespace rehearse::judge
