#include "sim/study/study_shapes.hpp"

#include <stdexcept>

namespace rehearse::sim {

const std::vector<model::Shape>& study_shapes() {
  constexpr model::Need required = model::Need::required;
  static const std::vector<model::Shape> shapes = {
      {"", {{"$schema"}, {"name", required}, {"description"},   {"scenario", required},
            {"seed"},    {"replications"},   {"precision"},     {"set"},
            {"sweep"},   {"points"},         {"one_at_a_time"}, {"constraint"},
            {"vary"},    {"faults"},         {"measure"},       {"warm_up"},
            {"batches"}, {"rare"},           {"capacity"},      {"advice"}}},
      {"/rare", {{"events", required}, {"faults"}, {"batches"}, {"horizon"}}},
      {"/capacity",
       {{"batch", required},
        {"target"},
        {"workers"},
        {"max_task_counts"},
        {"failover"},
        {"workers_down"},
        {"replications"}}},
      {"/advice", {{"outage", required}, {"quantile"}, {"years"}}},
  };
  return shapes;
}

const model::Shape& study_shape(std::string_view path) {
  for (const model::Shape& shape : study_shapes()) {
    if (shape.path == path) return shape;
  }
  throw std::logic_error("no study shape " + std::string(path));
}

}  // namespace rehearse::sim
