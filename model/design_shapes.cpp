#include "model/design_shapes.hpp"

#include <stdexcept>

namespace rehearse::model {

const std::vector<Shape>& design_shapes() {
  constexpr Need required = Need::required;
  static const std::vector<Shape> shapes = {
      {"",
       {{"$schema"},
        {"name", required},
        {"windows", required},
        {"sql", required},
        {"edition", required},
        {"time_zone"},
        {"cluster", required},
        {"fci", required},
        {"scale_out", required},
        {"certificates", required},
        {"workload"},
        {"parameters"}}},
      {"/cluster",
       {{"name", required}, {"nodes", required}, {"networks", required}, {"quorum", required}, {"properties"}}},
      {"/cluster/nodes/*", {{"name", required}, {"site"}, {"physical"}}},
      {"/cluster/networks/*", {{"name", required}, {"subnet", required}, {"site"}}},
      {"/cluster/quorum", {{"witness", required}}},
      {"/cluster/quorum/witness", {{"kind", required}, {"path"}}},
      {"/fci",
       {{"instance"},
        {"network_name", required},
        {"addresses", required},
        {"disks"},
        {"HealthCheckTimeout"},
        {"FailureConditionLevel"},
        {"mixed_mode"},
        {"ssisdb"}}},
      {"/fci/ssisdb", {{"in", required}, {"recovery"}}},
      {"/scale_out", {{"failover", required}, {"role"}, {"master", required}, {"workers", required}}},
      {"/scale_out/role", {{"name", required}, {"dns_host_name", required}, {"address", required}}},
      {"/scale_out/master",
       {{"port"},
        {"account"},
        {"certificate", required},
        {"depends_on"},
        {"RestartAction"},
        {"settings"},
        {"settings_file"}}},
      {"/scale_out/workers/*",
       {{"name", required},
        {"count"},
        {"account"},
        {"endpoint"},
        {"certificate", required},
        {"settings"},
        {"settings_file"}}},
      {"/certificates/*",
       {{"file"}, {"common_names"}, {"not_before"}, {"not_after"}, {"thumbprint"}, {"self_signed"}, {"installed"}}},
      {"/workload", {{"batches", required}}},
      {"/workload/batches/*",
       {{"name", required},
        {"at", required},
        {"executions", required},
        {"duration"},
        {"retry_count"},
        {"deadline"},
        {"submitter"},
        {"uses_instance"}}},
  };
  return shapes;
}

const Shape& design_shape(std::string_view path) {
  for (const Shape& shape : design_shapes()) {
    if (shape.path == path) return shape;
  }
  throw std::logic_error("no design shape " + std::string(path));
}

}  // namespace rehearse::model
