// The addresses of an exported cluster: each in a subnet for clients that the design states, and each used once.
#include <fmt/format.h>

#include <algorithm>

#include "real_backend/inspect/survey.hpp"

namespace rehearse::real {

void Addresses::add(const model::Subnet& subnet, bool for_clients, std::string network) {
  known_.push_back({subnet, for_clients, std::move(network)});
}

const Addresses::Known* Addresses::subnet_of(std::uint32_t address) const {
  const auto found =
      std::find_if(known_.begin(), known_.end(), [&](const Known& one) { return one.subnet.contains(address); });
  return found == known_.end() ? nullptr : &*found;
}

bool Addresses::take(const std::string& address, const Spot& spot, Remarks& remarks) {
  const auto number = model::parse_ipv4(address);
  if (!number) {
    remarks.not_understood(spot, "the address '" + address + "' is no IPv4 address");
    return false;
  }
  const Known* const known = subnet_of(*number);
  if (known == nullptr || !known->subnet.has_host(*number)) {
    remarks.not_understood(spot, "the address " + address + " is in no network of the cluster");
    return false;
  }
  if (!known->for_clients) {
    remarks.not_understood(
        spot, fmt::format("the address {} is on '{}', a network without clients", address, known->network));
    return false;
  }
  if (taken_.insert(address).second) return true;
  remarks.not_understood(spot, "the address " + address + " is used by two resources");
  return false;
}

std::vector<std::string> Addresses::take_all(const std::vector<const ExportedResource*>& resources, Remarks& remarks) {
  std::vector<std::string> result;
  std::vector<const Known*> subnets;
  for (const ExportedResource* resource : resources) {
    if (resource->parameters.number("EnableDhcp").value_or(0) != 0) {
      remarks.not_understood(resource->spot, "'" + resource->name + "' has its address from DHCP",
                             "the design states the address that it had");
    }
    const std::string address = resource->parameters.text("Address").value_or("");
    if (!take(address, resource->spot, remarks)) continue;
    const Known* const subnet = subnet_of(*model::parse_ipv4(address));
    if (std::find(subnets.begin(), subnets.end(), subnet) != subnets.end()) {
      remarks.not_understood(resource->spot, "'" + resource->name + "' is a second address in its subnet",
                             "a design has one a subnet");
      continue;
    }
    subnets.push_back(subnet);
    result.push_back(address);
  }
  return result;
}

}  // namespace rehearse::real
