#include "real_backend/probe/http_meaning.hpp"

namespace rehearse::real {

HttpMeaning meaning_of(const HttpAnswer& answer) {
  switch (answer.status) {
    case 403: return HttpMeaning::forbidden;
    case 400:
      if (answer.text.find("No required SSL certificate was sent") != std::string::npos) {
        return HttpMeaning::no_certificate_came;
      }
      if (answer.text.find("The SSL certificate error") != std::string::npos) return HttpMeaning::forbidden;
      return HttpMeaning::let_in;
    case 200:
    case 202:
    case 405:
    case 411:
    case 415:
    case 500: return HttpMeaning::let_in;
    case 404:
    case 503: return HttpMeaning::nobody_behind;
    default: return HttpMeaning::unclear;
  }
}

bool from_another_server(const HttpAnswer& answer) {
  return !answer.server.empty() && !answer.server.starts_with("Microsoft-");
}

}  // namespace rehearse::real
