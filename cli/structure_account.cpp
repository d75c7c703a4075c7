#include "cli/structure_account.hpp"

#include <spdlog/spdlog.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <ostream>

#include "cli/wanted_file.hpp"
#include "model/structure/dependency_tree.hpp"
#include "model/structure/proof.hpp"
#include "model/structure/structure_report.hpp"

namespace rehearse::cli {
namespace {

namespace fs = std::filesystem;
namespace structure = model::structure;

std::vector<structure::Service> all_services() {
  std::vector<structure::Service> services;
  for (std::size_t i = 0; i < structure::service_count; ++i) services.push_back(static_cast<structure::Service>(i));
  return services;
}

structure::Service service_named(const std::string& name) {
  const std::vector<structure::Service> services = all_services();
  const auto found = std::find_if(services.begin(), services.end(), [&](auto one) { return to_text(one) == name; });
  return found == services.end() ? structure::Service::package_execution : *found;
}

/// A scenario for each weakness. Where no day suits every certificate nothing works, and nothing is written.
bool write_proofs(const structure::Structure& studied, const model::Design& design, const std::string& design_file,
                  Date wanted, const std::string& folder) {
  const std::optional<Date> start = structure::date_of_proof(design, wanted);
  if (!start) {
    spdlog::error("on no day are all certificates of {} valid: it never works, and nothing is to be proved",
                  design_file);
    return false;
  }
  const fs::path place = fs::absolute(folder).lexically_normal();
  const std::string relative = fs::absolute(design_file).lexically_normal().lexically_relative(place).string();
  const std::vector<std::string> names = structure::proof_file_names(studied);
  for (std::size_t i = 0; i < names.size(); ++i) {
    const std::string text =
        structure::proof_scenario(studied.requirements, studied.weaknesses[i].example, relative, *start);
    if (!WantedFile((place / names[i]).string()).write(text)) return false;
  }
  return true;
}

}  // namespace

std::vector<std::string> services_with_a_tree() {
  std::vector<std::string> names;
  for (const structure::Service service : all_services()) names.emplace_back(to_text(service));
  return names;
}

bool tell_structure(const StructureOptions& options, const model::Design& design, const std::string& design_file,
                    Date wanted, std::ostream& out, std::string* json) {
  const structure::Structure studied = structure::study(design);
  const structure::Service service = service_named(options.tree);
  if (!options.proofs.empty() && !write_proofs(studied, design, design_file, wanted, options.proofs)) return false;
  if (!options.dot.empty()) {
    const std::string text = structure::tree_dot(studied.requirements, service, studied.single_points(service));
    if (!WantedFile(options.dot).write(text)) return false;
  }
  if (json != nullptr) {
    *json = structure::structure_json(studied);
    return true;
  }
  if (!options.tree.empty()) out << structure::tree_text(studied.requirements, service) << '\n';
  if (options.weaknesses || !options.proofs.empty()) out << structure::structure_text(studied, options.proofs);
  return true;
}

}  // namespace rehearse::cli
