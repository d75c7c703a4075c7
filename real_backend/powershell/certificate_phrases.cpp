#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "real_backend/powershell/certificate_scripts.hpp"
#include "real_backend/powershell/phrases.hpp"

namespace rehearse::real {

using ps::Block;
using ps::Command;
using ps::Expression;
using ps::Operator;
using steps::FailureCode;

namespace {

constexpr const char* store_type = "System.Security.Cryptography.X509Certificates.X509Store";

Block with_store(const Expression& name, const char* how, const Block& use) {
  Block block;
  block.let("Store", ps::new_object(store_type, {name, ps::literal("LocalMachine")}));
  block.run(ps::variable("Store").method("Open", {ps::literal(how)}));
  block.and_finally(use, Block().run(ps::variable("Store").method("Close")));
  return block;
}

}  // namespace

Block read_store(const Expression& name, const Block& use) {
  return with_store(name, "ReadOnly, OpenExistingOnly", use);
}

Block write_store(const std::string& name, const Block& use) {
  return with_store(ps::literal(name), "ReadWrite, OpenExistingOnly", use);
}

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

Block fail_with_output(const char* what) {
  return Block().fail(FailureCode::refused,
                      binary(ps::literal(what), Operator::plus, ps::joined(ps::variable("Output"))));
}

std::string upper_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), [](unsigned char c) { return std::toupper(c); });
  return text;
}

}  // namespace rehearse::real
