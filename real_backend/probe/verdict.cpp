#include "real_backend/probe/verdict.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "real_backend/probe/chain_trust.hpp"
#include "real_backend/probe/http_meaning.hpp"

namespace rehearse::real {
namespace {

using model::HandshakeFacts;
using Outcome = model::HandshakeOutcome;

/// What a node may hold against a worker's certificate.
const OutcomeSet of_the_worker = {Outcome::worker_not_trusted, Outcome::worker_not_yet_valid, Outcome::worker_expired,
                                  Outcome::node_root_polluted};

/// Kerberos, without which no cluster works, allows this much between two clocks (default of Windows' domain policy).
constexpr Duration clocks_may_differ = std::chrono::minutes(5);

class Judging {
 public:
  Judging(const ProbeTarget& target, const ProbeKit& kit, const EndpointObservation& seen)
      : target_(target), kit_(kit), seen_(seen), shows_(seen.identity != nullptr && !seen.identity->key.empty()) {}

  EndpointVerdict judged() {
    evidence_.facts.worker_clock = evidence_.facts.node_clock = seen_.at;
    look_at_identity();
    look_at_network();
    if (seen_.tls) look_at_handshake(*seen_.tls);
    if (seen_.http) look_at_answer(*seen_.http);
    look_whose_identity_it_was();
    conclude();
    return std::move(verdict_);
  }

 private:
  void know(OutcomeSet outcomes) { evidence_.unknown.remove(outcomes); }
  void doubt(std::string text) { verdict_.doubts.push_back(std::move(text)); }
  void warn(std::string text) { verdict_.warnings.push_back(std::move(text)); }
  void beyond(std::string text) { verdict_.beyond_the_rules = std::move(text); }
  void certainly_refused(std::string text) {
    beyond(std::move(text));
    certain_ = true;
  }

  void look_at_identity() {
    know({Outcome::worker_key_inaccessible});  // out of sight, and no obstacle here
    if (seen_.identity == nullptr) return;
    know({Outcome::worker_key_missing});
    evidence_.facts.worker_key_present = shows_;
    warn_of_end("the worker's certificate", seen_.identity->certificate);
    if (shows_ && !fit_for_a_client(seen_.identity->certificate.der)) {
      doubt("the worker's certificate is not meant for clients, by its key usage");
    }
  }

  void look_at_network() {
    know({Outcome::name_not_resolved});
    if (seen_.lookup && seen_.lookup->addresses.empty()) {
      if (target_.via) return beyond("the place given instead of the name has no address: " + seen_.lookup->words);
      evidence_.facts.name_resolves = false;
      return;
    }
    const auto any = [&](Attempt::End end) {
      return std::any_of(seen_.attempts.begin(), seen_.attempts.end(), [&](const Attempt& a) { return a.end == end; });
    };
    if (seen_.tls) {
      know({Outcome::address_unreachable, Outcome::port_blocked, Outcome::nothing_listening});
      if (seen_.attempts.size() > 1) {
        warn(fmt::format("a worker tries {} first, at every connection, and in vain",
                         to_text(seen_.attempts.front().address)));
      }
    } else if (any(Attempt::End::refused)) {
      know({Outcome::address_unreachable, Outcome::port_blocked, Outcome::nothing_listening});
      evidence_.facts.listening = false;
      doubt("a firewall that answers with a reset looks the same");
    } else if (any(Attempt::End::timed_out)) {
      // Windows' own firewall drops what comes to a port without a listener, too (behaviour of the stealth mode).
      evidence_.cause = {Outcome::address_unreachable, Outcome::port_blocked, Outcome::nothing_listening};
      if (!seen_.address_answers) return;
      know({Outcome::address_unreachable});
      evidence_.cause.remove(Outcome::address_unreachable);
    } else if (any(Attempt::End::no_route)) {
      know({Outcome::address_unreachable});
      evidence_.facts.address_reachable = false;
    } else {
      beyond("no connection: " + (seen_.attempts.empty() ? "there is no address" : seen_.attempts.back().words));
    }
  }

  void look_at_handshake(const TlsSeen& tls) {
    if (!tls.chain.empty()) look_at_master(tls);
    const bool shown = !tls.chain.empty();
    switch (tls.end) {
      case TlsSeen::End::completed:
        know({Outcome::binding_key_unusable});  // who completes a handshake has proven the key
        return;
      case TlsSeen::End::not_tls:
        return certainly_refused(fmt::format("what answers on that port speaks no TLS ('{}')", tls.words));
      case TlsSeen::End::alert:
        if (shown && tls.certificate_asked) {
          know({Outcome::binding_key_unusable});  // it has come as far as the client's part
          return look_at_alert(*tls.alert);
        }
        return beyond(fmt::format("the other side ends the handshake with the alert '{}'", tls.words));
      case TlsSeen::End::closed:
      case TlsSeen::End::reset:
        if (shown) return beyond("the other side ends the handshake without a word after showing its certificate");
        evidence_.cause = {Outcome::binding_missing, Outcome::binding_key_unusable};
        return doubt(
            "no version of TLS in common, or a device in between that ends the connection, would look the same");
      case TlsSeen::End::timed_out: return beyond("something accepts the connection and then says nothing");
      case TlsSeen::End::failed: return beyond("the handshake cannot be completed from here: " + tls.words);
    }
  }

