#include "model/handshake.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <stdexcept>

namespace rehearse::model {
namespace {

using Outcome = HandshakeOutcome;

/// What the worker's log shows; several defects share one text (S 3).
enum class Symptom { none, no_endpoint, binding, no_trust, no_channel, forbidden };

Symptom symptom_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::accepted: return Symptom::none;
    case Outcome::name_not_resolved:
    case Outcome::address_unreachable:
    case Outcome::port_blocked:
    case Outcome::nothing_listening: return Symptom::no_endpoint;
    case Outcome::binding_missing:
    case Outcome::binding_key_unusable: return Symptom::binding;
    case Outcome::master_not_trusted:
    case Outcome::master_not_yet_valid:
    case Outcome::master_expired:
    case Outcome::host_not_in_names:
    case Outcome::thumbprint_mismatch: return Symptom::no_trust;
    case Outcome::worker_key_missing:
    case Outcome::worker_key_inaccessible: return Symptom::no_channel;
    case Outcome::worker_not_trusted:
    case Outcome::worker_not_yet_valid:
    case Outcome::worker_expired:
    case Outcome::node_root_polluted: return Symptom::forbidden;
    case Outcome::count_: break;
  }
  throw std::logic_error("unknown outcome of a handshake");
}

bool same_text(std::string_view left, std::string_view right) {
  return std::equal(left.begin(), left.end(), right.begin(), right.end(),
                    [](unsigned char a, unsigned char b) { return std::tolower(a) == std::tolower(b); });
}

bool is_ipv4_address(std::string_view host) {
  return std::count(host.begin(), host.end(), '.') == 3 &&
         std::all_of(host.begin(), host.end(), [](char c) { return c == '.' || (c >= '0' && c <= '9'); });
}

bool name_matches(std::string_view name, std::string_view host) {
  if (same_text(name, host)) return true;
  if (name.substr(0, 2) != "*." || is_ipv4_address(host)) return false;
  const std::size_t dot = host.find('.');
  return dot != std::string_view::npos && dot > 0 && name.size() > 2 && same_text(name.substr(1), host.substr(dot));
}

}  // namespace

HandshakeOutcome judge(const HandshakeFacts& facts) {
  if (!facts.name_resolves) return Outcome::name_not_resolved;
  if (!facts.address_reachable) return Outcome::address_unreachable;
  if (!facts.port_open) return Outcome::port_blocked;
  if (!facts.listening) return Outcome::nothing_listening;
  if (!facts.binding_present) return Outcome::binding_missing;
  if (!facts.binding_key_usable) return Outcome::binding_key_unusable;

  if (!facts.master_chain_trusted) return Outcome::master_not_trusted;
  if (facts.worker_clock < facts.master_not_before) return Outcome::master_not_yet_valid;
  if (facts.worker_clock > facts.master_not_after) return Outcome::master_expired;
  if (!facts.host_in_master_names) return Outcome::host_not_in_names;
  if (!facts.pinned_thumbprint_matches) return Outcome::thumbprint_mismatch;

  if (!facts.worker_key_present) return Outcome::worker_key_missing;
  if (!facts.worker_key_accessible) return Outcome::worker_key_inaccessible;
  if (!facts.worker_trusted_at_node) return Outcome::worker_not_trusted;
  if (facts.node_clock < facts.worker_not_before) return Outcome::worker_not_yet_valid;
  if (facts.node_clock > facts.worker_not_after) return Outcome::worker_expired;
  if (facts.node_root_polluted) return Outcome::node_root_polluted;
  return Outcome::accepted;
}

std::string_view to_text(HandshakeOutcome outcome) {
  switch (outcome) {
    case Outcome::accepted: return "accepted";
    case Outcome::name_not_resolved: return "the master's name does not resolve";
    case Outcome::address_unreachable: return "the master's address does not answer";
    case Outcome::port_blocked: return "a firewall blocks the master's port";
    case Outcome::nothing_listening: return "nothing listens on the master's port";
    case Outcome::binding_missing: return "http.sys has no certificate for the master's port";
    case Outcome::binding_key_unusable: return "the certificate bound to the master's port has no usable private key";
    case Outcome::master_not_trusted: return "the worker does not trust the master's certificate";
    case Outcome::master_not_yet_valid: return "the master's certificate is not valid yet";
    case Outcome::master_expired: return "the master's certificate has expired";
    case Outcome::host_not_in_names: return "the master's certificate does not name the endpoint's host";
    case Outcome::thumbprint_mismatch: return "the master shows another certificate than the worker has pinned";
    case Outcome::worker_key_missing: return "the worker has no certificate with a private key to show";
    case Outcome::worker_key_inaccessible: return "the worker's account may not read its private key";
    case Outcome::worker_not_trusted: return "the node does not trust the worker's certificate";
    case Outcome::worker_not_yet_valid: return "the worker's certificate is not valid yet";
    case Outcome::worker_expired: return "the worker's certificate has expired";
    case Outcome::node_root_polluted: return "the node's Root store holds certificates that are not self-signed";
    case Outcome::count_: break;
  }
  throw std::logic_error("unknown outcome of a handshake");
}

