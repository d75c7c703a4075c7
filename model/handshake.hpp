// Can a Scale Out Worker open a connection to its master? WCF over http.sys with certificates on both sides has about
// fifteen ways to say no, and only the first one met shows (S 3, behaviour 5). The simulated world and the live probe
// gather the same facts and ask this one function, so that they give the same verdicts.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "model/units.hpp"

namespace rehearse::model {

/// The facts in the order in which a connection meets them. The defaults are a connection that works.
///
/// There is no fact about the names of the worker's certificate: the documents tie it to the worker by its thumbprint
/// in WorkerSettings and to the node by its copy in Root, and ask for no name (S 3). That the node looks at none is
/// assumed. Nor does the worker's own copy in its Root decide anything here: it trusts itself without (assumed).
struct HandshakeFacts {
  bool name_resolves = true;
  bool address_reachable = true;
  bool port_open = true;           // no firewall in between drops it
  bool listening = true;           // the master has opened its URL on that host
  bool binding_present = true;     // http.sys has a certificate for the port
  bool binding_key_usable = true;  // and the store it names holds that certificate with its private key

  bool master_chain_trusted = true;  // the certificate shown, or its issuer, lies in the worker's LocalMachine\Root
  Date worker_clock{};
  Date master_not_before = Date::min();
  Date master_not_after = Date::max();
  bool host_in_master_names = true;       // names_match() of the endpoint's host
  bool pinned_thumbprint_matches = true;  // WorkerSettings MasterHttpsCertThumbprint; true where none is pinned

  bool worker_key_present = true;      // WorkerHttpsCertThumbprint names a certificate with a key in the worker's store
  bool worker_key_accessible = true;   // the worker's account may read that key
  bool worker_trusted_at_node = true;  // the worker's certificate lies in LocalMachine\Root of the node that listens
  Date node_clock{};
  Date worker_not_before = Date::min();
  Date worker_not_after = Date::max();
  bool node_root_polluted =
      false;  // Root holds certificates that are not self-signed, and no SCHANNEL setting mends it
};
static_assert(std::is_trivially_copyable_v<HandshakeFacts>);

/// One per defect, in the order in which they decide.
enum class HandshakeOutcome : std::uint8_t {
  accepted,
  name_not_resolved,
  address_unreachable,
  port_blocked,
  nothing_listening,
  binding_missing,
  binding_key_unusable,
  master_not_trusted,
  master_not_yet_valid,
  master_expired,
  host_not_in_names,
  thumbprint_mismatch,
  worker_key_missing,
  worker_key_inaccessible,
  worker_not_trusted,
  worker_not_yet_valid,
  worker_expired,
  node_root_polluted,
  count_
};

HandshakeOutcome judge(const HandshakeFacts& facts);

/// "the master's certificate has expired": what is wrong, for reports.
std::string_view to_text(HandshakeOutcome outcome);

/// What the worker's log shows: the documented exception with the address filled in (S 3); empty when accepted. Where
/// the product's text for a defect is not documented (dates), it is the text of the nearest documented one.
std::string message_of(HandshakeOutcome outcome, std::string_view host, int port);

/// What mends it, one sentence (S 5); empty when accepted.
std::string remedy_of(HandshakeOutcome outcome, std::string_view host, int port);

/// Whether one of the certificate's names covers the host: equal without regard to case, or "*.domain" for one more
/// label. An IPv4 address matches only itself.
bool names_match(const std::vector<std::string>& names, std::string_view host);

}  // namespace rehearse::model
