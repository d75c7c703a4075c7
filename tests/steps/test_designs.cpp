#include "test_designs.hpp"

namespace rehearse::steps {
namespace {

model::Certificate certificate(std::string key, std::vector<std::string> names) {
  model::Certificate result;
  result.key = std::move(key);
  result.common_names = std::move(names);
  result.not_before = certificate_begin;
  result.not_after = certificate_end;
  return result;
}

}  // namespace

model::Design joint_design(int nodes, int workers) {
  model::Design design;
  design.name = "reference";
  design.cluster.name = "SSISCLU";
  for (int i = 1; i <= nodes; ++i) {
    model::Node node;
    node.name = "SQL" + std::to_string(i);
    design.cluster.nodes.push_back(node);
  }
  design.cluster.witness.kind = model::Witness::Kind::file_share;
  design.cluster.witness.path = "\\\\FS1\\witness";
  design.cluster.properties = {{"SameSubnetThreshold", 20}};
  design.fci.network_name = "SQLFCI";
  design.fci.addresses = {"10.0.0.50"};
  design.fci.disks = {"Cluster Disk 1"};
  design.fci.health_check_timeout = std::chrono::seconds(30);
  design.scale_out.master.account = "NT Service\\SSISScaleOutMaster150";
  design.scale_out.master.certificate = "master";
  model::WorkerPool pool;
  pool.name = "WRK";
  pool.count = workers;
  pool.numbered = true;
  pool.certificate = "worker";
  pool.settings.max_task_count = 4;
  design.scale_out.workers.push_back(pool);
  design.certificates = {certificate("master", {"SQLFCI", "SQL1", "SQL2"}), certificate("worker", {})};
  return design;
}

model::Design separate_design(int nodes, int workers) {
  model::Design design = joint_design(nodes, workers);
  design.scale_out.placement = model::Placement::separate;
  model::MasterRole role;
  role.name = "SSIS Scale Out Master";
  role.dns_host_name = "SSISMASTER";
  role.addresses = {"10.0.0.51"};
  design.scale_out.role = role;
  design.scale_out.master.account = "CORP\\svc-ssis";
  design.certificates.front().common_names = {"SSISMASTER"};
  return design;
}

}  // namespace rehearse::steps
