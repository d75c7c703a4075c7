// The Scale Out Master as a resource: in the role of SQL Server, and in a role of its own. Whoever asks whether it is
// done looks for the resource by its name in the role (steps/master_resource.hpp), so the resource gets its name last:
// until then it has a provisional one, by which a later run knows what an interrupted one has left, and goes on there.
// Everything else is made only where it is missing.
//
// The role is made of its parts rather than by Add-ClusterGenericServiceRole: that one brings the service online at
// once, names role and access point alike, and wants more than a network logon (W 8). The parts are the same: a group,
// a network name on its addresses, the service on the name. The computer object of the name is made by the cluster's
// own account when the name first comes online (W 6.1), so no second hop is needed.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <optional>

#include "model/endpoint.hpp"
#include "model/steps/failure.hpp"
#include "real_backend/powershell/cluster_primitives.hpp"
#include "real_backend/powershell/cluster_script.hpp"
#include "real_backend/powershell/phrases.hpp"

namespace rehearse::real {

using namespace ps;
using steps::FailureCode;
namespace cluster = steps::cluster;

namespace {

std::string provisional(const std::string& resource) {
  return resource + " (being made)";
}

/// $variable: the resource of this type in the role, made where it is missing; `conflict` when its name is taken
/// elsewhere.
Block make_resource(std::string_view variable_name, const std::string& name, const char* type,
                    const std::string& role) {
  Block make;
  make.let(variable_name, value_of(Command("Add-ClusterResource")
                                       .with("Name", literal(name))
                                       .with("Group", literal(role))
                                       .with("ResourceType", literal(type))));
  Block block = look_at_resource(variable_name, name);
  block.when(is_null(variable(variable_name)), make);
  const Expression home = variable(variable_name).member("OwnerGroup").member("Name");
  return block.when(
      negate(same(home, literal(role))),
      Block().fail(FailureCode::conflict,
                   sentence({literal(fmt::format("The cluster resource '{}' is in the group ", name)), home})));
}

Block set_parameters(std::string_view variable_name,
                     const std::vector<std::pair<std::string, Expression>>& parameters) {
  return Block().run(Command("Set-ClusterParameter")
                         .with("InputObject", variable(variable_name))
                         .with("Multiple", ps::table(parameters)));
}

Block depend_on(std::string_view variable_name, const std::string& expression) {
  return Block().run(Command("Set-ClusterResourceDependency")
                         .with("InputObject", variable(variable_name))
                         .with("Dependency", literal(expression)));
}

Block refuse_existing(const std::string& resource) {
  Block block = look_at_resource("finished", resource);
  return block.when(
      not_null(variable("finished")),
      Block().fail(FailureCode::conflict, literal(fmt::format("The cluster resource '{}' exists already", resource))));
}

// ------------------------------------------------------------------------------------------------ addresses

std::string dotted(std::uint32_t address) {
  return fmt::format("{}.{}.{}.{}", address >> 24, address >> 16 & 255, address >> 8 & 255, address & 255);
}

/// Of the design's networks; nullopt: none of them has the address.
std::optional<model::Subnet> subnet_of(const model::Design& design, const std::string& address) {
  const std::optional<std::uint32_t> host = model::parse_ipv4(address);
  if (!host) return std::nullopt;
  for (const model::Network& network : design.cluster.networks) {
    std::string problem;
    const std::optional<model::Subnet> subnet = model::parse_subnet(network.subnet, problem);
    if (subnet && subnet->contains(*host)) return subnet;
  }
  return std::nullopt;
}

/// An IP Address resource on the cluster network with the subnet of the address. The cluster makes its networks itself,
/// one a subnet that it finds on the nodes' cards.
Block make_address(const std::string& name, const std::string& address, const model::Subnet& subnet,
                   const std::string& role) {
  const std::string network = dotted(subnet.network);
  const std::string mask = dotted(subnet.mask());
  Block block;
  block.let("network", first_where(Command("Get-ClusterNetwork"), both(is(item().member("Address"), network),
                                                                       is(item().member("AddressMask"), mask))));
  block.when(is_null(variable("network")),
             Block().fail(FailureCode::not_found,
                          literal(fmt::format("The cluster has no network with the subnet {}, mask {}, which "
                                              "the address {} needs",
                                              network, mask, address))));
  block.append(make_resource("address", name, "IP Address", role));
  return block.append(set_parameters("address", {{"Address", literal(address)},
                                                 {"SubnetMask", literal(mask)},
                                                 {"Network", text_of(variable("network").member("Name"))},
                                                 {"EnableDhcp", number(0)}}));
}

// ------------------------------------------------------------------------------------------------ the name

/// The part before the first dot: a network name has its cluster's domain.
std::string label_of(const std::string& dns_host_name) {
  return dns_host_name.substr(0, dns_host_name.find('.'));
}

/// Windows cuts a longer name for NetBIOS, in capitals.
std::string netbios_name(const std::string& label) {
  constexpr std::size_t longest = 15;
  std::string name = label.substr(0, longest);
  std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::toupper(c); });
  return name;
}

