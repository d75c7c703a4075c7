// One machine's LocalMachine stores, its http.sys bindings and who may read private keys (S 3).
//
// Stores are opened through .NET rather than through files: a private key on its way from one machine to another never
// lies on a disk, it travels as PKCS#12 under a password that lives as long as the exchange. Every copy gets a key of
// its own on the machine, so that removing one copy takes no key away from another.
#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <chrono>
#include <variant>

#include "model/artefacts/x509.hpp"
#include "model/endpoint.hpp"
#include "model/whole_file.hpp"
#include "real_backend/base64.hpp"
#include "real_backend/one_time_password.hpp"
#include "real_backend/powershell/answers.hpp"
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
constexpr const char* store_type = "System.Security.Cryptography.X509Certificates.X509Store";
// A key of the machine's, which stays when the object goes, and which can be exported to the next node.
constexpr const char* kept_key = "MachineKeySet, PersistKeySet, Exportable";

Expression from_base64_literal(const std::string& bytes) {
  return ps::type_method("System.Convert", "FromBase64String", {ps::literal(to_base64(bytes))});
}

// ---- stores
/// `use` with $Store open, for reading or for writing.
Block with_store(const Expression& name, const char* how, const Block& use) {
  Block block;
  block.let("Store", ps::new_object(store_type, {name, ps::literal("LocalMachine")}));
  block.run(ps::variable("Store").method("Open", {ps::literal(how)}));
  block.and_finally(use, Block().run(ps::variable("Store").method("Close")));
  return block;
}

Block read_store(const Expression& name, const Block& use) {
  return with_store(name, "ReadOnly, OpenExistingOnly", use);
}

Block write_store(const std::string& name, const Block& use) {
  return with_store(ps::literal(name), "ReadWrite, OpenExistingOnly", use);
}

/// The copies in $Store of the certificate with that thumbprint; with their key only, where that is wanted.
Expression copies_in_store(const std::string& thumbprint, bool with_key) {
  const Expression same = ps::equals(ps::item().member("Thumbprint"), thumbprint);
  Block is_it;
  is_it.emit(with_key ? binary(same, Operator::both, ps::item().member("HasPrivateKey")) : same);
  return ps::list(
      {pipeline(ps::variable("Store").member("Certificates"), {Command("Where-Object").with("FilterScript", is_it)})});
}

Expression there_are(const char* list) {
  return binary(ps::variable(list).member("Count"), Operator::greater, ps::number(0));
}

