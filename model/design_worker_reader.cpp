// The workers of a design: pools, what they connect to, and their settings files.
#include <fmt/format.h>

#include <algorithm>

#include "model/design_reading.hpp"
#include "model/design_settings.hpp"
#include "model/design_shapes.hpp"

namespace rehearse::model {
namespace {

constexpr std::int64_t most_workers = 10000;

/// What workers connect to should be what the design's master answers to.
void check_endpoint(const Value& where, const std::string& text, const DesignReading& reading) {
  const std::optional<Endpoint> endpoint = parse_endpoint(text);
  const ScaleOut& scale_out = reading.design.scale_out;
  if (!endpoint || (scale_out.placement == Placement::separate && !scale_out.role)) return;
  const std::string host = reading.design.master_host_name();
  if (host.empty()) return;
  const std::string_view first_label = std::string_view(endpoint->host).substr(0, endpoint->host.find('.'));
  if (!same_name(first_label, host)) {
    where.warning("workers are to connect to '" + endpoint->host + "', but the master answers to '" + host + "'",
                  "write the endpoint https://" + host + ":" + std::to_string(endpoint->port));
  }
  for (const Node& node : reading.design.cluster.nodes) {
    const int port = reading.design.master_settings(node.name).port;
    if (endpoint->port == port) continue;
    where.warning(fmt::format("workers are to connect to port {}, but on {} the master listens on {}", endpoint->port,
                              node.name, port),
                  "write the same port in both places");
  }
}

struct PoolFiles {
  std::optional<Value> one;                         // for the whole pool
  std::vector<std::pair<std::string, Value>> each;  // by worker
};

PoolFiles read_pool_files(const Value& value, const std::vector<std::string>& workers) {
  PoolFiles files;
  if (value.node().kind == JsonNode::Kind::text) {
    files.one = value;
    return files;
  }
  const auto members = value.members();
  if (!members) return files;
  NameSet taken;
  for (const Member& member : *members) {
    const auto worker =
        std::find_if(workers.begin(), workers.end(), [&](const auto& name) { return same_name(name, member.name); });
    if (worker == workers.end()) {
      member.unknown_name("worker of this pool", workers);
    } else if (claim_name(member.value, *worker, "a settings file for", taken)) {
      files.each.emplace_back(*worker, member.value);
    }
  }
  return files;
}

/// A pool in which workers have settings files of their own becomes pools of one worker each.
void split_pool(const WorkerPool& pool, const std::map<std::string, WorkerSettings>& by_worker,
                std::vector<WorkerPool>& pools) {
  for (const std::string& name : pool.worker_names()) {
    WorkerPool single = pool;
    single.name = name;
    single.count = 1;
    single.numbered = false;
    if (const auto own = by_worker.find(name); own != by_worker.end()) single.settings = own->second;
    pools.push_back(std::move(single));
  }
}

/// Reads "settings" and "endpoint"; returns what was stated. `told`: the endpoint is there, but wrong.
std::vector<StatedSetting<WorkerSettings>> read_stated(const Object& object, WorkerSettings& settings, bool& told) {
  static const SettingsKey<WorkerSettings>& endpoint_key =
      *std::find_if(worker_settings_keys().begin(), worker_settings_keys().end(),
                    [](const auto& k) { return k.name == "MasterEndpoint"; });
  std::vector<StatedSetting<WorkerSettings>> stated;
  if (const auto value = object.find("settings")) {
    stated = read_settings(*value, worker_settings_keys(), SettingsStyle::design, settings);
  }
  const auto endpoint = object.find("endpoint");
  if (!endpoint) return stated;
  told = true;
  if (std::any_of(stated.begin(), stated.end(), [&](const auto& other) { return other.key == &endpoint_key; })) {
    endpoint->error("the endpoint is stated here and under settings", "keep one of the two");
  } else if (endpoint_key.apply(*endpoint, SettingsStyle::design, settings)) {
    stated.push_back({std::string(endpoint_key.name), *endpoint, &endpoint_key});
    told = false;
  }
  return stated;
}

void read_pool_settings(const Object& object, WorkerPool& pool, DesignReading& reading) {
  bool told = false;
  const auto stated = read_stated(object, pool.settings, told);
  std::map<std::string, WorkerSettings> by_worker;
  const auto file = object.find("settings_file");
  const PoolFiles files = file ? read_pool_files(*file, pool.worker_names()) : PoolFiles{};
  if (files.one) {
    const auto settings = read_settings_file(*files.one, &read_worker_settings, reading);
    told = told || !settings;
    if (settings) {
      compare_with_file(stated, *settings, "the settings file");
      pool.settings = *settings;
    }
  }
  for (const auto& [worker, path] : files.each) {
    const auto settings = read_settings_file(path, &read_worker_settings, reading);
    told = told || !settings;
    if (!settings) continue;
    compare_with_file(stated, *settings, "the settings file of " + worker);
    by_worker.emplace(worker, *settings);
  }

  std::vector<WorkerPool>& pools = reading.design.scale_out.workers;
  const std::size_t first = pools.size();
  if (by_worker.empty()) {
    pools.push_back(pool);
  } else {
    split_pool(pool, by_worker, pools);
  }
  const auto endpoint = object.find("endpoint");
  const Value& where = endpoint ? *endpoint : file ? *file : object.value();
  NameSet seen;
  for (std::size_t i = first; i < pools.size(); ++i) {
    const std::string& text = pools[i].settings.endpoint;
    if (!seen.insert(text).second) continue;
    if (!text.empty()) {
      check_endpoint(where, text, reading);
    } else if (!told) {
      where.error("no endpoint is stated for these workers", "add \"endpoint\": \"https://host:port\"");
    }
  }
}

void read_pool(const Value& value, NameSet& taken, DesignReading& reading) {
  const auto object = value.object(design_shape("/scale_out/workers/*"));
  if (!object) {
    reading.workers_known = false;
    return;
  }
  WorkerPool pool;
  pool.place = object->place();
  if (const auto count = object->find("count")) {
    pool.numbered = true;
    if (const auto number = count->whole(1, most_workers)) pool.count = static_cast<int>(*number);
  }
  const auto name = object->find("name");
  if (auto text = name ? name->text() : std::nullopt) {
    pool.name = std::move(*text);
    const std::string longest = pool.worker_names().back();
    if (const std::string problem = problem_of_computer_name(longest); !problem.empty()) {
      name->error("'" + longest + "' cannot be a computer's name: " + problem,
                  "use 1 to 15 letters, digits and hyphens");
      reading.workers_known = false;
    } else {
      for (const std::string& worker : pool.worker_names()) {
        if (!claim_name(*name, worker, "a computer", taken)) break;
      }
    }
  } else {
    reading.workers_known = false;
  }
  pool.account = "NT Service\\" + reading.design.worker_service();  // S 2
  object->read("account", pool.account, &Value::text);
  if (const auto site = object->find("site")) pool.site = read_site(*site, reading).value_or("");
  read_certificate_name(*object, pool.certificate, reading);
  read_pool_settings(*object, pool, reading);
}

}  // namespace

void read_workers(const Value& value, DesignReading& reading) {
  const auto pools = value.elements(1);
  if (!pools) return;
  reading.workers_known = true;
  NameSet taken;
  for (const Node& node : reading.design.cluster.nodes) taken.insert(node.name);
  for (const Value& pool : *pools) read_pool(pool, taken, reading);
  std::int64_t workers = 0;
  for (const WorkerPool& pool : reading.design.scale_out.workers) workers += pool.count;
  if (workers > most_workers) {
    value.error(fmt::format("there are {} workers", workers), fmt::format("at most {} are simulated", most_workers));
  }
}

}  // namespace rehearse::model
