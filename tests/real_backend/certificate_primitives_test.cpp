#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>
#include <string>

#include "model/steps/failure.hpp"
#include "real_backend/base64.hpp"
#include "real_backend/powershell/primitives.hpp"
#include "tests/real_backend/machine_requests.hpp"
#include "tests/support/files.hpp"

namespace rehearse::real {
namespace {

namespace store = steps::certificate_store;
using steps::Failure;
using steps::FailureCode;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::SizeIs;

const Date begin = *model::parse_date("2027-01-01T00:00:00Z");
const Date end = *model::parse_date("2029-01-01T00:00:00Z");

Primitive primitive_for(const steps::CertificateRequest& request, const Site& site = usual_site()) {
  return primitive_of(request, Surroundings{reference_design(), site});
}

std::string script_of(const steps::CertificateRequest& request) {
  return to_text(primitive_for(request).script);
}

FailureCode refusal_of(const steps::CertificateRequest& request, const Site& site = usual_site()) {
  try {
    primitive_for(request, site);
  } catch (const Failure& failure) {
    return failure.code();
  }
  return FailureCode::cancelled;
}

store::Import import_of(const std::string& certificate, bool with_key) {
  return store::Import("WRK1", certificate, {a_thumbprint, {"WRK1"}, begin, end, with_key ? "My" : "Root", with_key});
}

TEST(CertificatePrimitives, a_new_certificate_has_its_names_as_cns_and_as_alternative_names_of_their_kind) {
  EXPECT_THAT(script_of(store::Create("SQL1", {"SQLFCI", "sql1.corp.local", "10.0.0.50"}, begin, end)),
              AllOf(HasSubstr("-Subject 'CN=SQLFCI, CN=sql1.corp.local, CN=10.0.0.50'"),
                    HasSubstr("'2.5.29.17={text}DNS=SQLFCI&DNS=sql1.corp.local&IPAddress=10.0.0.50'"),
                    HasSubstr("-CertStoreLocation 'Cert:\\LocalMachine\\My'"),
                    HasSubstr("-NotAfter ([System.DateTimeOffset]::FromUnixTimeSeconds(1861920000).LocalDateTime)")));
}

TEST(CertificatePrimitives, names_that_would_become_several_are_refused) {
  for (const char* name : {"a,CN=b", "a&DNS=b", "", "a=b", "a b", "\"a\""}) {
    EXPECT_EQ(refusal_of(store::Create("SQL1", {name}, begin, end)), FailureCode::refused) << name;
  }
  EXPECT_EQ(refusal_of(store::Create("SQL1", {}, begin, end)), FailureCode::refused);
}

TEST(CertificatePrimitives, what_is_no_thumbprint_and_no_store_is_refused) {
  EXPECT_EQ(refusal_of(store::Remove("SQL1", "*", "Root")), FailureCode::refused);
  EXPECT_EQ(refusal_of(store::Remove("SQL1", a_thumbprint + "0", "Root")), FailureCode::refused);
  EXPECT_EQ(refusal_of(store::Remove("SQL1", a_thumbprint, "CA")), FailureCode::refused);
  EXPECT_EQ(refusal_of(store::Bind("SQL1", 0, a_thumbprint, "Root")), FailureCode::refused);
  EXPECT_EQ(refusal_of(store::Copy("SQL1", "SQL2", a_thumbprint, "My\\..\\Root", true)), FailureCode::refused);
}

TEST(CertificatePrimitives, a_key_travels_under_a_password_of_its_own_each_time) {
  const store::Copy copy("SQL1", "SQL2", a_thumbprint, "Root", true);
  const Primitive first = primitive_for(copy), again = primitive_for(copy);
  ASSERT_THAT(first.script.secrets(), SizeIs(1));
  ASSERT_THAT(again.script.secrets(), SizeIs(1));
  EXPECT_THAT(first.script.secrets()[0].reveal(), SizeIs(64));
  EXPECT_NE(first.script.secrets()[0].reveal(), again.script.secrets()[0].reveal());
  EXPECT_EQ(first.host, "SQL1");
  EXPECT_THAT(first.asks, IsEmpty());

  ASSERT_TRUE(first.next);
  const Primitive second = first.next(nlohmann::json{{"ok", true}, {"value", to_base64("the bytes")}}.dump());
  EXPECT_EQ(second.host, "SQL2");
  ASSERT_THAT(second.script.secrets(), SizeIs(1));
  EXPECT_EQ(second.script.secrets()[0].reveal(), first.script.secrets()[0].reveal());
  EXPECT_THAT(to_text(second.script), AllOf(HasSubstr("FromBase64String('" + to_base64("the bytes") + "')"),
                                            HasSubstr("'MachineKeySet, PersistKeySet, Exportable'")));
}

TEST(CertificatePrimitives, a_copy_without_the_key_takes_no_key_along) {
  const Primitive first = primitive_for(store::Copy("SQL1", "WRK1", a_thumbprint, "Root", false));
  EXPECT_THAT(first.script.secrets(), IsEmpty());
  EXPECT_THAT(to_text(first.script), AllOf(HasSubstr("$Certificate.RawData"), Not(HasSubstr("Export("))));
}

TEST(CertificatePrimitives, a_failed_export_ends_the_copy) {
  const Primitive first = primitive_for(store::Copy("SQL1", "SQL2", a_thumbprint, "Root", true));
  EXPECT_THROW(first.next(R"({"ok":false,"code":"not found","message":"Cannot find the object"})"), Failure);
  EXPECT_THROW(first.next("garbage"), Failure);
}

TEST(CertificatePrimitives, on_one_machine_the_key_stays_in_memory) {
  const Primitive copy = primitive_for(store::Copy("SQL1", "sql1", a_thumbprint, "Root", true));
  EXPECT_FALSE(copy.next);
  EXPECT_THAT(copy.script.secrets(), IsEmpty());
  EXPECT_THAT(to_text(copy.script), HasSubstr("$Password = [System.Guid]::NewGuid().ToString()"));
}

TEST(CertificatePrimitives, a_key_is_read_only_where_the_copy_is_missing) {
  const std::string script = script_of(store::Copy("SQL1", "SQL1", a_thumbprint, "Root", true));
  EXPECT_LT(script.find("if (-not ($Present.Count -gt 0))"), script.find("PersistKeySet"));
}

TEST(CertificatePrimitives, a_file_is_looked_up_by_the_certificate_s_name_in_the_design) {
  EXPECT_THAT(to_text(primitive_for(import_of("worker", false)).script),
              AllOf(HasSubstr(a_thumbprint), Not(HasSubstr("$Secrets['"))));
  EXPECT_EQ(refusal_of(import_of("master", false)), FailureCode::not_found);
  Site site = usual_site();
  site.certificate_files["worker"] = "nowhere.cer";
  EXPECT_EQ(refusal_of(import_of("worker", false), site), FailureCode::not_found);
}

TEST(CertificatePrimitives, a_key_is_not_expected_of_a_file_that_has_none) {
  EXPECT_EQ(refusal_of(import_of("worker", true)), FailureCode::refused);
}

TEST(CertificatePrimitives, the_password_of_a_file_with_a_key_is_asked_for) {
  const tests::TemporaryFolder folder;
  const std::string path = folder.path("with_key.pfx");
  std::ofstream(path, std::ios::binary) << "0\x82 no certificate";
  Site site = usual_site();
  site.certificate_files["worker"] = path;
  for (const bool with_key : {true, false}) {
    const Primitive primitive = primitive_for(import_of("worker", with_key), site);
    EXPECT_THAT(primitive.asks, ElementsAre("password of certificate worker"));
    const std::string script = to_text(primitive.script);
    EXPECT_THAT(script, HasSubstr("$Secrets['password of certificate worker']"));
    EXPECT_EQ(script.find("PersistKeySet") != std::string::npos, with_key);
  }
}

TEST(CertificatePrimitives, a_binding_is_removed_only_when_the_new_one_can_be_expected_to_hold) {
  const std::string script = script_of(store::Bind("SQL1", 8391, a_thumbprint, "Root"));
  const std::size_t key = script.find("-and $_.HasPrivateKey"), removed = script.find("'delete'");
  const std::size_t added = script.find("'add'"), put_back = script.find("('certhash=' + $Hash)");
  EXPECT_LT(key, removed);
  EXPECT_LT(removed, added);
  EXPECT_LT(added, put_back);
  EXPECT_NE(put_back, std::string::npos);
}

}  // namespace
}  // namespace rehearse::real
