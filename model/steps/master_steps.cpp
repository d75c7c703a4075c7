#include "model/steps/master_steps.hpp"

#include <fmt/format.h>

#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <utility>

#include "model/steps/certificates.hpp"
#include "model/steps/master_resource.hpp"
#include "model/steps/small_step.hpp"

namespace rehearse::steps {
namespace {

const WantedCopy root_with_key{"Root", true};

std::vector<std::string> node_names(const model::Design& design) {
  std::vector<std::string> names;
  for (const model::Node& node : design.cluster.nodes) names.push_back(node.name);
  return names;
}

struct MasterOnNode {
  std::string node;
  MasterCertificate certificate;
  MasterResource resource;
  model::Master master;
  model::MasterSettings settings;  // wanted on this node; an empty thumbprint stands for the one that Setup wrote
  std::vector<WantedCopy> copies;  // of the certificate, wanted on this node
};

MasterOnNode master_on(const model::Design& design, const std::string& node) {
  MasterOnNode result{.node = node,
                      .certificate = master_certificate_of(design),
                      .resource = master_resource_of(design),
                      .master = design.scale_out.master,
                      .settings = design.master_settings(node),
                      .copies = {}};
  result.copies = wanted_copies(result.certificate.certificate, node, {root_with_key});
  if (result.settings.sql_server_name.empty()) result.settings.sql_server_name = design.fci.server_name();
  return result;
}

bool wants_key(const std::vector<WantedCopy>& copies) {
  return std::any_of(copies.begin(), copies.end(), [](const WantedCopy& copy) { return copy.with_private_key; });
}

// The thumbprint that Setup shall use on this node; empty: Setup shall make a certificate.
Awaitable<std::string> thumbprint_for_setup(Platform platform, MasterOnNode wanted) {
  const bool is_first = wanted.node == wanted.certificate.node;
  const bool setup_makes_it = is_first && source_of(wanted.certificate.certificate) == CertificateSource::setup;
  if (setup_makes_it || !wants_key(wanted.copies)) co_return std::string();
  co_return co_await thumbprint_of(platform, std::move(wanted.certificate));
}

Awaitable<bool> every_wanted_copy_is_there(Platform& platform, const MasterOnNode& wanted) {
  const std::string thumbprint = co_await thumbprint_of(platform, wanted.certificate);
  for (const WantedCopy& copy : wanted.copies) {
    const bool there = co_await has_copy(platform.certificates, wanted.node, thumbprint, copy);
    if (!there) co_return false;
  }
  co_return true;
}

// The settings file as it shall be: what the design leaves open stays as it is.
model::MasterSettings merged(model::MasterSettings wanted, const model::MasterSettings& present) {
  if (wanted.certificate_thumbprint.empty()) wanted.certificate_thumbprint = present.certificate_thumbprint;
  return wanted;
}

struct ParkedService {
  std::vector<std::string> nodes;
  MasterResource resource;
};

Awaitable<bool> is_parked(Platform platform, std::string node, MasterResource resource) {
  const StartType type = co_await platform.host.start_type(node, resource.service);
  if (type != StartType::manual) co_return false;
  const ServiceState state = co_await platform.host.service_state(node, resource.service);
  if (state != ServiceState::running) co_return true;
  co_return co_await runs_under_cluster(platform, resource, node);
}

}  // namespace

StepPtr create_master_certificate(const model::Design& design) {
  const std::string node = design.cluster.nodes.front().name;
  StepInfo info{.name = "create_master_certificate",
                .section = "3",
                .hosts = {node},
                .needs = "the names that workers will connect to",
                .changes = "the Scale Out Master's certificate lies in Root with its private key",
                .deadline = std::chrono::minutes(30)};
  return make_step(
      std::move(info), master_certificate_of(design),
      [](Platform& platform, const MasterCertificate& master) -> Awaitable<bool> {
        const std::string thumbprint =
            co_await find_thumbprint(platform.certificates, master.node, root_with_key, master.certificate);
        co_return !thumbprint.empty();
      },
      [](Platform& platform, const MasterCertificate& master) -> Awaitable<void> {
        std::vector<WantedCopy> wanted;
        wanted.push_back(root_with_key);
        co_await make_certificate(platform, master.node, master.certificate, std::move(wanted));
      });
}

StepPtr install_scale_out_master(const model::Design& design, const std::string& node) {
  const bool is_first = node == design.cluster.nodes.front().name;
  StepInfo info{.name = "install_scale_out_master",
                .section = is_first ? "3" : "4",
                .hosts = {node},
                .needs = is_first ? "SQL Server media; the certificate's names include the name workers connect to"
                                  : "SQL Server media; the first node's certificate with its private key",
                .changes = fmt::format("Integration Services and the service {} are installed, stand-alone",
                                       design.master_service()),
                .deadline = std::chrono::hours(2)};
  return make_step(
      std::move(info), master_on(design, node),
      [](Platform& platform, const MasterOnNode& wanted) -> Awaitable<bool> {
        co_return co_await platform.host.service_installed(wanted.node, wanted.resource.service);
      },
      [](Platform& platform, const MasterOnNode& wanted) -> Awaitable<void> {
        std::string thumbprint = co_await thumbprint_for_setup(platform, wanted);
        std::vector<std::string> names;
        if (thumbprint.empty()) names = wanted.certificate.certificate.common_names;
        Secret password;
        if (wanted.master.uses_domain_account()) {
          password = co_await platform.person.secret(password_of(wanted.master.account));
        }
        host::InstallMaster setup(wanted.node, wanted.resource.service, wanted.master.account, std::move(password),
                                  wanted.settings.port, std::move(names), std::move(thumbprint));
        co_await platform.host.install_master(std::move(setup));
      });
}

StepPtr copy_master_certificate(const model::Design& design, const std::string& node) {
  StepInfo info{.name = "copy_master_certificate",
                .section = "4",
                .hosts = {node},
                .needs = fmt::format("the certificate with an exportable key on {}", design.cluster.nodes.front().name),
                .changes = "the same certificate lies in Root with its private key",
                .deadline = std::chrono::minutes(30)};
  return make_step(std::move(info), master_on(design, node), &every_wanted_copy_is_there,
                   [](Platform& platform, const MasterOnNode& wanted) -> Awaitable<void> {
                     std::string thumbprint = co_await thumbprint_of(platform, wanted.certificate);
                     co_await copy_missing(platform.certificates, wanted.certificate.node, wanted.node,
                                           std::move(thumbprint), wanted.copies);
                   });
}

StepPtr update_master_settings(const model::Design& design, const std::string& node) {
  MasterOnNode wanted_here = master_on(design, node);
  StepInfo info{.name = "update_master_settings",
                .section = "5",
                .hosts = {node},
                .needs = "MasterSettings.config as Setup wrote it",
                .changes = fmt::format("SqlServerName is {} and the other settings are as designed",
                                       wanted_here.settings.sql_server_name),
                .deadline = std::chrono::minutes(30)};
  return make_step(
      std::move(info), std::move(wanted_here),
      [](Platform& platform, const MasterOnNode& wanted) -> Awaitable<bool> {
        const model::MasterSettings present =
            co_await platform.host.master_settings(wanted.node, wanted.resource.service);
        co_return merged(wanted.settings, present) == present;
      },
      [](Platform& platform, const MasterOnNode& wanted) -> Awaitable<void> {
        const model::MasterSettings present =
            co_await platform.host.master_settings(wanted.node, wanted.resource.service);
        co_await stop_master_on(platform, wanted.resource, wanted.node);
        model::MasterSettings settings = merged(wanted.settings, present);
        co_await platform.host.write_master_settings(wanted.node, wanted.resource.service, std::move(settings));
      });
}

StepPtr park_master_service(const model::Design& design) {
  StepInfo info{.name = "park_master_service",
                .section = "6",
                .hosts = node_names(design),
                .needs = "the Scale Out Master on every node",
                .changes = "nothing but the cluster starts the service: start type Manual, stopped outside the cluster",
                .deadline = std::chrono::minutes(30)};
  return make_step(
      std::move(info), ParkedService{node_names(design), master_resource_of(design)},
      [](Platform& platform, const ParkedService& wanted) -> Awaitable<bool> {
        for (const std::string& node : wanted.nodes) {
          const bool parked = co_await is_parked(platform, node, wanted.resource);
          if (!parked) co_return false;
        }
        co_return true;
      },
      [](Platform& platform, const ParkedService& wanted) -> Awaitable<void> {
        for (const std::string& node : wanted.nodes) {
          const bool parked = co_await is_parked(platform, node, wanted.resource);
          if (parked) continue;
          co_await platform.host.set_start_type(node, wanted.resource.service, StartType::manual);
          const bool ours = co_await runs_under_cluster(platform, wanted.resource, node);
          if (!ours) co_await platform.host.stop_service(node, wanted.resource.service);
        }
      });
}

}  // namespace rehearse::steps
