// What the status of an answer says about the worker's certificate. With http.sys the handshake is good first and the
// refusal comes afterwards, as an answer.
#pragma once

#include "real_backend/probe/http_answer.hpp"

namespace rehearse::real {

enum class HttpMeaning : unsigned char {
  let_in,               // the master itself answers, whatever it thinks of the request
  forbidden,            // the caller's certificate, or its absence, is not accepted
  no_certificate_came,  // a server that names the reason: none was sent
  nobody_behind,        // something answers for the port, not for the URL
  unclear,
};

/// 403 is documented for a refused certificate (S 3). Everything else is from general knowledge of http.sys and WCF
/// (undocumented): 200, 400, 405, 411, 415 and 500 come from a service that was reached and dislikes a bare GET; 404
/// and 503 come from http.sys where no process has the URL open, but may come from a service. nginx says 400 for a
/// refused or absent certificate and tells which in its text.
HttpMeaning meaning_of(const HttpAnswer& answer);

/// Whether the answer names another server than http.sys, which calls itself "Microsoft-HTTPAPI/2.0" unless it was told
/// to say nothing.
bool from_another_server(const HttpAnswer& answer);

}  // namespace rehearse::real
