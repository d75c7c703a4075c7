#include "model/steps/certificate_renewal.hpp"

#include <fmt/format.h>

#include <boost/asio/awaitable.hpp>

#include <algorithm>
#include <utility>

#include "model/steps/certificates.hpp"
#include "model/steps/master_resource.hpp"
#include "model/steps/master_steps.hpp"
#include "model/steps/role_steps.hpp"
#include "model/steps/small_step.hpp"
#include "model/steps/worker_steps.hpp"

namespace rehearse::steps {
namespace {

const std::string root = "Root";

// The design as it is after the renewal: a certificate whose thumbprint is known once it exists, pinned by nobody yet.
model::Design renewed(model::Design design, Date not_after) {
  MasterCertificate old = master_certificate_of(design);
  model::Certificate certificate = old.certificate;
  if (certificate.key.empty()) certificate.key = "master";
  certificate.thumbprint.clear();
  certificate.not_before = Date();
  certificate.not_after = not_after;
  std::erase_if(design.certificates, [&](const model::Certificate& other) { return other.key == certificate.key; });
  design.scale_out.master.certificate = certificate.key;
  design.certificates.push_back(std::move(certificate));

  design.scale_out.master.settings.certificate_thumbprint.clear();
  for (auto& [node, settings] : design.scale_out.master.settings_by_node) settings.certificate_thumbprint.clear();
  for (model::WorkerPool& pool : design.scale_out.workers) pool.settings.master_certificate_thumbprint.clear();
  return design;
}

struct MasterOfNode {
  std::string node;
  int port;
};

struct MasterOnNodes {
  MasterCertificate certificate;
  MasterResource resource;
  std::vector<MasterOfNode> nodes;
};

MasterOnNodes master_on_nodes(const model::Design& design) {
  MasterOnNodes master{master_certificate_of(design), master_resource_of(design), {}};
  for (const model::Node& node : design.cluster.nodes) {
    master.nodes.push_back({node.name, design.master_settings(node.name).port});
  }
  return master;
}

Awaitable<bool> shows_certificate(Platform platform, const MasterOnNodes& master, MasterOfNode node) {
  const std::string thumbprint = co_await thumbprint_of(platform, master.certificate);
  const HttpBinding binding = co_await platform.certificates.binding(node.node, node.port);
  if (binding.thumbprint != thumbprint || binding.store != root) co_return false;
  const model::MasterSettings settings = co_await platform.host.master_settings(node.node, master.resource.service);
  co_return settings.certificate_thumbprint == thumbprint;
}

// Offline while binding and settings change, so that it starts with both; an interrupted renewal finds it still
// offline.
StepPtr take_master_offline(const model::Design& design) {
  StepInfo info{
      .name = "take_master_offline",
      .section = "operation",
      .hosts = {},
      .needs = "the new certificate on every node",
      .changes = fmt::format("{} is offline, or every node shows the new certificate", design.master_resource()),
      .deadline = std::chrono::minutes(30)};
  return make_step(
      std::move(info), master_on_nodes(design),
      [](Platform& platform, const MasterOnNodes& master) -> Awaitable<bool> {
        const ResourceState state = co_await platform.cluster.resource_state(master.resource.resource);
        if (state == ResourceState::offline) co_return true;
        for (const MasterOfNode& node : master.nodes) {
          const bool shown = co_await shows_certificate(platform, master, node);
          if (!shown) co_return false;
        }
        co_return true;
      },
      [](Platform& platform, const MasterOnNodes& master) -> Awaitable<void> {
        co_await platform.cluster.offline_resource(master.resource.resource, time_to_change_state);
      });
}

StepPtr show_master_certificate(const model::Design& design, const std::string& node) {
  MasterOnNodes master = master_on_nodes(design);
  std::erase_if(master.nodes, [&](const MasterOfNode& other) { return other.node != node; });
  StepInfo info{.name = "show_master_certificate",
                .section = "operation",
                .hosts = {node},
                .needs = "the new certificate in Root with its key",
                .changes = "the port's binding and MasterSettings.config name the new certificate",
                .deadline = std::chrono::minutes(30)};
  return make_step(
      std::move(info), std::move(master),
      [](Platform& platform, const MasterOnNodes& wanted) -> Awaitable<bool> {
        co_return co_await shows_certificate(platform, wanted, wanted.nodes.front());
      },
      [](Platform& platform, const MasterOnNodes& wanted) -> Awaitable<void> {
        const MasterOfNode& here = wanted.nodes.front();
        const std::string thumbprint = co_await thumbprint_of(platform, wanted.certificate);
        co_await platform.certificates.bind(here.node, here.port, thumbprint, root);
        model::MasterSettings settings = co_await platform.host.master_settings(here.node, wanted.resource.service);
        settings.certificate_thumbprint = thumbprint;
        co_await platform.host.write_master_settings(here.node, wanted.resource.service, std::move(settings));
      });
}

}  // namespace

std::vector<StepPtr> renew_master_certificate(const model::Design& design, Date not_after, RenewalOrder order) {
  const model::Design after = renewed(design, not_after);
  const bool trust_first = order == RenewalOrder::least_outage;
  std::vector<StepPtr> steps;
  steps.push_back(create_master_certificate(after));
  for (std::size_t i = 1; i < after.cluster.nodes.size(); ++i) {
    steps.push_back(copy_master_certificate(after, after.cluster.nodes[i].name));
  }
  if (trust_first) {
    for (const std::string& worker : after.worker_names()) steps.push_back(trust_master_certificate(after, worker));
  }
  steps.push_back(take_master_offline(after));
  for (const model::Node& node : after.cluster.nodes) steps.push_back(show_master_certificate(after, node.name));
  steps.push_back(bring_master_online(after));
  for (const model::WorkerPool& pool : after.scale_out.workers) {
    for (const std::string& worker : pool.worker_names()) {
      if (!trust_first) steps.push_back(trust_master_certificate(after, worker));
      steps.push_back(configure_worker(after, pool, worker));
    }
  }
  return steps;
}

std::string statement_after_renewal(const model::Design& design, Date not_after) {
  const std::string& key = design.scale_out.master.certificate;
  const std::string name = key.empty() ? "master" : key;
  return fmt::format(
      "the design has to state the new certificate from now on: in certificates.{} \"not_after\": \"{}\", without "
      "\"file\", \"thumbprint\" and \"not_before\"{}, and no certificate of the master in settings_file of master and "
      "workers; or else the new certificate's file. As it is, a plan of the deployment leads back to the old one",
      name, model::to_text(not_after), key.empty() ? ", scale_out.master.certificate: \"master\"" : "");
}

std::vector<std::string> newer_than_design(const model::Design& design, const Observation& observed) {
  const model::Certificate stated = master_certificate_of(design).certificate;
  if (source_of(stated) == CertificateSource::setup) return {};
  std::vector<std::string> sentences;
  for (const model::Node& node : design.cluster.nodes) {
    const Answer* bound = observed.find(certificate_store::Binding(node.name, design.master_settings(node.name).port));
    const Answer* copies = observed.find(certificate_store::List(node.name));
    if (bound == nullptr || bound->list().empty() || copies == nullptr) continue;
    const std::vector<CertificateInfo> present = copies->certificates();
    const auto shown = std::find_if(present.begin(), present.end(), [&](const CertificateInfo& copy) {
      return copy.thumbprint == bound->list().front();
    });
    if (shown == present.end() || is_same(stated, *shown) || shown->not_after <= stated.not_after) continue;
    sentences.push_back(fmt::format(
        "{} shows a certificate that ends at {}, later than the one that the design leads back to ({}): after a "
        "renewal, state the new one in the design (certificates.{})",
        node.name, model::to_text(shown->not_after), model::to_text(stated.not_after),
        stated.key.empty() ? "master" : stated.key));
  }
  return sentences;
}

}  // namespace rehearse::steps
