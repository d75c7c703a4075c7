// Who may read the private key of a certificate: the rights of the file that holds it (S 3).
#include "real_backend/powershell/certificate_scripts.hpp"
#include "real_backend/powershell/phrases.hpp"

namespace rehearse::real {
namespace {

using ps::Block;
using ps::Command;
using ps::Expression;
using ps::Operator;
using steps::FailureCode;

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

}  // namespace

// The account's own rights and those of groups that every such account belongs to: everyone, authenticated users,
// users, and for virtual accounts all services. Whatever groups a domain has are not asked: "no" then leads to a grant
// too many, "yes" is never wrong.
Primitive script_for(const steps::certificate_store::KeyAccess& r, const Surroundings&) {
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
Primitive script_for(const steps::certificate_store::GrantKeyAccess& r, const Surroundings&) {
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

}  // namespace rehearse::real