/// $Certificate: the certificate from whichever of the stores holds it; not_found without it.
Block find_certificate(const std::vector<std::string>& stores, const std::string& machine,
                       const std::string& thumbprint, bool with_key) {
  Block look;
  look.let("Copies", copies_in_store(thumbprint, with_key));
  look.when(there_are("Copies"), Block().let("Certificate", ps::variable("Copies").at(ps::number(0))));
  Block block;
  block.let("Certificate", ps::null());
  block.for_each("Name", ps::list_of(stores), read_store(ps::variable("Name"), look));
  block.when(
      binary(ps::null(), Operator::equal, ps::variable("Certificate")),
      Block().fail(FailureCode::not_found, ps::literal(fmt::format("Cannot find the object: {}{} on {}", thumbprint,
                                                                   with_key ? " with its private key" : "", machine))));
  return block;
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

// ---- private keys
/// $KeyFile: where Windows keeps the private key of $Certificate, for keys of the older and of the newer kind (CAPI,
/// CNG).
Block find_key_file() {
  const Expression key = ps::variable("Key");
  const Expression folder = binary(ps::variable("Crypto"), Operator::plus, ps::variable("Kind"));
  Block of_older_kind;
  of_older_kind.let("KeyName", key.member("CspKeyContainerInfo").member("UniqueKeyContainerName"));
  Block look;
  look.let("Candidate", binary(folder, Operator::plus, ps::cast("string", ps::variable("KeyName"))));
  look.when(
      ps::value_of(
          Command("Test-Path").with("LiteralPath", ps::variable("Candidate")).with("PathType", ps::literal("Leaf"))),
      Block().let("KeyFile", ps::variable("Candidate")));
  Block search;
  search.for_each("Kind", ps::list_of({"\\RSA\\MachineKeys\\", "\\Keys\\"}), look);
  Block block;
  block.let("Key", ps::type_method("System.Security.Cryptography.X509Certificates.RSACertificateExtensions",
                                   "GetRSAPrivateKey", {ps::variable("Certificate")}));
  block.let("KeyName", key.member("Key").member("UniqueName"));
  block.when(binary(ps::null(), Operator::equal, ps::variable("KeyName")), of_older_kind);
  block.let("Crypto",
            binary(ps::type_method("System.Environment", "GetFolderPath", {ps::literal("CommonApplicationData")}),
                   Operator::plus, ps::literal("\\Microsoft\\Crypto")));
  block.let("KeyFile", ps::null());
  block.when(binary(ps::null(), Operator::not_equal, ps::variable("KeyName")), search);
  block.when(binary(ps::null(), Operator::equal, ps::variable("KeyFile")),
             Block().fail(FailureCode::refused,
                          ps::literal("The private key lies in no file of this machine: a provider of its own "
                                      "keeps it.")));
  return block;
}

/// $Account: the account's SID, which no language of Windows changes.
Block find_account(const std::string& account) {
  Block block;
  block.let("SidType",
            ps::type_method("System.Type", "GetType", {ps::literal("System.Security.Principal.SecurityIdentifier")}));
  block.let("Account", ps::new_object("System.Security.Principal.NTAccount", {ps::literal(account)})
                           .method("Translate", {ps::variable("SidType")})
                           .member("Value"));
  return block;
}

// ---- bindings
/// appid of the documentation's example (S 3), for a port that has no binding whose appid could be kept.
constexpr const char* documented_application = "{a1f96506-93e0-4c91-9171-05a2f6739e13}";

std::string address_of(int port) {
  if (port < 1 || port > 65535) refuse(fmt::format("there is no TCP port {}", port));
  return fmt::format("0.0.0.0:{}", port);
}

/// $Hash and $Bound, the thumbprint and the store of the port's binding; null without one. What `netsh http show
/// sslcert` prints is in the language of Windows; http.sys keeps the same in the registry (undocumented).
Block look_at_binding(int port) {
  const Expression key = ps::variable("Binding");
  Block bound;
  bound.let("Hash", ps::type_method("System.BitConverter", "ToString", {ps::cast("byte[]", ps::variable("Hash"))})
                        .method("Replace", {ps::literal("-"), ps::literal("")}));
  bound.let("Bound", ps::registry_value(key, "SslCertStoreName"));
  // The store of a binding that names none (W 8).
  bound.when(binary(ps::null(), Operator::equal, ps::variable("Bound")), Block().let("Bound", ps::literal("My")));
  Block block;
  block.let("Binding", ps::literal("HKEY_LOCAL_MACHINE\\SYSTEM\\CurrentControlSet\\Services\\HTTP\\Parameters\\"
                                   "SslBindingInfo\\" +
                                   address_of(port)));
  block.let("Bound", ps::null());
  block.let("Hash", ps::registry_value(key, "SslCertHash"));
  block.when(binary(ps::null(), Operator::not_equal, ps::variable("Hash")), bound);
  return block;
}

/// netsh http add sslcert; $Output and $Code are what it said.
Block add_binding(int port, const Expression& thumbprint, const Expression& store_name) {
  const auto stated = [](const char* parameter, const Expression& value) {
    return binary(ps::literal(std::string(parameter) + "="), Operator::plus, value);
  };
  Block block;
  block.let("Output", native(ps::literal("netsh.exe"),
                             {ps::literal("http"), ps::literal("add"), ps::literal("sslcert"),
                              ps::literal("ipport=" + address_of(port)), stated("certhash", thumbprint),
                              stated("appid", ps::variable("Application")), stated("certstorename", store_name),
                              stated("clientcertnegotiation", ps::variable("Negotiation"))}));
  block.let("Code", ps::exit_code());
  return block;
}

Block fail_with_output(const char* what) {
  return Block().fail(FailureCode::refused,
                      binary(ps::literal(what), Operator::plus, ps::joined(ps::variable("Output"))));
}

/// A binding is removed and added again to change its certificate, and only the application, the store and whether a
/// client's certificate is negotiated are taken over. Stops where the old binding says more: a list of trusted issuers,
/// how revocation is checked, mapping to accounts. Names and numbers are those of http.sys' registry (undocumented) and
/// of its flags (HTTP_SERVICE_CONFIG_SSL_FLAG_...: 2 is the negotiation; 4, raw filters, means nothing any more).
Block refuse_to_lose_settings(int port) {
  const Expression value = ps::variable("Value");
  const auto look = [&](const char* name, const Expression& is_usual) {
    Block more;
    more.let("More", binary(ps::variable("More"), Operator::plus,
                            binary(ps::literal(std::string(name) + "="), Operator::plus, ps::cast("string", value))));
    Block block;
    block.let("Value", ps::registry_value(ps::variable("Binding"), name));
    return block.when(ps::all_of({binary(ps::null(), Operator::not_equal, value), negate(is_usual)}), more);
  };
  Block block;
  block.let("More", ps::list({}));
  block.append(look("DefaultFlags", binary(value, Operator::in,
                                           ps::list({ps::number(0), ps::number(2), ps::number(4), ps::number(6)}))));
  for (const char* name :
       {"DefaultSslCertCheckMode", "DefaultSslRevocationFreshnessTime", "DefaultSslRevocationUrlRetrievalTimeout"}) {
    block.append(look(name, binary(value, Operator::equal, ps::number(0))));
  }
  for (const char* name : {"DefaultSslCtlIdentifier", "DefaultSslCtlStoreName"}) {
    block.append(look(name, ps::equals(ps::cast("string", value), "")));
  }
  const Expression settings = binary(ps::variable("More"), Operator::joined, ps::literal(", "));
  return block.when(
      there_are("More"),
      Block().fail(FailureCode::refused,
                   binary(binary(ps::literal(fmt::format("The binding of port {} has settings that would be lost with "
                                                         "it: ",
                                                         port)),
                                 Operator::plus, settings),
                          Operator::plus,
                          ps::literal(". Replace it yourself (netsh http delete sslcert, netsh http add sslcert), then "
                                      "perform this step again."))));
}

/// What a new binding takes over from the old one.
Block keep_application() {
  Block named;
  named.let("Application",
            binary(binary(ps::literal("{"), Operator::plus,
                          ps::new_object("System.Guid", {ps::cast("byte[]", ps::variable("Id"))}).method("ToString")),
                   Operator::plus, ps::literal("}")));
  Block block;
  block.let("Application", ps::literal(documented_application));
  block.let("Negotiation", ps::literal("disable"));
  block.let("Id", ps::registry_value(ps::variable("Binding"), "AppId"));
  block.when(binary(ps::null(), Operator::not_equal, ps::variable("Id")), named);
  // Bit 1 of the flags: http.sys asks for a client's certificate by itself
  // (HTTP_SERVICE_CONFIG_SSL_FLAG_NEGOTIATE_CLIENT_CERT).
  block.when(binary(ps::registry_value(ps::variable("Binding"), "DefaultFlags"), Operator::in,
                    ps::list({ps::number(2), ps::number(6)})),
             Block().let("Negotiation", ps::literal("enable")));
  return block;
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

std::string upper(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
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
  FreshCopy copy{Block(), upper(r.info.thumbprint), r.info.has_private_key};
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
  FreshCopy copy{Block(), upper(r.thumbprint), r.with_private_key};
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
                   upper(r.thumbprint), r.with_private_key};
    return on_machine(r.host, add_copy(r.store, copy));
  };
  return primitive;
}

