// The inside of an inspection: the parts of a design, each said from the survey. A part that every design must have and
// that cannot be said blocks the design; the others are left out. Whatever is left out was remarked.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>
#include <vector>

#include "real_backend/inspect/certificates.hpp"
#include "real_backend/inspect/inspection.hpp"
#include "real_backend/inspect/survey.hpp"

namespace rehearse::real {

using DesignJson = nlohmann::ordered_json;

/// The files that go beside the design.
struct Artefacts {
  std::string folder;  // relative to the design
  std::vector<InspectedFile> files;

  /// Adds a file under the folder and returns its path as a design names it.
  std::string add(const std::string& path, std::string bytes);
};

/// name, windows, sql, edition, time_zone.
void say_head(Survey& survey, DesignJson& design);
/// cluster, without its further roles; fills survey.addresses with its networks.
void say_cluster(Survey& survey, DesignJson& design);
/// properties and preferred_site, into `cluster`.
void say_cluster_properties(Survey& survey, DesignJson& cluster);
/// fci, of an instance or of an availability group; fills survey.design_names.
void say_instance(Survey& survey, DesignJson& design);
/// ssisdb of an availability group, with listener and replicas, into `fci`.
void say_availability_group(Survey& survey, DesignJson& fci);
/// cluster.roles; after scale_out, whose names they may not have.
void say_other_roles(Survey& survey, DesignJson& design);
/// scale_out: role and master, with their settings files.
void say_master(Survey& survey, Certificates& certificates, Artefacts& artefacts, DesignJson& design);
/// scale_out.workers; fills survey.workers.
void say_workers(Survey& survey, Certificates& certificates, Artefacts& artefacts, DesignJson& design);

/// The properties of a role that differ from their defaults (W 4.2), with those of its resources under "resources" when
/// `with_resources`. Possible owners of an availability group are its own affair.
DesignJson role_settings(Survey& survey, const ExportedGroup& role,
                         const std::vector<const ExportedResource*>& resources, bool with_resources);
/// The common properties of a resource that differ from their defaults (W 3.3).
DesignJson resource_settings(Survey& survey, const ExportedResource& resource, int usual_restart_action);
/// RegisterAllProvidersIP and HostRecordTTL of a network name that differ from what holds without a word (W 6.1).
void say_name_settings(Survey& survey, const ExportedResource& name, bool usually_all, DesignJson& into);
/// The network name of a role and what a design calls it; block and nullptr where there is not exactly one that a
/// computer could have. `what` is for people: "SQL Server".
const ExportedResource* find_name(Survey& survey, const ExportedGroup& role, const std::string& what,
                                  std::string& host_name);
/// Whether the reader of designs takes the text: not empty, at most 1000 bytes, no control characters.
bool can_be_stated(std::string_view text);

/// Tells dependencies that differ from those that a design takes for granted. Clauses of design names.
void check_dependency(Survey& survey, const ExportedResource& resource,
                      const std::vector<std::vector<std::string>>& expected);

}  // namespace rehearse::real
