// What a probe of a master's endpoint wants and what it sees: values only, so that what follows from them can be worked
// out, and tested, without a network.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/artefacts/certificate_with_key.hpp"
#include "model/endpoint.hpp"
#include "real_backend/probe/http_answer.hpp"
#include "real_backend/probe/tcp_connection.hpp"
#include "real_backend/probe/tls_session.hpp"

namespace rehearse::real {

/// A thumbprint that somebody states: "the design's certificate 'master'".
struct StatedThumbprint {
  std::string by;
  std::string thumbprint;
};

/// One endpoint as one group of workers knows it.
struct ProbeTarget {
  model::Endpoint endpoint;                          // host and port as MasterEndpoint writes them
  std::vector<std::string> workers;                  // who connects there; for the report
  std::optional<NetworkAddress> via;                 // connect here instead of asking for the host's addresses
  std::string pinned_thumbprint;                     // MasterHttpsCertThumbprint; empty: none is pinned
  std::string worker_thumbprint;                     // of the certificate these workers show; empty: not stated
  std::vector<StatedThumbprint> master_thumbprints;  // what else should be the thumbprint of what is shown
};

/// What the probe brings along, in place of a worker's certificate stores.
struct ProbeKit {
  std::vector<model::CertificateWithKey> identities;  // workers' certificates
  std::optional<std::vector<std::string>> roots;      // the worker's LocalMachine\Root, DER; absent: not known
  Duration patience = std::chrono::seconds(10);       // for each of: a name, an address, a handshake, an answer
  Duration warn_before = std::chrono::days(30);       // the end of a certificate

  /// The one that these workers show: by its thumbprint, else the only one there is; null: none can be chosen.
  const model::CertificateWithKey* identity_for(const std::string& thumbprint) const;
};

struct HttpSeen {
  enum class End : unsigned char { answered, not_http, closed, reset, timed_out, failed };
  End end = End::failed;
  std::string words;
  std::optional<HttpAnswer> answer;  // set exactly when answered
};

struct EndpointObservation {
  Date at{};                                            // this machine's clock when the probe began
  std::optional<Lookup> lookup;                         // absent: the host's name was not asked for
  std::vector<Attempt> attempts;                        // up to and with the first that connected
  std::optional<TlsSeen> tls;                           // set exactly when connected
  std::optional<HttpSeen> http;                         // set exactly when the handshake was completed
  bool address_answers = false;                         // another port of the same address was seen to answer
  const model::CertificateWithKey* identity = nullptr;  // what was there to show; null: nothing
};

}  // namespace rehearse::real
