#include "real_backend/probe/tls_session.hpp"

#include <fmt/format.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <stdexcept>

#include "model/artefacts/held.hpp"
#include "model/artefacts/openssl_der.hpp"

namespace rehearse::real {
namespace {

using model::certificate_of;
using model::CertificateHandle;
using Context = Held<SSL_CTX, &SSL_CTX_free>;
using Tls = Held<SSL, &SSL_free>;
using Key = Held<EVP_PKEY, &EVP_PKEY_free>;

void give_identity(SSL_CTX* context, const model::CertificateWithKey& identity) {
  const auto* at = reinterpret_cast<const unsigned char*>(identity.key.reveal().data());
  const Key key(d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(identity.key.reveal().size())));
  const CertificateHandle own = certificate_of(identity.certificate.der);
  if (!key || !own || SSL_CTX_use_certificate(context, own.get()) != 1 ||
      SSL_CTX_use_PrivateKey(context, key.get()) != 1) {
    throw std::logic_error("OpenSSL does not take a certificate with key that it has read itself");
  }
  for (const std::string& issuer : identity.issuers) {
    if (const CertificateHandle certificate = certificate_of(issuer))
      SSL_CTX_add1_chain_cert(context, certificate.get());
  }
}

bool is_an_address(const std::string& host) {
  boost::system::error_code problem;
  boost::asio::ip::make_address(host, problem);
  return !problem;
}

/// The first byte of a record is its kind: alert or handshake; the second the major version of every TLS there is.
bool begins_like_tls(std::string_view bytes) {
  const bool kind = bytes[0] == 0x15 || bytes[0] == 0x16;
  return kind && (bytes.size() < 2 || bytes[1] == 0x03);
}

std::string beginning_of(std::string_view bytes) {
  std::string text(bytes.substr(0, std::min(bytes.find_first_of("\r\n"), std::size_t{60})));
  std::replace_if(
      text.begin(), text.end(), [](unsigned char c) { return c < 0x20 || c > 0x7E; }, '?');
  return text;
}

}  // namespace

struct TlsSession::Session {
  Session(TcpConnection& the_connection, const std::string& server_name, const model::CertificateWithKey* identity)
      : connection(the_connection), context(SSL_CTX_new(TLS_client_method())) {
    if (!context) throw std::logic_error("OpenSSL gives no context");
    SSL_CTX_set_security_level(context.get(), 0);
    SSL_CTX_set_min_proto_version(context.get(), TLS1_VERSION);
    SSL_CTX_set_max_proto_version(context.get(), 0);
    SSL_CTX_set_cipher_list(context.get(), "DEFAULT:@SECLEVEL=0");
    SSL_CTX_set_verify(context.get(), SSL_VERIFY_NONE, nullptr);
    SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
    SSL_CTX_set_post_handshake_auth(context.get(), 1);  // http.sys may ask when it knows the URL
    if (identity != nullptr && !identity->key.empty()) {
      own = certificate_of(identity->certificate.der);
      give_identity(context.get(), *identity);
    }
    tls.reset(SSL_new(context.get()));
    from_peer = BIO_new(BIO_s_mem());
    to_peer = BIO_new(BIO_s_mem());
    BIO_set_mem_eof_return(from_peer, -1);
    SSL_set_bio(tls.get(), from_peer, to_peer);
    SSL_set_connect_state(tls.get());
    SSL_set_cert_cb(tls.get(), &note_question, this);
    SSL_set_app_data(tls.get(), this);
    SSL_set_info_callback(tls.get(), &note_alert);
    if (!is_an_address(server_name)) SSL_set_tlsext_host_name(tls.get(), server_name.c_str());
  }

  /// The other side asks for a certificate.
  static int note_question(SSL* tls, void* given) {
    auto& session = *static_cast<Session*>(given);
    session.seen.certificate_asked = true;
    const STACK_OF(X509_NAME)* const issuers = SSL_get0_peer_CA_list(tls);
    const int count = issuers == nullptr ? 0 : sk_X509_NAME_num(issuers);
    session.seen.issuers_named = static_cast<std::size_t>(count);
    if (count == 0 || !session.own) return 1;
    bool among = false;
    for (int i = 0; i < count && !among; ++i) {
      among = X509_NAME_cmp(sk_X509_NAME_value(issuers, i), X509_get_issuer_name(session.own.get())) == 0;
    }
    session.seen.issuer_among_them = among;
    return 1;
  }

  static void note_alert(const SSL* tls, int where, int value) {
    constexpr int fatal = 2;
    if ((where & SSL_CB_ALERT) == 0 || (where & SSL_CB_READ) == 0 || value >> 8 != fatal) return;
    static_cast<Session*>(SSL_get_app_data(tls))->seen.alert = value & 0xFF;
  }

  steps::Awaitable<Received> flush(Deadline deadline) {
    char* bytes = nullptr;
    const long size = BIO_get_mem_data(to_peer, &bytes);
    std::string out(bytes, static_cast<std::size_t>(size));
    BIO_reset(to_peer);
    if (out.empty()) co_return Received(Received::End::bytes, "");
    co_return co_await connection.send(std::move(out), deadline);
  }

