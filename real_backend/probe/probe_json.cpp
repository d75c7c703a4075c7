// The report for programs.
#include <nlohmann/json.hpp>
#include <ostream>

#include "real_backend/probe/probe_report.hpp"

namespace rehearse::real {
namespace {

using Json = nlohmann::ordered_json;
using Outcome = model::HandshakeOutcome;

Json or_null(const std::string& text) {
  return text.empty() ? Json() : Json(text);
}

std::string_view word_for(Attempt::End end) {
  switch (end) {
    case Attempt::End::connected: return "connected";
    case Attempt::End::refused: return "refused";
    case Attempt::End::timed_out: return "timed_out";
    case Attempt::End::no_route: return "no_route";
    case Attempt::End::failed: return "failed";
  }
  return "";
}

std::string_view word_for(TlsSeen::End end) {
  switch (end) {
    case TlsSeen::End::completed: return "completed";
    case TlsSeen::End::not_tls: return "not_tls";
    case TlsSeen::End::alert: return "alert";
    case TlsSeen::End::closed: return "closed";
    case TlsSeen::End::reset: return "reset";
    case TlsSeen::End::timed_out: return "timed_out";
    case TlsSeen::End::failed: return "failed";
  }
  return "";
}

Json outcomes(OutcomeSet set, const model::Endpoint& endpoint) {
  Json all = Json::array();
  for (const Outcome outcome : set.list()) {
    all.push_back({{"outcome", model::to_text(outcome)},
                   {"message", or_null(model::message_of(outcome, endpoint.host, endpoint.port))},
                   {"remedy", or_null(model::remedy_of(outcome, endpoint.host, endpoint.port))}});
  }
  return all;
}

Json lookup(const std::optional<Lookup>& seen) {
  if (!seen) return {};
  return {{"addresses", seen->addresses}, {"words", or_null(seen->words)}};
}

Json attempts(const std::vector<Attempt>& seen) {
  Json all = Json::array();
  for (const Attempt& attempt : seen) {
    all.push_back({{"address", to_text(attempt.address)},
                   {"end", word_for(attempt.end)},
                   {"words", or_null(attempt.words)},
                   {"seconds", std::chrono::duration<double>(attempt.took).count()}});
  }
  return all;
}

Json certificate(const model::X509Facts& facts, Date at) {
  return {{"thumbprint", facts.thumbprint},
          {"names", facts.common_names},
          {"not_before", model::to_text(facts.not_before)},
          {"not_after", model::to_text(facts.not_after)},
          {"days_left", days_left(facts, at)},
          {"self_signed", facts.self_signed}};
}

Json tls(const TlsSeen& seen) {
  return {{"end", word_for(seen.end)},
          {"words", or_null(seen.words)},
          {"alert", seen.alert ? Json(alert_text(*seen.alert)) : Json()},
          {"version", or_null(seen.version)},
          {"certificate_asked", seen.certificate_asked}};
}

Json answer(const HttpAnswer& seen) {
  return {{"status", seen.status},
          {"server", or_null(seen.server)},
          {"date", seen.date ? Json(model::to_text(*seen.date)) : Json()}};
}

Json endpoint(const EndpointReport& report) {
  const ProbeTarget& target = report.target;
  const EndpointObservation& seen = report.seen;
  const EndpointVerdict& verdict = report.verdict;
  return {{"host", target.endpoint.host},
          {"port", target.endpoint.port},
          {"via", target.via ? Json(to_text(*target.via)) : Json()},
          {"workers", target.workers},
          {"conclusion", to_text(verdict.conclusion)},
          {"possible", outcomes(verdict.possible, target.endpoint)},
          {"defects", outcomes(verdict.defects, target.endpoint)},
          {"beyond_the_rules", or_null(verdict.beyond_the_rules)},
          {"doubts", verdict.doubts},
          {"warnings", verdict.warnings},
          {"at", model::to_text(seen.at)},
          {"lookup", lookup(seen.lookup)},
          {"attempts", attempts(seen.attempts)},
          {"tls", seen.tls ? tls(*seen.tls) : Json()},
          {"answer", seen.http && seen.http->answer ? answer(*seen.http->answer) : Json()},
          {"master_certificate", verdict.master ? certificate(*verdict.master, seen.at) : Json()},
          {"pinned_thumbprint", or_null(target.pinned_thumbprint)},
          {"worker_certificate", seen.identity ? certificate(seen.identity->certificate, seen.at) : Json()}};
}

Json instance(const SqlReport& report) {
  return {{"server", to_text(report.target.server)},
          {"via", report.target.via ? Json(to_text(*report.target.via)) : Json()},
          {"conclusion", to_text(report.conclusion)},
          {"words", or_null(report.words)},
          {"version", report.answer ? Json(report.answer->version()) : Json()},
          {"encryption", report.answer ? Json(to_text(report.answer->encryption)) : Json()},
          {"warnings", report.warnings},
          {"lookup", lookup(report.lookup)},
          {"attempts", attempts(report.attempts)}};
}

}  // namespace

void write_json(std::ostream& out, const ProbeResult& result) {
  Json all = {{"conclusion", to_text(result.conclusion())},
              {"endpoints", Json::array()},
              {"instances", Json::array()},
              {"out_of_sight", out_of_sight()}};
  for (const EndpointReport& report : result.endpoints) all["endpoints"].push_back(endpoint(report));
  for (const SqlReport& report : result.instances) all["instances"].push_back(instance(report));
  // Names in certificates may hold anything.
  out << all.dump(2, ' ', false, Json::error_handler_t::replace) << '\n';
}

}  // namespace rehearse::real
