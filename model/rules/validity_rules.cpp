// DATE: when certificates begin and end (S 3).
#include <fmt/format.h>

#include <algorithm>

#include "model/rules/design_source.hpp"
#include "model/rules/families.hpp"
#include "model/rules/questions.hpp"

namespace rehearse::model::rules {
namespace {

/// Where its dates come from.
std::string at_date(const Facts& facts, const Certificate& certificate, std::string_view key) {
  const std::string file = pointer_to(certificate.place.pointer, "file");
  return facts.source.has(file) ? file : pointer_to(certificate.place.pointer, key);
}

Findings expired(const Facts& facts) {
  Findings findings;
  for (const Certificate* certificate : used_certificates(facts.design)) {
    if (certificate->not_after > facts.date) continue;
    findings.push_back(
        {at_date(facts, *certificate, "not_after"),
         fmt::format("the certificate '{}' expired on {}", certificate->key, to_text(certificate->not_after)),
         "renew it, on every node and worker"});
  }
  return findings;
}

std::string in_days(Duration left) {
  const auto days = std::chrono::floor<std::chrono::days>(left).count();
  if (days < 1) return "in less than a day";
  return days == 1 ? "in a day" : fmt::format("in {} days", days);
}

Findings expires_soon(const Facts& facts) {
  Findings findings;
  for (const Certificate* certificate : used_certificates(facts.design)) {
    const Duration left = certificate->not_after - facts.date;
    if (left <= Duration::zero() || left > facts.horizon) continue;
    findings.push_back({at_date(facts, *certificate, "not_after"),
                        fmt::format("the certificate '{}' expires on {}, {}", certificate->key,
                                    to_text(certificate->not_after), in_days(left)),
                        "renew it before, on every node and worker"});
  }
  return findings;
}

/// The reader makes up a first day where none is stated: then nothing is known of it.
bool first_day_known(const Facts& facts, const Certificate& certificate) {
  return facts.source.has(pointer_to(certificate.place.pointer, "not_before")) ||
         facts.source.has(pointer_to(certificate.place.pointer, "file"));
}

Findings not_yet_valid(const Facts& facts) {
  Findings findings;
  for (const Certificate* certificate : used_certificates(facts.design)) {
    if (!first_day_known(facts, *certificate) || certificate->not_before <= facts.date) continue;
    findings.push_back({at_date(facts, *certificate, "not_before"),
                        fmt::format("the certificate '{}' is valid only from {} on", certificate->key,
                                    to_text(certificate->not_before)),
                        "wait until then, or issue one that is valid now"});
  }
  return findings;
}

Findings expire_together(const Facts& facts) {
  const std::vector<const Certificate*> all = used_certificates(facts.design);
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t j = i + 1; j < all.size(); ++j) {
      const Duration apart = all[i]->not_after - all[j]->not_after;
      if (std::max(apart, -apart) > std::chrono::days(7)) continue;
      return {
          {at_date(facts, *all[j], "not_after"),
           fmt::format("the certificates '{}' and '{}' expire within a week of each other", all[i]->key, all[j]->key),
           "let one of them end at least a week before the other, so that one renewal does not wait for the other"}};
    }
  }
  return {};
}

Findings short_lived(const Facts& facts) {
  constexpr std::chrono::days about_a_year(400);
  Findings findings;
  for (const Certificate* certificate : used_certificates(facts.design)) {
    if (!certificate->self_signed || !first_day_known(facts, *certificate)) continue;
    const Duration life = certificate->not_after - certificate->not_before;
    if (life > about_a_year) continue;
    findings.push_back({at_date(facts, *certificate, "not_after"),
                        fmt::format("the self-signed certificate '{}' lives only {} days", certificate->key,
                                    std::chrono::round<std::chrono::days>(life).count()),
                        "give it a later end: New-SelfSignedCertificate -NotAfter"});
  }
  return findings;
}

constexpr Rule rules[] = {
    {"DATE-001", Level::error, "a certificate has expired",
     "Connections that are open go on, so in a quiet farm nothing is seen until the next failover; then no worker "
     "comes "
     "back.",
     "Renew it: a certificate of the master on every node and worker, one of a worker on that worker and every node.",
     "S 3; behaviour 5", &expired},
    {"DATE-002", Level::warning, "a certificate expires soon",
     "A rotation is an outage without overlap: every node and every worker must change. Shorter than ten minutes it "
     "costs "
     "no running package.",
     "Plan the rotation before the end. --horizon says how long before it is told.", "S 3", &expires_soon},
    {"DATE-003", Level::warning, "a certificate is not valid yet",
     "Until its first day every connection is refused like an expired one.", "Wait, or issue one that is valid now.",
     "S 3", &not_yet_valid},
    {"DATE-004", Level::note, "certificates expire together",
     "Whoever misses the one date loses both sides at once, and both rotations fall into one window.",
     "Give them ends that lie apart.", "S 3 (assumed)", &expire_together},
    {"DATE-005", Level::warning, "a self-signed certificate lives about a year",
     "New-SelfSignedCertificate without -NotAfter gives one year, as in the documented sample: the farm stops a year "
     "after "
     "it was built or rotated.",
     "State -NotAfter when it is made.", "S 3; S 5, 31", &short_lived},
};

}  // namespace

std::span<const Rule> validity_rules() {
  return rules;
}

}  // namespace rehearse::model::rules