Block refuse_other_domain(const std::string& dns_host_name) {
  const std::size_t dot = dns_host_name.find('.');
  if (dot == std::string::npos) return Block();
  const Expression domain = text_of(variable("cluster").member("Domain"));
  return Block().when(
      negate(same(domain, literal(dns_host_name.substr(dot + 1)))),
      Block().fail(FailureCode::refused,
                   sentence({literal(fmt::format("The name {} cannot be made: names of this cluster are in the "
                                                 "domain ",
                                                 dns_host_name)),
                             domain})));
}

Block make_name(const cluster::NewRole& role, const std::string& expression, const model::Design& design) {
  const std::string label = label_of(role.dns_host_name);
  std::vector<std::pair<std::string, Expression>> parameters = {{"Name", literal(netbios_name(label))},
                                                                {"DnsName", literal(label)}};
  const std::optional<model::MasterRole>& designed = design.scale_out.role;
  if (designed && designed->name == role.role) {
    if (designed->record_ttl) {
      const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(*designed->record_ttl);
      parameters.emplace_back("HostRecordTTL", number(seconds.count()));
    }
    if (designed->register_all_ips) {
      parameters.emplace_back("RegisterAllProvidersIP", number(*designed->register_all_ips ? 1 : 0));
    }
  }
  Block block = refuse_other_domain(role.dns_host_name);
  block.append(make_resource("network_name", role.dns_host_name, "Network Name", role.role));
  block.append(set_parameters("network_name", parameters));
  return block.append(depend_on("network_name", expression));
}

}  // namespace

// ------------------------------------------------------------------------------------------------ the requests

// A resource is offline when it is made, also in a role that is online.
Primitive primitive(const cluster::AddGenericService& request, const Surroundings& around) {
  Block script = find_role("role", request.role);
  script.append(refuse_existing(request.resource));
  script.append(make_resource("made", provisional(request.resource), "Generic Service", request.role));
  script.append(set_parameters("made", {{"ServiceName", literal(request.service)}}));
  return on_cluster(around, script.set_member(variable("made"), "Name", literal(request.resource)));
}

Primitive primitive(const cluster::CreateRole& request, const Surroundings& around) {
  Block parts;
  std::string expression;
  std::vector<std::string> own = {request.dns_host_name, provisional(request.resource)};
  for (const std::string& address : request.addresses) {
    const std::optional<model::Subnet> subnet = subnet_of(around.design, address);
    if (!subnet) {
      refuse(
          fmt::format("The design states no network that has the address {}: add it to "
                      "cluster.networks",
                      address));
    }
    const std::string name = "IP Address " + address;
    parts.append(make_address(name, address, *subnet, request.role));
    expression += fmt::format("{}[{}]", expression.empty() ? "" : " or ", name);  // any one of them: W 6.2
    own.push_back(name);
  }

  const Expression part = variable("part");
  Block foreign;
  foreign.fail(FailureCode::conflict,
               sentence({literal(fmt::format("The cluster group '{}' exists already, and holds ", request.role)),
                         part.member("Name")}));
  Block check;
  check.for_each("part", resources_of(request.role),
                 Block().when(negate(binary(text_of(part.member("Name")), Operator::in, list_of(own))), foreign));
  const Command make =
      Command("Add-ClusterGroup").with("Name", literal(request.role)).with("GroupType", literal("GenericService"));

  Block script = refuse_existing(request.resource);
  script.append(look_at_role("role", request.role));
  script.when(is_null(variable("role")), Block().run(make), check);
  script.append(parts);
  script.append(make_name(request, expression, around.design));
  script.append(make_resource("made", provisional(request.resource), "Generic Service", request.role));
  script.append(set_parameters("made", {{"ServiceName", literal(request.service)}}));
  script.append(depend_on("made", fmt::format("[{}]", request.dns_host_name)));
  script.set_member(variable("made"), "Name", literal(request.resource));
  Primitive primitive = on_cluster(around, script);
  primitive.limit = std::chrono::minutes(5);
  return primitive;
}

}  // namespace rehearse::real