  void look_at_master(const TlsSeen& tls) {
    model::X509Result read = model::read_x509(tls.chain.front(), model::HostNames::optional);
    if (!read.facts) return beyond("the certificate shown cannot be read: " + read.problem);
    const model::X509Facts& master = verdict_.master.emplace(std::move(*read.facts));
    HandshakeFacts& facts = evidence_.facts;
    facts.master_not_before = master.not_before;
    facts.master_not_after = master.not_after;
    facts.host_in_master_names = model::names_match(master.common_names, target_.endpoint.host);
    facts.pinned_thumbprint_matches =
        target_.pinned_thumbprint.empty() || target_.pinned_thumbprint == master.thumbprint;
    know({Outcome::binding_missing, Outcome::master_not_yet_valid, Outcome::master_expired, Outcome::host_not_in_names,
          Outcome::thumbprint_mismatch});
    if (kit_.roots) {
      const ChainTrust trust = check_chain(tls.chain, *kit_.roots, seen_.at);
      facts.master_chain_trusted = trust.trusted;
      know({Outcome::master_not_trusted});
      for (const std::string& problem : trust.problems) warn("in the chain of the master's certificate: " + problem);
      for (const std::string& text : trust.doubts) doubt("in the chain of the master's certificate: " + text);
    }
    warn_of_end("the master's certificate", master);
    for (const StatedThumbprint& stated : target_.master_thumbprints) {
      if (stated.thumbprint == master.thumbprint) continue;
      warn(fmt::format("{} is {}, but the certificate shown is {}", stated.by, stated.thumbprint, master.thumbprint));
    }
  }

  void look_at_alert(int alert) {
    constexpr int bad_certificate = 42, expired = 45, certificate_unknown = 46, unknown_ca = 48;  // RFC 8446, 6
    if (!shows_) return doubt(fmt::format("it refuses a client without a certificate: {}", alert_text(alert)));
    look_at_dates(std::nullopt);
    switch (alert) {
      case expired:  // "has expired or is not currently valid": it found nothing else
        know({Outcome::worker_not_trusted, Outcome::node_root_polluted});
        evidence_.cause = {Outcome::worker_not_yet_valid, Outcome::worker_expired};
        return;
      case unknown_ca:  // "could not be matched with a known trust anchor"
        know({Outcome::worker_not_yet_valid, Outcome::worker_expired});
        evidence_.cause = {Outcome::worker_not_trusted, Outcome::node_root_polluted};
        return;
      case bad_certificate:
      case certificate_unknown: evidence_.cause = of_the_worker; return;
      default:
        return certainly_refused(
            fmt::format("the other side refuses the worker's certificate with the alert '{}'", alert_text(alert)));
    }
  }

  /// The dates of the worker's certificate by the node's clock, which its answer may tell. Without that, by this
  /// machine's clock a certificate that has expired cannot be too young, and the other way round.
  void look_at_dates(std::optional<Date> node_clock) {
    const model::X509Facts& own = seen_.identity->certificate;
    HandshakeFacts dated = evidence_.facts;
    dated.node_clock = node_clock.value_or(seen_.at);
    dated.worker_not_before = own.not_before;
    dated.worker_not_after = own.not_after;
    if (node_clock) {
      know({Outcome::worker_not_yet_valid, Outcome::worker_expired});
      evidence_.facts = dated;
      return;
    }
    const OutcomeSet wrong = HandshakeEvidence{dated, {}, {}}.defects();
    if (wrong.has(Outcome::worker_expired)) know({Outcome::worker_not_yet_valid});
    if (wrong.has(Outcome::worker_not_yet_valid)) know({Outcome::worker_expired});
  }

  void look_at_answer(const HttpSeen& http) {
    const TlsSeen& tls = *seen_.tls;
    if (http.end != HttpSeen::End::answered) {
      if (tls.alert && tls.certificate_asked) return look_at_alert(*tls.alert);
      return beyond(http.end == HttpSeen::End::not_http
                        ? "the handshake is good, but what comes afterwards is no HTTP"
                        : "the handshake is good, but the request is not answered: " + http.words);
    }
    const HttpAnswer& answer = *http.answer;
    compare_clocks(answer);
    if (from_another_server(answer)) {
      doubt(fmt::format("'{}' answers, not http.sys: whether a Scale Out Master stands behind it cannot be told",
                        answer.server));
    }
    switch (meaning_of(answer)) {
      case HttpMeaning::let_in: return look_at_welcome(answer);
      case HttpMeaning::forbidden: return look_at_refusal(answer);
      case HttpMeaning::no_certificate_came:
        if (shows_) beyond("the other side says that no certificate came, though one was to be shown");
        return;
      case HttpMeaning::nobody_behind:
        evidence_.unknown.add(Outcome::nothing_listening);
        return doubt(
            fmt::format("status {}: http.sys says so where no master has the URL open, but a master could say so, too",
                        answer.status));
      case HttpMeaning::unclear:
        return doubt(fmt::format("status {} is none that a Scale Out Master is known to give", answer.status));
    }
  }

