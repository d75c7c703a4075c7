// TLS as a client over a TCP connection, told in full: what certificates the other side shows, whether it asks for one,
// and how the handshake ends. It refuses nothing itself, however wrong the certificate is: what to think of it is the
// business of model/handshake.hpp. The weak algorithms and old versions that Windows may still use are allowed.
#pragma once

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/artefacts/certificate_with_key.hpp"
#include "real_backend/probe/tcp_connection.hpp"

namespace rehearse::real {

struct TlsSeen {
  enum class End : unsigned char {
    completed,
    not_tls,    // what came is no record of TLS; `words` has its beginning
    alert,      // the other side ended it and says why: `alert`
    closed,     // the other side ended it and says nothing
    reset,      // the same, rudely
    timed_out,  // it says nothing and stays
    failed,     // this side cannot go on, see `words`
  };
  End end = End::failed;
  std::optional<int> alert;  // AlertDescription of RFC 8446, 6; also after the handshake, when requests are answered so
  std::string words;
  std::string version;                    // "TLSv1.2"; empty before it is agreed
  std::vector<std::string> chain;         // what the other side showed, DER, its own certificate first
  bool certificate_asked = false;         // for a client's certificate; may come only after the request
  std::size_t issuers_named = 0;          // acceptable issuers in that question
  std::optional<bool> issuer_among_them;  // whether the shown certificate's issuer is one of those; no list: absent
};

/// "certificate_expired (45)"
std::string alert_text(int alert);

class TlsSession {
 public:
  /// `identity` is shown when a certificate is asked for and has a key; null: none. It and the connection outlive this.
  TlsSession(TcpConnection& connection, const std::string& server_name, const model::CertificateWithKey* identity);
  ~TlsSession();
  TlsSession(const TlsSession&) = delete;
  TlsSession& operator=(const TlsSession&) = delete;

  steps::Awaitable<void> handshake(Deadline deadline);

  /// After a completed handshake. Answers the other side's late questions for a certificate, too.
  steps::Awaitable<Received> send(std::string bytes, Deadline deadline);
  steps::Awaitable<Received> receive(Deadline deadline);

  const TlsSeen& seen() const;

 private:
  struct Session;
  std::unique_ptr<Session> session_;
};

}  // namespace rehearse::real
