#include "model/steps/deployment.hpp"

#include <stdexcept>
#include <string>
#include <utility>

#include "model/steps/catalog_steps.hpp"
#include "model/steps/certificates.hpp"
#include "model/steps/cluster_steps.hpp"
#include "model/steps/fci_steps.hpp"
#include "model/steps/master_steps.hpp"
#include "model/steps/role_steps.hpp"
#include "model/steps/worker_steps.hpp"

namespace rehearse::steps {
namespace {

constexpr int sql_server_port = 1433;

using Steps = std::vector<StepPtr>;

std::vector<std::string> node_names(const model::Design& design) {
  std::vector<std::string> names;
  for (const model::Node& node : design.cluster.nodes) names.push_back(node.name);
  return names;
}

Steps section_1_cluster(const model::Design& design) {
  const std::vector<std::string> nodes = node_names(design);
  Steps steps;
  steps.push_back(install_failover_clustering(nodes));
  steps.push_back(validate_cluster(design.cluster.name, nodes));
  steps.push_back(create_cluster(design.cluster.name, nodes));
  steps.push_back(configure_quorum(design.cluster.witness));
  if (!design.cluster.properties.empty()) steps.push_back(set_cluster_properties(design.cluster.properties));
  return steps;
}

Steps section_2_instance(const model::Design& design) {
  const std::vector<std::string> nodes = owners_of(design, design.fci.role);
  Steps steps;
  steps.push_back(install_fci(nodes.front(), design.fci));
  for (std::size_t i = 1; i < nodes.size(); ++i) steps.push_back(add_fci_node(nodes[i], design.fci));
  if (design.fci.health_check_timeout || design.fci.failure_condition_level) {
    steps.push_back(set_health_detection(design.fci));
  }
  return steps;
}

Steps sections_3_and_4_master(const model::Design& design) {
  const std::vector<std::string> nodes = node_names(design);
  Steps steps;
  if (source_of(master_certificate_of(design).certificate) != CertificateSource::setup) {
    steps.push_back(create_master_certificate(design));
  }
  steps.push_back(install_scale_out_master(design, nodes.front()));
  for (std::size_t i = 1; i < nodes.size(); ++i) {
    steps.push_back(copy_master_certificate(design, nodes[i]));
    steps.push_back(install_scale_out_master(design, nodes[i]));
  }
  return steps;
}

Steps catalog_of_the_instance(const model::Design& design) {
  Steps steps;
  steps.push_back(create_catalog());
  steps.push_back(enable_scale_out());
  if (design.fci.mixed_mode) steps.push_back(enable_log_login());
  steps.push_back(set_startup_procedure());
  if (design.scale_out.master.uses_domain_account()) steps.push_back(grant_ssis_admin(design.scale_out.master.account));
  return steps;
}

Steps sections_5_and_6_cluster_the_master(const model::Design& design) {
  Steps steps;
  for (const std::string& node : node_names(design)) steps.push_back(update_master_settings(design, node));
  steps.push_back(park_master_service(design));
  const bool joint = design.scale_out.placement == model::Placement::joint;
  steps.push_back(joint ? add_master_to_sql_role(design) : create_master_role(design));
  if (has_master_dependencies(design)) steps.push_back(set_master_dependencies(design));
  steps.push_back(set_master_restart_action(design));
  if (!joint) steps.push_back(update_master_address(design));
  steps.push_back(bring_master_online(design));
  return steps;
}

Steps sections_7_and_8_worker(const model::Design& design, const model::WorkerPool& pool, const std::string& worker) {
  Steps steps;
  steps.push_back(install_scale_out_worker(design, pool, worker));
  if (states_worker_certificate(design, pool)) steps.push_back(create_worker_certificate(design, pool, worker));
  steps.push_back(trust_master_certificate(design, worker));
  steps.push_back(trust_worker_certificate(design, pool, worker));
  steps.push_back(configure_worker(design, pool, worker));
  steps.push_back(restart_worker(design, worker));
  steps.push_back(enable_worker(worker));
  return steps;
}

}  // namespace

std::vector<StepPtr> deployment_steps(const model::Design& design) {
  if (owners_of(design, design.fci.role).empty()) {
    throw std::logic_error("a design without a node for the instance cannot be deployed");
  }
  Steps steps = section_1_cluster(design);
  append(steps, section_2_instance(design));
  append(steps, sections_3_and_4_master(design));
  append(steps, catalog_of_the_instance(design));
  append(steps, sections_5_and_6_cluster_the_master(design));
  steps.push_back(open_firewall(node_names(design), {design.scale_out.master.settings.port, sql_server_port}));
  for (const model::WorkerPool& pool : design.scale_out.workers) {
    for (const std::string& worker : pool.worker_names()) append(steps, sections_7_and_8_worker(design, pool, worker));
  }
  return steps;
}

}  // namespace rehearse::steps