Primitive script_for(const store::Remove& r, const Surroundings&) {
  require_store(r.store);
  require_thumbprint(r.thumbprint);
  const auto remove = [&] {
    return Command("Remove-Item")
        .with("LiteralPath", ps::literal("Cert:\\LocalMachine\\" + r.store + "\\" + upper(r.thumbprint)));
  };
  Block script = find_certificate({r.store}, r.host, r.thumbprint, false);
  script.when(ps::variable("Certificate").member("HasPrivateKey"), Block().run(remove().flag("DeleteKey")),
              Block().run(remove()));
  return on_machine(r.host, std::move(script));
}

Primitive script_for(const store::Binding& r, const Surroundings&) {
  Block script = look_at_binding(r.port);
  script.when(binary(ps::null(), Operator::equal, ps::variable("Bound")), Block().answer(ps::list({})));
  script.answer(ps::list({ps::variable("Hash"), ps::cast("string", ps::variable("Bound"))}));
  return on_machine(r.host, std::move(script));
}

// http.sys has no way to change a binding but to remove it and add another (S 3). What could make adding fail is looked
// at before; if it fails all the same, the old binding is put back.
Primitive script_for(const store::Bind& r, const Surroundings&) {
  require_store(r.store);
  require_thumbprint(r.thumbprint);
  const std::string thumbprint = upper(r.thumbprint);
  const Expression was_bound = binary(ps::null(), Operator::not_equal, ps::variable("Bound"));
  const Expression failed = binary(ps::variable("Code"), Operator::not_equal, ps::number(0));

  Block remove;
  remove.let("Output",
             native(ps::literal("netsh.exe"), {ps::literal("http"), ps::literal("delete"), ps::literal("sslcert"),
                                               ps::literal("ipport=" + address_of(r.port))}));
  remove.let("Code", ps::exit_code());
  remove.when(failed, fail_with_output("netsh http delete sslcert: "));

  Block put_back;
  put_back.let("Reason", ps::joined(ps::variable("Output")));
  put_back.append(add_binding(r.port, ps::variable("Hash"), ps::variable("Bound")));
  put_back.when(
      failed,
      Block().fail(
          FailureCode::refused,
          binary(ps::literal(
                     "The port has lost its binding, and the old one could not be put back. netsh http add sslcert: "),
                 Operator::plus, ps::variable("Reason"))));
  put_back.fail(FailureCode::refused, binary(ps::literal("The old binding has been put back. netsh http add sslcert: "),
                                             Operator::plus, ps::variable("Reason")));
  Block not_added;
  not_added.when(was_bound, put_back);
  not_added.append(fail_with_output("netsh http add sslcert: "));

  Block script = look_at_binding(r.port);
  script.when(ps::all_of({ps::equals(ps::variable("Hash"), thumbprint), ps::equals(ps::variable("Bound"), r.store)}),
              Block().answer(ps::null()));
  script.append(find_certificate({r.store}, r.host, r.thumbprint, true));
  script.append(refuse_to_lose_settings(r.port));
  script.append(keep_application());
  script.when(was_bound, remove);
  script.append(add_binding(r.port, ps::literal(thumbprint), ps::literal(r.store)));
  script.when(failed, not_added);
  return on_machine(r.host, std::move(script));
}

