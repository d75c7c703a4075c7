// One machine's LocalMachine stores (S 3).
//
// Stores are opened through .NET rather than through files: a private key on its way from one machine to another never
// lies on a disk, it travels as PKCS#12 under a password that lives as long as the exchange. Every copy gets a key of
// its own on the machine, so that removing one copy takes no key away from another.
#include <chrono>
#include <variant>

#include "model/artefacts/x509.hpp"
#include "model/endpoint.hpp"
#include "model/whole_file.hpp"
#include "real_backend/base64.hpp"
#include "real_backend/one_time_password.hpp"
#include "real_backend/powershell/answers.hpp"
#include "real_backend/powershell/certificate_scripts.hpp"
#include "real_backend/powershell/phrases.hpp"
#include "real_backend/powershell/primitives.hpp"

namespace rehearse::real {
namespace {

namespace store = steps::certificate_store;
using ps::Block;
using ps::Command;
using ps::Expression;
using ps::Operator;
using std::chrono::minutes;
using steps::FailureCode;

constexpr const char* certificate_type = "System.Security.Cryptography.X509Certificates.X509Certificate2";
// A key of the machine's, which stays when the object goes, and which can be exported to the next node.
constexpr const char* kept_key = "MachineKeySet, PersistKeySet, Exportable";

Expression from_base64_literal(const std::string& bytes) {
  return ps::type_method("System.Convert", "FromBase64String", {ps::literal(to_base64(bytes))});
}

/// What is put into a store: statements that leave $Fresh. Run only where the copy is not there yet, because a key is
/// kept on the machine from the moment in which it is read.
struct FreshCopy {
  Block made;
  std::string thumbprint;
  bool with_key = false;
};

/// Adds the copy unless it is there; one without the key gives way to one with it.
Block add_copy(const std::string& to_store, const FreshCopy& copy) {
  Block add;
  add.append(copy.made);
  add.when(negate(ps::equals(ps::variable("Fresh").member("Thumbprint"), copy.thumbprint)),
           Block().fail(FailureCode::conflict, ps::literal("It is another certificate than the one with thumbprint " +
                                                           copy.thumbprint + ".")));
  if (copy.with_key) {
    add.when(negate(ps::variable("Fresh").member("HasPrivateKey")),
             Block().fail(FailureCode::refused, ps::literal("It has no private key with it.")));
  }
  add.for_each("Old", copies_in_store(copy.thumbprint, false),
               Block().run(ps::variable("Store").method("Remove", {ps::variable("Old")})));
  add.run(ps::variable("Store").method("Add", {ps::variable("Fresh")}));
  Block use;
  use.let("Present", copies_in_store(copy.thumbprint, copy.with_key));
  use.when(negate(there_are("Present")), add);
  return write_store(to_store, use);
}

/// DER or PEM.
Block plain_certificate(const std::string& bytes) {
  return Block()
      .let("Content", from_base64_literal(bytes))
      .let("Fresh", ps::new_object(certificate_type, {ps::cast("byte[]", ps::variable("Content"))}));
}

/// PKCS#12.
Block certificate_with_key(const Expression& content, const Expression& password) {
  return Block()
      .let("Content", content)
      .let("Fresh", ps::new_object(certificate_type,
                                   {ps::cast("byte[]", ps::variable("Content")), password, ps::literal(kept_key)}));
}

// ---- certificates in files
struct CertificateBytes {
  std::string bytes;
  bool is_plain;  // DER or PEM: no key
};

/// The file that the site states for the design's certificate.
CertificateBytes file_of(const Site& site, const std::string& certificate) {
  const auto found = site.certificate_files.find(certificate);
  if (found == site.certificate_files.end()) {
    throw steps::Failure(steps::FailureCode::not_found,
                         "the site file names no file for the certificate '" + certificate + "' ('certificate_files')");
  }
  constexpr std::size_t largest = 1024 * 1024;
  std::string problem;
  const std::optional<std::string> bytes = model::read_whole_file(found->second, largest, problem);
  if (!bytes) throw steps::Failure(steps::FailureCode::not_found, "'" + found->second + "': " + problem);
  return {*bytes, model::read_x509(*bytes).facts.has_value()};
}

// ---- the requests
Primitive script_for(const store::List& r, const Surroundings&) {
  const Expression certificate = ps::variable("Certificate");
  Block each;
  each.let("Copies", binary(ps::variable("Copies"), Operator::plus,
                            ps::list({ps::table({{"store", ps::variable("Name")},
                                                 {"raw", ps::type_method("System.Convert", "ToBase64String",
                                                                         {certificate.member("RawData")})},
                                                 {"key", certificate.member("HasPrivateKey")}})})));
  Block all;
  all.for_each("Certificate", ps::variable("Store").member("Certificates"), each);
  Block script;
  script.let("Copies", ps::list({}));
  script.for_each("Name", ps::list_of({"Root", "My"}), read_store(ps::variable("Name"), all));
  script.answer(ps::variable("Copies"));
  return on_machine(r.host, std::move(script));
}

/// The local time of an instant: what the cmdlet takes dates for.
Expression local_time(Date date) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(date).time_since_epoch().count();
  return ps::type_method("System.DateTimeOffset", "FromUnixTimeSeconds", {ps::number(seconds)}).member("LocalDateTime");
}

Expression is_instant(const char* date, Date wanted) {
  const auto seconds = std::chrono::floor<std::chrono::seconds>(wanted).time_since_epoch().count();
  const Expression instant = ps::new_object("System.DateTimeOffset", {ps::variable("Certificate").member(date)});
  return binary(instant.method("ToUnixTimeSeconds"), Operator::equal, ps::number(seconds));
}

// CNs as setup makes them (S 3), and the same names as alternative names, which is where clients look when there are
// any; an address is one of its own kind there. SHA1, as every document of Scale Out does it: whether SHA256 works is
// not known (S 3). The provider is of the older kind: Schannel and http.sys use it like any other, and the documented
// tool for access to keys, winhttpcertcfg, and WCF before .NET 4.6.2 know no newer one.
Primitive script_for(const store::Create& r, const Surroundings&) {
  if (r.names.empty()) refuse("a certificate needs a name");
  std::string subject, alternatives;
  for (const std::string& name : r.names) {
    require_certificate_name(name);
    subject += (subject.empty() ? "CN=" : ", CN=") + name;
    alternatives +=
        (alternatives.empty() ? "" : "&") + std::string(model::parse_ipv4(name) ? "IPAddress=" : "DNS=") + name;
  }
  Block script;
  script.let("Certificate",
             ps::value_of(Command("New-SelfSignedCertificate")
                              .with("CertStoreLocation", ps::literal("Cert:\\LocalMachine\\My"))
                              .with("Subject", ps::literal(subject))
                              .with("TextExtension", ps::list_of({"2.5.29.17={text}" + alternatives}))
                              .with("NotBefore", local_time(r.not_before))
                              .with("NotAfter", local_time(r.not_after))
                              .with("KeyExportPolicy", ps::literal("Exportable"))
                              .with("KeyLength", ps::number(2048))
                              .with("KeySpec", ps::literal("KeyExchange"))
                              .with("KeyUsage", ps::list_of({"DigitalSignature", "KeyEncipherment"}))
                              .with("HashAlgorithm", ps::literal("SHA1"))
                              .with("Provider", ps::literal("Microsoft RSA SChannel Cryptographic Provider"))
                              .with("FriendlyName", ps::literal("SSIS Scale Out"))));
  const Expression path = binary(ps::literal("Cert:\\LocalMachine\\My\\"), Operator::plus,
                                 ps::variable("Certificate").member("Thumbprint"));
  Block take_back;
  take_back.run(Command("Remove-Item").with("LiteralPath", path).flag("DeleteKey"));
  take_back.fail(FailureCode::refused,
                 ps::literal("New-SelfSignedCertificate made a certificate with other dates than asked for; it "
                             "has been removed."));
  script.when(negate(ps::all_of({is_instant("NotBefore", r.not_before), is_instant("NotAfter", r.not_after)})),
              take_back);
  script.answer(ps::cast("string", ps::variable("Certificate").member("Thumbprint")));
  return on_machine(r.host, std::move(script), minutes(5));
}

Primitive script_for(const store::Import& r, const Surroundings& around) {
  require_store(r.info.store);
  require_thumbprint(r.info.thumbprint);
  const CertificateBytes file = file_of(around.site, r.certificate);
  FreshCopy copy{Block(), upper_case(r.info.thumbprint), r.info.has_private_key};
  Primitive primitive;
  if (file.is_plain) {
    if (copy.with_key) refuse("the file of the certificate '" + r.certificate + "' holds no private key");
    copy.made = plain_certificate(file.bytes);
  } else {
    const steps::Secret password("password of certificate " + r.certificate, "");
    copy.made = certificate_with_key(from_base64_literal(file.bytes), ps::secret(password));
    if (!copy.with_key) {
      // The key does not stay: of what the file holds, only the certificate itself is taken on.
      copy.made = Block()
                      .let("Content", from_base64_literal(file.bytes))
                      .let("Whole", ps::new_object(certificate_type,
                                                   {ps::cast("byte[]", ps::variable("Content")), ps::secret(password)}))
                      .let("Fresh", ps::new_object(certificate_type,
                                                   {ps::cast("byte[]", ps::variable("Whole").member("RawData"))}));
    }
    primitive.asks.push_back(password.name());
  }
  primitive.script = add_copy(r.info.store, copy);
  primitive.host = r.host;
  return primitive;
}

/// Both on one machine: what is exported stays in memory.
Primitive copy_on_one_machine(const store::Copy& r) {
  FreshCopy copy{Block(), upper_case(r.thumbprint), r.with_private_key};
  if (r.with_private_key) {
    copy.made.let("Password", ps::type_method("System.Guid", "NewGuid", {}).method("ToString"));
    copy.made.append(certificate_with_key(
        ps::variable("Certificate").method("Export", {ps::literal("Pfx"), ps::variable("Password")}),
        ps::variable("Password")));
  } else {
    copy.made.let(
        "Fresh", ps::new_object(certificate_type, {ps::cast("byte[]", ps::variable("Certificate").member("RawData"))}));
  }
  Block script = find_certificate({"Root", "My"}, r.from, r.thumbprint, r.with_private_key);
  script.append(add_copy(r.store, copy));
  return on_machine(r.host, std::move(script));
}

Primitive script_for(const store::Copy& r, const Surroundings&) {
  require_store(r.store);
  require_thumbprint(r.thumbprint);
  if (model::same_name(r.from, r.host)) return copy_on_one_machine(r);

  const steps::Secret password = one_time_password("of the key on its way from " + r.from + " to " + r.host);
  const Expression certificate = ps::variable("Certificate");
  Block script = find_certificate({"Root", "My"}, r.from, r.thumbprint, r.with_private_key);
  const Expression exported = r.with_private_key
                                  ? certificate.method("Export", {ps::literal("Pfx"), ps::secret(password)})
                                  : certificate.member("RawData");
  script.let("Content", exported);
  script.answer(ps::type_method("System.Convert", "ToBase64String", {ps::cast("byte[]", ps::variable("Content"))}));
  Primitive primitive = on_machine(r.from, std::move(script));
  primitive.next = [r, password](const std::string& line) {
    const std::string bytes = bytes_in(line, steps::Effect::query);
    FreshCopy copy{r.with_private_key ? certificate_with_key(from_base64_literal(bytes), ps::secret(password))
                                      : plain_certificate(bytes),
                   upper_case(r.thumbprint), r.with_private_key};
    return on_machine(r.host, add_copy(r.store, copy));
  };
  return primitive;
}

Primitive script_for(const store::Remove& r, const Surroundings&) {
  require_store(r.store);
  require_thumbprint(r.thumbprint);
  const auto remove = [&] {
    return Command("Remove-Item")
        .with("LiteralPath", ps::literal("Cert:\\LocalMachine\\" + r.store + "\\" + upper_case(r.thumbprint)));
  };
  Block script = find_certificate({r.store}, r.host, r.thumbprint, false);
  script.when(ps::variable("Certificate").member("HasPrivateKey"), Block().run(remove().flag("DeleteKey")),
              Block().run(remove()));
  return on_machine(r.host, std::move(script));
}

}  // namespace

Primitive primitive_of(const steps::CertificateRequest& request, const Surroundings& around) {
  try {
    return std::visit([&](const auto& one) { return script_for(one, around); }, request);
  } catch (const std::invalid_argument& unquotable) {
    refuse(unquotable.what());
  }
}

}  // namespace rehearse::real