  void look_at_welcome(const HttpAnswer& answer) {
    if (!seen_.tls->certificate_asked) {
      return doubt("it never asked for a certificate: what it thinks of the worker's is not known");
    }
    if (!shows_) return doubt("it lets a client in that shows no certificate");
    know(of_the_worker);
    if (!answer.date) return;
    const HandshakeFacts before = evidence_.facts;
    look_at_dates(answer.date);
    if (OutcomeSet wrong = evidence_.defects(); wrong.meets(of_the_worker)) {
      doubt(
          "the node lets the certificate in although it is not valid by the node's own clock; a simulated node "
          "would refuse it");
      evidence_.facts = before;
    }
  }

  void look_at_refusal(const HttpAnswer& answer) {
    const TlsSeen& tls = *seen_.tls;
    if (!tls.certificate_asked) {
      return beyond(fmt::format("status {}, without ever asking for a certificate", answer.status));
    }
    if (!shows_) {
      if (seen_.identity == nullptr) doubt("it refuses a client without a certificate, as it should");
      return;
    }
    evidence_.cause = of_the_worker;
    look_at_dates(answer.date);
    if (tls.issuer_among_them == false) {
      warn(
          fmt::format("the node names {} issuer(s) that it accepts, and that of the worker's certificate is not among "
                      "them: it does not trust it, or its list was cut off",
                      tls.issuers_named));
    }
  }

  void look_whose_identity_it_was() {
    if (seen_.identity == nullptr || target_.worker_thumbprint.empty()) return;
    const std::string& shown = seen_.identity->certificate.thumbprint;
    if (shown == target_.worker_thumbprint) return;
    OutcomeSet not_known = of_the_worker;
    not_known.add(Outcome::worker_key_missing);
    evidence_.unknown.add(not_known);
    evidence_.cause.remove(of_the_worker);
    for (const Outcome outcome : not_known.list()) mend(evidence_.facts, outcome);
    if (verdict_.master) certain_ = false;
    doubt(fmt::format("these workers show the certificate {}; the one given here is {}", target_.worker_thumbprint,
                      shown));
  }

  void compare_clocks(const HttpAnswer& answer) {
    if (!answer.date) return;
    const Duration ahead = *answer.date - seen_.at;
    if (std::chrono::abs(ahead) <= clocks_may_differ) return;
    warn(fmt::format("the node's clock is {} {} this machine's",
                     model::to_text(std::chrono::floor<std::chrono::seconds>(std::chrono::abs(ahead))),
                     ahead > Duration::zero() ? "ahead of" : "behind"));
  }

  void warn_of_end(std::string_view what, const model::X509Facts& certificate) {
    const Duration left = certificate.not_after - seen_.at;
    if (left < Duration::zero() || left >= kit_.warn_before) return;
    warn(fmt::format("{} ends in {} day(s), on {}", what, std::chrono::floor<std::chrono::days>(left).count(),
                     model::to_text(certificate.not_after)));
  }

  void conclude() {
    verdict_.defects = evidence_.defects();
    verdict_.possible = evidence_.possible();
    if (!verdict_.beyond_the_rules.empty()) {
      // What stopped it is none of the outcomes; a defect that was seen before that decides all the same.
      if (verdict_.defects.empty() || !verdict_.master) verdict_.possible = {};
      verdict_.possible.remove(Outcome::accepted);
      certain_ = certain_ || !verdict_.defects.empty();
    } else if (verdict_.possible.empty()) {
      throw std::logic_error("what a probe saw is explained by no outcome of a handshake");
    }
    const OutcomeSet only_accepted = {Outcome::accepted};
    if (verdict_.possible == only_accepted) {
      verdict_.conclusion = verdict_.doubts.empty() ? Conclusion::works : Conclusion::unknown;
    } else if (verdict_.possible.empty()) {
      verdict_.conclusion = certain_ ? Conclusion::refused : Conclusion::unknown;
    } else {
      verdict_.conclusion = verdict_.possible.has(Outcome::accepted) ? Conclusion::unknown : Conclusion::refused;
    }
  }

  const ProbeTarget& target_;
  const ProbeKit& kit_;
  const EndpointObservation& seen_;
  const bool shows_;  // there is a certificate with a key to show
  bool certain_ = false;
  HandshakeEvidence evidence_;
  EndpointVerdict verdict_;
};

}  // namespace

const std::vector<std::string>& out_of_sight() {
  static const std::vector<std::string> all = {
      "whether the worker's name service and the firewalls on its way say the same as this machine's",
      "whether the worker's own stores hold the certificates that were given here",
      "whether the worker's account may read its private key",
  };
  return all;
}

EndpointVerdict judge_endpoint(const ProbeTarget& target, const ProbeKit& kit, const EndpointObservation& seen) {
  return Judging(target, kit, seen).judged();
}

}  // namespace rehearse::real