  /// Hands what comes to the library. Any other end than `bytes` is the end of the connection.
  steps::Awaitable<Received> feed(Deadline deadline) {
    Received received = co_await connection.receive(deadline);
    if (received.end == Received::End::bytes) {
      if (beginning.empty()) beginning = received.text.substr(0, 200);
      BIO_write(from_peer, received.text.data(), static_cast<int>(received.text.size()));
    }
    co_return received;
  }

  void note_chain() {
    if (!seen.chain.empty()) return;
    const STACK_OF(X509)* const chain = SSL_get_peer_cert_chain(tls.get());
    for (int i = 0; chain != nullptr && i < sk_X509_num(chain); ++i) {
      seen.chain.push_back(model::der_of(sk_X509_value(chain, i)));
    }
  }

  void end(TlsSeen::End how, std::string words) {
    seen.end = how;
    seen.words = std::move(words);
  }

  void end_for_library() {
    const unsigned long error = ERR_peek_last_error();
    const char* const reason = ERR_reason_error_string(error);
    ERR_clear_error();
    if (seen.alert) {
      end(TlsSeen::End::alert, alert_text(*seen.alert));
    } else if (!beginning.empty() && !begins_like_tls(beginning)) {
      end(TlsSeen::End::not_tls, beginning_of(beginning));
    } else {
      end(TlsSeen::End::failed, reason == nullptr ? "the handshake makes no sense" : reason);
    }
  }

  void end_for_connection(const Received& received) {
    // A silent end after bytes that are no TLS is still an end by somebody who speaks no TLS.
    if (!beginning.empty() && !begins_like_tls(beginning)) return end(TlsSeen::End::not_tls, beginning_of(beginning));
    switch (received.end) {
      case Received::End::closed: return end(TlsSeen::End::closed, received.text);
      case Received::End::reset: return end(TlsSeen::End::reset, received.text);
      case Received::End::timed_out: return end(TlsSeen::End::timed_out, received.text);
      default: return end(TlsSeen::End::failed, received.text);
    }
  }

  TcpConnection& connection;
  Context context;
  CertificateHandle own;
  Tls tls;
  BIO* from_peer = nullptr;  // both belong to `tls`
  BIO* to_peer = nullptr;
  std::string beginning;
  TlsSeen seen;
};

TlsSession::TlsSession(TcpConnection& connection, const std::string& server_name,
                       const model::CertificateWithKey* identity)
    : session_(std::make_unique<Session>(connection, server_name, identity)) {}

TlsSession::~TlsSession() = default;

const TlsSeen& TlsSession::seen() const {
  return session_->seen;
}

steps::Awaitable<void> TlsSession::handshake(Deadline deadline) {
  Session& session = *session_;
  while (true) {
    ERR_clear_error();
    const int result = SSL_do_handshake(session.tls.get());
    const int wants = SSL_get_error(session.tls.get(), result);
    session.note_chain();
    if (result != 1 && wants != SSL_ERROR_WANT_READ) session.end_for_library();
    const Received sent = co_await session.flush(deadline);
    if (result == 1) {
      session.seen.version = SSL_get_version(session.tls.get());
      session.end(TlsSeen::End::completed, "");
      co_return;
    }
    if (wants != SSL_ERROR_WANT_READ) co_return;
    // Whoever closes may have said why before, so what can still be read counts for more than what cannot be sent.
    const Received received = co_await session.feed(deadline);
    if (received.end != Received::End::bytes) {
      session.end_for_connection(sent.end == Received::End::timed_out ? sent : received);
      co_return;
    }
  }
}

steps::Awaitable<Received> TlsSession::send(std::string bytes, Deadline deadline) {
  Session& session = *session_;
  ERR_clear_error();
  const int written = SSL_write(session.tls.get(), bytes.data(), static_cast<int>(bytes.size()));
  if (written <= 0) {
    ERR_clear_error();
    co_return Received(Received::End::failed, "the session takes no more data");
  }
  co_return co_await session.flush(deadline);
}

steps::Awaitable<Received> TlsSession::receive(Deadline deadline) {
  Session& session = *session_;
  std::string block(16384, '\0');
  while (true) {
    ERR_clear_error();
    const int size = SSL_read(session.tls.get(), block.data(), static_cast<int>(block.size()));
    const int wants = SSL_get_error(session.tls.get(), size);
    const Received sent = co_await session.flush(deadline);
    if (size > 0) {
      block.resize(static_cast<std::size_t>(size));
      co_return Received(Received::End::bytes, std::move(block));
    }
    if (wants == SSL_ERROR_ZERO_RETURN) co_return Received(Received::End::closed, "");
    if (wants != SSL_ERROR_WANT_READ) {
      ERR_clear_error();
      const bool told = session.seen.alert.has_value();
      std::string words = told ? alert_text(*session.seen.alert) : "what comes is no TLS any more";
      co_return Received(told ? Received::End::closed : Received::End::failed, std::move(words));
    }
    Received received = co_await session.feed(deadline);
    if (received.end != Received::End::bytes) co_return received;
  }
}

std::string alert_text(int alert) {
  // RFC 8446, 6. The library's own names have spaces.
  return fmt::format("{} ({})", SSL_alert_desc_string_long(alert), alert);
}

}  // namespace rehearse::real
