// http.sys' bindings of a machine: which certificate a port answers with (S 3).
#include <fmt/format.h>

#include "real_backend/powershell/certificate_scripts.hpp"
#include "real_backend/powershell/phrases.hpp"

namespace rehearse::real {
namespace {

using ps::Block;
using ps::Command;
using ps::Expression;
using ps::Operator;
using steps::FailureCode;

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

}  // namespace

Primitive script_for(const steps::certificate_store::Binding& r, const Surroundings&) {
  Block script = look_at_binding(r.port);
  script.when(binary(ps::null(), Operator::equal, ps::variable("Bound")), Block().answer(ps::list({})));
  script.answer(ps::list({ps::variable("Hash"), ps::cast("string", ps::variable("Bound"))}));
  return on_machine(r.host, std::move(script));
}

// http.sys has no way to change a binding but to remove it and add another (S 3). What could make adding fail is looked
// at before; if it fails all the same, the old binding is put back.
Primitive script_for(const steps::certificate_store::Bind& r, const Surroundings&) {
  require_store(r.store);
  require_thumbprint(r.thumbprint);
  const std::string thumbprint = upper_case(r.thumbprint);
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

}  // namespace rehearse::real