// The account's own rights and those of groups that every such account belongs to: everyone, authenticated users,
// users, and for virtual accounts all services. Whatever groups a domain has are not asked: "no" then leads to a grant
// too many, "yes" is never wrong.
Primitive script_for(const store::KeyAccess& r, const Surroundings&) {
  require_thumbprint(r.thumbprint);
  const Expression rule = ps::variable("Rule");
  std::vector<std::string> groups = {"S-1-1-0", "S-1-5-11", "S-1-5-32-545"};
  if (!model::is_domain_account(r.account)) groups.emplace_back("S-1-5-80-0");
  Block meant;
  meant.when(ps::equals(ps::cast("string", rule.member("AccessControlType")), "Deny"), Block().answer(ps::flag(false)));
  meant.let("MayRead", ps::flag(true));
  Block each;
  each.when(ps::all_of({binary(rule.member("IdentityReference").member("Value"), Operator::in, ps::variable("Known")),
                        rule.member("FileSystemRights")
                            .method("HasFlag",
                                    {ps::type_member("System.Security.AccessControl.FileSystemRights", "ReadData")})}),
            meant);
  Block script = find_certificate({"My"}, r.host, r.thumbprint, false);
  script.when(negate(ps::variable("Certificate").member("HasPrivateKey")), Block().answer(ps::flag(false)));
  script.append(find_key_file());
  script.append(find_account(r.account));
  script.let("Known", binary(ps::list({ps::variable("Account")}), Operator::plus, ps::list_of(groups)));
  script.let("MayRead", ps::flag(false));
  script.let("Acl", ps::value_of(Command("Get-Acl").with("LiteralPath", ps::variable("KeyFile"))));
  script.for_each(
      "Rule", ps::variable("Acl").method("GetAccessRules", {ps::flag(true), ps::flag(true), ps::variable("SidType")}),
      each);
  script.answer(ps::variable("MayRead"));
  return on_machine(r.host, std::move(script));
}

// icacls changes the list of access rights alone; Set-Acl would write the owner, too, which needs a privilege.
Primitive script_for(const store::GrantKeyAccess& r, const Surroundings&) {
  require_thumbprint(r.thumbprint);
  Block script = find_certificate({"My"}, r.host, r.thumbprint, true);
  script.append(find_key_file());
  script.append(find_account(r.account));
  const Expression grant =
      binary(binary(ps::literal("*"), Operator::plus, ps::variable("Account")), Operator::plus, ps::literal(":R"));
  script.let("Output", native(ps::literal("icacls.exe"), {ps::variable("KeyFile"), ps::literal("/grant"), grant}));
  script.when(binary(ps::exit_code(), Operator::not_equal, ps::number(0)), fail_with_output("icacls: "));
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