std::string message_of(HandshakeOutcome outcome, std::string_view host, int port) {
  switch (symptom_of(outcome)) {
    case Symptom::none: return {};
    case Symptom::no_endpoint:
      return fmt::format(
          "System.ServiceModel.EndpointNotFoundException: There was no endpoint listening at "
          "https://{}:{}/ClusterManagement/ that could accept the message.",
          host, port);
    case Symptom::binding:
      return fmt::format(
          "System.ServiceModel.CommunicationException: An error occurred while making the HTTP request to "
          "https://{}:{}/ClusterManagement/. The server certificate is not configured properly with HTTP.SYS.",
          host, port);
    case Symptom::no_trust:
      return fmt::format(
          "System.ServiceModel.Security.SecurityNegotiationException: Could not establish trust relationship for the "
          "SSL/TLS secure channel with authority '{}:{}'. The remote certificate is invalid according to the "
          "validation "
          "procedure.",
          host, port);
    case Symptom::no_channel:
      return fmt::format(
          "System.ServiceModel.Security.SecurityNegotiationException: Could not establish secure channel for SSL/TLS "
          "with authority '{}:{}'. The request was aborted: Could not create SSL/TLS secure channel.",
          host, port);
    case Symptom::forbidden:
      return "System.ServiceModel.Security.MessageSecurityException: The HTTP request was forbidden with client "
             "authentication scheme 'Anonymous'. The remote server returned an error: (403) Forbidden.";
  }
  throw std::logic_error("unknown symptom of a handshake");
}

std::string remedy_of(HandshakeOutcome outcome, std::string_view host, int port) {
  switch (outcome) {
    case Outcome::accepted: return {};
    case Outcome::name_not_resolved:
      return fmt::format("Register {} in DNS, or correct MasterEndpoint and restart the worker.", host);
    case Outcome::address_unreachable:
      return fmt::format("Bring the role that holds {} online, and mend the network between worker and node.", host);
    case Outcome::port_blocked: return fmt::format("Open TCP port {} in the firewall of every node.", port);
    case Outcome::nothing_listening:
      return fmt::format("Start the Scale Out Master, and let PortNumber and MasterEndpoint both say {}.", port);
    case Outcome::binding_missing:
      return fmt::format("Bind the master's certificate on that node: netsh http add sslcert ipport=0.0.0.0:{}.", port);
    case Outcome::binding_key_unusable:
      return fmt::format(
          "Import the master's certificate with its private key on that node, then delete and add the binding of "
          "0.0.0.0:{} with the store that holds it.",
          port);
    case Outcome::master_not_trusted: return "Import the master's certificate into LocalMachine\\Root of the worker.";
    case Outcome::master_not_yet_valid:
      return "Set the worker's clock right, or issue the master's certificate with an earlier start.";
    case Outcome::master_expired: return "Renew the master's certificate on every node and every worker.";
    case Outcome::host_not_in_names:
      return fmt::format("Issue the master's certificate with {} among its common names, on every node.", host);
    case Outcome::thumbprint_mismatch:
      return "Bind the same certificate on every node, and put its thumbprint into MasterHttpsCertThumbprint.";
    case Outcome::worker_key_missing:
      return "Import the worker's certificate with its private key into LocalMachine\\My of the worker, and put its "
             "thumbprint into WorkerHttpsCertThumbprint.";
    case Outcome::worker_key_inaccessible:
      return "Grant the worker's service account read access to the private key: winhttpcertcfg -g.";
    case Outcome::worker_not_trusted:
      return "Import the worker's certificate into LocalMachine\\Root of every node, not only the active one.";
    case Outcome::worker_not_yet_valid:
      return "Set the node's clock right, or issue the worker's certificate with an earlier start.";
    case Outcome::worker_expired: return "Renew the worker's certificate and trust it on every node.";
    case Outcome::node_root_polluted:
      return "Remove certificates that are not self-signed from LocalMachine\\Root of that node, or set SCHANNEL's "
             "SendTrustedIssuerList to 0 or ClientAuthTrustMode to 2.";
    case Outcome::count_: break;
  }
  throw std::logic_error("unknown outcome of a handshake");
}

bool names_match(const std::vector<std::string>& names, std::string_view host) {
  return !host.empty() &&
         std::any_of(names.begin(), names.end(), [&](const std::string& name) { return name_matches(name, host); });
}

}  // namespace rehearse::model
