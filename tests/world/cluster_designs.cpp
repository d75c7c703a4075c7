#include "cluster_designs.hpp"

#include "rehearsal.hpp"

namespace rehearse::world {
namespace {

model::Witness witness_of(model::Witness::Kind kind) {
  model::Witness witness;
  witness.kind = kind;
  witness.site = "W";
  if (kind == model::Witness::Kind::file_share) witness.path = "\\\\FS1\\witness";
  if (kind == model::Witness::Kind::disk) witness.path = "Quorum Disk";
  if (kind == model::Witness::Kind::cloud) {
    witness.path = "witnessaccount";
    witness.site.clear();
  }
  if (kind == model::Witness::Kind::none) witness.site.clear();
  return witness;
}

}  // namespace

model::Design stretched(const std::vector<int>& per_site, model::Witness::Kind witness) {
  model::Design design = shipped_design("reference");
  design.cluster.nodes.clear();
  design.cluster.networks.clear();
  design.fci.addresses.clear();
  design.scale_out.master.settings_by_node.clear();
  design.certificates.front().installed.clear();
  design.certificates.back().installed.clear();
  for (std::size_t place = 0; place < per_site.size(); ++place) {
    const std::string site(1, static_cast<char>('A' + place));
    const std::string subnet = "10.0." + std::to_string(place);
    model::Network network;
    network.name = "Network " + site;
    network.subnet = subnet + ".0/24";
    network.site = site;
    design.cluster.networks.push_back(network);
    design.fci.addresses.push_back(subnet + ".50");
    for (int number = 1; number <= per_site[place]; ++number) {
      model::Node node;
      node.name = site + std::to_string(number);
      node.site = site;
      design.cluster.nodes.push_back(node);
    }
  }
  design.cluster.witness = witness_of(witness);
  return design;
}

model::Design one_site(int nodes, bool with_witness) {
  model::Design design =
      stretched({nodes}, with_witness ? model::Witness::Kind::file_share : model::Witness::Kind::none);
  for (int number = 1; number <= nodes; ++number) {
    design.cluster.nodes[static_cast<std::size_t>(number - 1)].name = "N" + std::to_string(number);
  }
  return design;
}

model::Role service_role(const std::string& name, model::RoleSettings settings) {
  model::Role role;
  role.name = name;
  role.settings = std::move(settings);
  model::RoleResource service;
  service.name = name + " service";
  role.resources.push_back(service);
  return role;
}

}  // namespace rehearse::world
