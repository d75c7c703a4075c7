// The inside of the design reader: what its sections share while a file is being read. Sections are read in an order in
// which a reference comes after what it may name; a section that could not be read is marked unknown, so that
// references into it are not told as errors of their own.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/design.hpp"
#include "model/endpoint.hpp"
#include "model/reading.hpp"

namespace rehearse::model {

struct DesignReading {
  Design design;
  std::string base_folder;     // artefacts are opened relative to it
  std::string display_folder;  // and named relative to this in diagnostics
  std::vector<Diagnostic> of_design;
  std::vector<Diagnostic> of_artefacts;

  bool nodes_known = false;
  bool networks_known = false;
  bool certificates_known = false;
  bool workers_known = false;
  std::vector<Subnet> subnets;
  std::vector<std::pair<std::size_t, Value>> installed;  // by index into the certificates, to be read after the workers
  // To be read last, by read_roles().
  std::optional<Value> roles, instance_role_resources, master_role_resources;
  std::map<std::string, std::string> addresses_taken;  // address to the pointer of its place
  std::map<std::string, std::string> stated;           // name of a parameter to the pointer that states it

  /// The bytes of an artefact, at most `largest`, or nullopt after a diagnostic at `value`, which holds its path.
  /// `shown` receives the name for diagnostics.
  std::optional<std::string> open_artefact(const Value& value, std::string& shown,
                                           std::size_t largest = 1024 * 1024) const;

  /// An IPv4 address of a host in one of the cluster's networks for clients that nobody else has.
  std::optional<std::string> read_cluster_address(const Value& value);

  /// The cluster's subnet that has the address; nullptr: none that could be read.
  const Subnet* subnet_of(const std::string& address) const;

  /// Sets a parameter with origin `given`; a second statement of the same one is told at `value`.
  template <class Name, class Given>
  void give(Name name, Given given, const Value& value) {
    const auto [earlier, first] = stated.emplace(name_of(name), value.pointer());
    if (first) {
      design.parameters.set(name, std::move(given), Origin::given, "design");
    } else {
      value.error("the parameter '" + earlier->first + "' is stated twice; it is already at " + earlier->second,
                  "keep one of the two");
    }
  }
};

/// A name of at most 15 letters, digits and hyphens, as computers in a cluster have.
std::optional<std::string> read_computer_name(const Value& value);

/// Tells a name that `taken` holds already (names are compared without case); remembers it otherwise.
bool claim_name(const Value& value, const std::string& name, std::string_view kind, NameSet& taken);

/// Tells that `name` is none of `known`, which are said to be `kind`.
void unknown_reference(const Value& value, const std::string& name, std::string_view kind,
                       const std::vector<std::string>& known);

/// Where nodes stand; the name of a site without a node is told.
std::optional<std::string> read_site(const Value& value, const DesignReading& reading);

/// The same for a preferred site, which Windows knows from 2016 on (W 4.3).
std::optional<std::string> read_preferred_site(const Value& value, const DesignReading& reading);

/// The roles and resources of the cluster itself, whose names nobody else may have.
NameSet own_roles();
NameSet own_resources(const Cluster& cluster);

void read_cluster(const Value& value, DesignReading& reading);
void read_fci(const Value& value, DesignReading& reading);
void read_certificates(const Value& value, DesignReading& reading);
void read_scale_out(const Value& value, DesignReading& reading);
void read_workers(const Value& value, DesignReading& reading);
/// Where certificates are installed; after the workers, which it may name.
void read_installed(DesignReading& reading);
void read_workload(const Value& value, DesignReading& reading);
void read_parameters(const Value& value, DesignReading& reading);
/// Further roles of the cluster, and the settings of single resources; after everything that they may name.
void read_roles(DesignReading& reading);

/// Every name that may stand under "parameters".
std::vector<std::string> parameter_names();

}  // namespace rehearse::model
