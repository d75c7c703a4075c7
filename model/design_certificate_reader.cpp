// The section "certificates" of a design: stated values, real files, and where copies lie.
#include <fmt/format.h>

#include <algorithm>

#include "model/artefacts/settings_keys.hpp"
#include "model/artefacts/x509.hpp"
#include "model/design_reading.hpp"
#include "model/design_shapes.hpp"

namespace rehearse::model {
namespace {

std::vector<std::string> folded_and_sorted(std::vector<std::string> names) {
  for (std::string& name : names) {
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string in_quotes(const std::vector<std::string>& names) {
  return fmt::format("'{}'", fmt::join(names, "', '"));
}

/// What the design states about a certificate; absent members are not stated.
struct Stated {
  std::optional<std::vector<std::string>> common_names;
  std::optional<Date> not_before, not_after;
  std::optional<std::string> thumbprint;
  std::optional<bool> self_signed;
};

Stated read_stated(const Object& object) {
  Stated stated;
  if (const auto names = object.find("common_names")) stated.common_names = names->texts(1);
  object.read("not_before", stated.not_before, &Value::date);
  object.read("not_after", stated.not_after, &Value::date);
  if (const auto thumbprint = object.find("thumbprint")) stated.thumbprint = read_thumbprint(*thumbprint);
  object.read("self_signed", stated.self_signed, &Value::boolean);
  return stated;
}

void contradiction(const Object& object, std::string_view key, const std::string& in_file) {
  object.find(key)->error(fmt::format("'{}' contradicts the certificate file, which says {}", key, in_file),
                          "remove the stated value or name the right file");
}

void check_against_file(const Object& object, const Stated& stated, const X509Facts& facts) {
  if (stated.common_names && folded_and_sorted(*stated.common_names) != folded_and_sorted(facts.common_names)) {
    contradiction(object, "common_names", in_quotes(facts.common_names));
  }
  if (stated.not_before && *stated.not_before != facts.not_before) {
    contradiction(object, "not_before", to_text(facts.not_before));
  }
  if (stated.not_after && *stated.not_after != facts.not_after) {
    contradiction(object, "not_after", to_text(facts.not_after));
  }
  if (stated.thumbprint && !stated.thumbprint->empty() && *stated.thumbprint != facts.thumbprint) {
    contradiction(object, "thumbprint", facts.thumbprint);
  }
  if (stated.self_signed && *stated.self_signed != facts.self_signed) {
    contradiction(object, "self_signed", facts.self_signed ? "that it is self-signed" : "that somebody else issued it");
  }
}

void read_file(const Value& file, const Object& object, const Stated& stated, const DesignReading& reading,
               Certificate& certificate) {
  std::string shown;
  const auto bytes = reading.open_artefact(file, shown);
  if (!bytes) return;
  const X509Result read = read_x509(*bytes);
  if (!read.facts) {
    file.error(fmt::format("'{}' is no usable certificate: {}", shown, read.problem), read.remedy);
    return;
  }
  if (read.facts->private_key_beside) {
    file.warning("'" + shown + "' holds a private key beside the certificate",
                 "keep only the certificate; the key is never needed here");
  }
  check_against_file(object, stated, *read.facts);
  certificate.common_names = read.facts->common_names;
  certificate.not_before = read.facts->not_before;
  certificate.not_after = read.facts->not_after;
  certificate.thumbprint = read.facts->thumbprint;
  certificate.self_signed = read.facts->self_signed;
}

void take_stated(const Object& object, const Stated& stated, Certificate& certificate) {
  for (const std::string_view key : {"common_names", "not_after"}) {
    if (object.has(key)) continue;
    object.value().error(fmt::format("the certificate has neither 'file' nor '{}'", key),
                         "name a certificate file, or state at least common_names and not_after");
  }
  if (stated.not_before && stated.not_after && *stated.not_before >= *stated.not_after) {
    object.find("not_before")->error("the certificate expires before it begins", "state a date before not_after");
  }
  certificate.common_names = stated.common_names.value_or(std::vector<std::string>());
  certificate.not_after = stated.not_after.value_or(Date());
  const Duration one_year = std::chrono::days(365);
  certificate.not_before = stated.not_before.value_or(
      certificate.not_after < Date::min() + one_year ? Date::min() : certificate.not_after - one_year);
  certificate.thumbprint = stated.thumbprint.value_or("");
  certificate.self_signed = stated.self_signed.value_or(true);
}

/// A node, a worker, or an ending pattern that matches at least one of them.
bool names_a_host(std::string pattern, const std::vector<std::string>& hosts) {
  const bool any_ending = pattern.ends_with('*');
  if (any_ending) pattern.pop_back();
  return std::any_of(hosts.begin(), hosts.end(), [&](const std::string& host) {
    return same_name(any_ending ? std::string_view(host).substr(0, pattern.size()) : std::string_view(host), pattern);
  });
}

}  // namespace

void read_certificates(const Value& value, DesignReading& reading) {
  const auto members = value.members();
  if (!members) return;
  reading.certificates_known = true;
  NameSet taken;
  for (const Member& member : *members) {
    Certificate certificate;
    certificate.key = member.name;
    claim_name(member.value, member.name, "a certificate", taken);
    if (const auto object = member.value.object(design_shape("/certificates/*"))) {
      certificate.place = object->place();
      const Stated stated = read_stated(*object);
      if (const auto file = object->find("file")) {
        read_file(*file, *object, stated, reading, certificate);
      } else {
        take_stated(*object, stated, certificate);
      }
      if (const auto installed = object->find("installed")) {
        reading.installed.emplace_back(reading.design.certificates.size(), *installed);
      }
    }
    reading.design.certificates.push_back(std::move(certificate));
  }
}

void read_installed(DesignReading& reading) {
  static const Choices<std::string> stores = {{"Root", "Root"}, {"Root+key", "Root+key"}, {"My+key", "My+key"}};
  std::vector<std::string> hosts = reading.design.worker_names();
  for (const Node& node : reading.design.cluster.nodes) hosts.push_back(node.name);

  for (const auto& [certificate, value] : reading.installed) {
    const auto places = value.members();
    if (!places) continue;
    for (const Member& place : *places) {
      if (reading.nodes_known && reading.workers_known && !names_a_host(place.name, hosts)) {
        place.unknown_name("host", hosts);
      }
      Certificate::Installed where{place.name, {}};
      if (const auto entries = place.value.elements(1)) {
        for (const Value& store : *entries) {
          if (auto name = store.one_of(stores)) where.stores.push_back(std::move(*name));
        }
      }
      reading.design.certificates[certificate].installed.push_back(std::move(where));
    }
  }
}

}  // namespace rehearse::model
