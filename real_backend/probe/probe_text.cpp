// The report for people.
#include <fmt/format.h>

#include <algorithm>
#include <ostream>

#include "real_backend/probe/probe_report.hpp"

namespace rehearse::real {
namespace {

using Outcome = model::HandshakeOutcome;

std::string shortened(const std::vector<std::string>& names) {
  constexpr std::size_t most = 6;
  const auto shown = names.begin() + static_cast<std::ptrdiff_t>(std::min(most, names.size()));
  std::string text = fmt::format("{}", fmt::join(names.begin(), shown, ", "));
  if (names.size() > most) text += fmt::format(" and {} more", names.size() - most);
  return text;
}

std::string in_milliseconds(Duration length) {
  return fmt::format("{} ms", std::chrono::ceil<std::chrono::milliseconds>(length).count());
}

std::string text_of(const Attempt& attempt) {
  const std::string where = to_text(attempt.address);
  switch (attempt.end) {
    case Attempt::End::connected: return fmt::format("{} connected in {}", where, in_milliseconds(attempt.took));
    case Attempt::End::timed_out: return fmt::format("{} gave no answer in {}", where, in_milliseconds(attempt.took));
    default: return fmt::format("{} {}", where, attempt.words);
  }
}

void write_path(std::ostream& out, const std::optional<Lookup>& lookup, const std::vector<Attempt>& attempts) {
  if (lookup && lookup->addresses.empty()) out << fmt::format("  name        {}\n", lookup->words);
  for (const Attempt& attempt : attempts) out << fmt::format("  connection  {}\n", text_of(attempt));
}

void write_certificate(std::ostream& out, std::string_view whose, const model::X509Facts& certificate, Date at) {
  const long days = days_left(certificate, at);
  const std::string left = days >= 0 ? fmt::format("{} day(s) left", days) : fmt::format("ended {} day(s) ago", -days);
  out << fmt::format("  {:<11} {}\n", whose, certificate.thumbprint);
  out << fmt::format("              {}; valid from {} to {}, {}\n",
                     certificate.common_names.empty() ? "no name" : shortened(certificate.common_names),
                     model::to_text(certificate.not_before), model::to_text(certificate.not_after), left);
}

void write_outcome(std::ostream& out, Outcome outcome, const model::Endpoint& endpoint) {
  out << fmt::format("    {}\n", model::to_text(outcome));
  const std::string message = model::message_of(outcome, endpoint.host, endpoint.port);
  const std::string remedy = model::remedy_of(outcome, endpoint.host, endpoint.port);
  if (!message.empty()) out << fmt::format("      the worker's log: {}\n", message);
  if (!remedy.empty()) out << fmt::format("      remedy: {}\n", remedy);
}

void write_verdict(std::ostream& out, const EndpointVerdict& verdict, const model::Endpoint& endpoint) {
  if (verdict.conclusion == Conclusion::works) {
    out << "  works, as far as can be seen from here\n";
    return;
  }
  const std::vector<Outcome> possible = verdict.possible.list();
  out << fmt::format("  {}{}\n", to_text(verdict.conclusion),
                     possible.size() > 1 ? "; each of these explains what was seen, and they cannot be told apart from "
                                           "here:"
                                         : ":");
  if (!verdict.beyond_the_rules.empty()) out << fmt::format("    {}\n", verdict.beyond_the_rules);
  for (const Outcome outcome : possible) write_outcome(out, outcome, endpoint);
  for (const std::string& doubt : verdict.doubts) out << fmt::format("  but         {}\n", doubt);
}

void write_further_defects(std::ostream& out, const EndpointVerdict& verdict, const model::Endpoint& endpoint) {
  for (const Outcome outcome : verdict.defects.list()) {
    if (verdict.possible.has(outcome)) continue;
    out << fmt::format("  also wrong  {}: {}\n", model::to_text(outcome),
                       model::remedy_of(outcome, endpoint.host, endpoint.port));
  }
}

std::string pin_text(const EndpointReport& report) {
  const std::string& pinned = report.target.pinned_thumbprint;
  if (pinned.empty()) return "MasterHttpsCertThumbprint is not stated";
  return report.verdict.master->thumbprint == pinned ? "the same as MasterHttpsCertThumbprint"
                                                     : "MasterHttpsCertThumbprint is " + pinned;
}

void write_endpoint(std::ostream& out, const EndpointReport& report) {
  const ProbeTarget& target = report.target;
  const EndpointObservation& seen = report.seen;
  out << fmt::format("https://{}:{}{}, for {}\n", target.endpoint.host, target.endpoint.port,
                     target.via ? " at " + to_text(*target.via) : "", shortened(target.workers));
  write_verdict(out, report.verdict, target.endpoint);
  write_further_defects(out, report.verdict, target.endpoint);
  write_path(out, seen.lookup, seen.attempts);
  if (seen.tls && !seen.tls->version.empty()) {
    out << fmt::format("  handshake   {}, {}\n", seen.tls->version,
                       seen.tls->certificate_asked ? "asks for the worker's certificate" : "asks for no certificate");
  }
  if (seen.http && seen.http->answer) {
    out << fmt::format("  answer      status {}{}\n", seen.http->answer->status,
                       seen.http->answer->server.empty() ? "" : " from " + seen.http->answer->server);
  }
  if (report.verdict.master) {
    write_certificate(out, "master's", *report.verdict.master, seen.at);
    out << fmt::format("              {}\n", pin_text(report));
  }
  if (seen.identity != nullptr) write_certificate(out, "worker's", seen.identity->certificate, seen.at);
  for (const std::string& warning : report.verdict.warnings) out << fmt::format("  warning     {}\n", warning);
}

void write_instance(std::ostream& out, const SqlReport& report) {
  out << fmt::format("SQL Server at {}{}\n", to_text(report.target.server),
                     report.target.via ? " (at " + to_text(*report.target.via) + ")" : "");
  if (report.answer) {
    out << fmt::format("  works: version {}, encryption {}\n", report.answer->version(),
                       to_text(report.answer->encryption));
  } else {
    out << fmt::format("  {}: {}\n", to_text(report.conclusion), report.words);
  }
  write_path(out, report.lookup, report.attempts);
  for (const std::string& warning : report.warnings) out << fmt::format("  warning     {}\n", warning);
}

}  // namespace

long days_left(const model::X509Facts& certificate, Date from) {
  return static_cast<long>(std::chrono::floor<std::chrono::days>(certificate.not_after - from).count());
}

void write_text(std::ostream& out, const ProbeResult& result) {
  for (const EndpointReport& report : result.endpoints) {
    write_endpoint(out, report);
    out << '\n';
  }
  for (const SqlReport& report : result.instances) {
    write_instance(out, report);
    out << '\n';
  }
  out << fmt::format("{}. What no probe from outside can see: {}.\n", to_text(result.conclusion()),
                     fmt::join(out_of_sight(), "; "));
}

}  // namespace rehearse::real
