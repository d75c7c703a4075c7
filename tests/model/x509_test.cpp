#include "model/artefacts/x509.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/support/files.hpp"

namespace rehearse::model {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using tests::content_of;

const std::string shipped = REHEARSE_SOURCE_DIR "/scenarios/designs/artefacts/";
const std::string wrong = REHEARSE_SOURCE_DIR "/tests/negative/designs/artefacts/";

TEST(X509Files, a_der_file_gives_all_common_names_in_their_order) {
  const X509Result result = read_x509(content_of(shipped + "joint/SSISScaleOutMaster.cer"));
  ASSERT_TRUE(result.facts) << result.problem;
  EXPECT_THAT(result.facts->common_names, ElementsAre("SQLFCI", "SQL1", "SQL2"));
  EXPECT_EQ(to_text(result.facts->not_before), "2026-11-01T00:00:00Z");
  EXPECT_EQ(to_text(result.facts->not_after), "2036-11-01T00:00:00Z");
  EXPECT_TRUE(result.facts->self_signed);
  EXPECT_FALSE(result.facts->private_key_beside);
}

TEST(X509Files, the_expiring_certificate_ends_to_the_second) {
  const X509Result result = read_x509(content_of(shipped + "expiring/SSISScaleOutMaster.cer"));
  ASSERT_TRUE(result.facts) << result.problem;
  EXPECT_EQ(to_text(result.facts->not_after), "2027-03-01T02:00:00Z");
}

TEST(X509Files, a_pem_file_gives_alternative_names_and_the_thumbprint_that_openssl_prints) {
  const X509Result result = read_x509(content_of(wrong + "certificate.pem"));
  ASSERT_TRUE(result.facts) << result.problem;
  EXPECT_THAT(result.facts->common_names, ElementsAre("SQLFCI", "SQL1", "sqlfci.corp.local", "10.0.0.50"));
  EXPECT_EQ(result.facts->thumbprint, "887E5C98A2855F8640C871E29BB10CF78FC48899");
}

TEST(X509Files, text_before_the_pem_block_and_a_key_beside_it_do_not_hide_the_certificate) {
  const std::string pem = content_of(wrong + "certificate.pem");
  EXPECT_TRUE(read_x509("subject=CN = SQLFCI\r\n" + pem).facts);
  const X509Result result = read_x509(content_of(wrong + "key_only.pem") + pem);
  ASSERT_TRUE(result.facts) << result.problem;
  EXPECT_TRUE(result.facts->private_key_beside);
}

TEST(X509Files, what_is_no_certificate_is_called_by_its_name) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "empty"},
      {"just text", "text"},
      {"-----BEGIN CERTIFICATE-----\n", "damaged"},
      {"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "holds no certificate"},
      {"-----BEGIN PKCS7-----\nAAAA\n-----END PKCS7-----\n", "PKCS7"},
      {std::string("\x30\x82\x00\x01\x00", 5), "neither"},
      {content_of(wrong + "key_only.pem"), "private key"},
      {content_of(wrong + "two.pem"), "2 certificates"},
      {content_of(wrong + "with_rest.cer"), "4 bytes follow"},
      {content_of(wrong + "request.pem"), "CERTIFICATE REQUEST"},
  };
  for (const auto& [bytes, words] : cases) {
    const X509Result result = read_x509(bytes);
    EXPECT_FALSE(result.facts) << words;
    EXPECT_THAT(result.problem, HasSubstr(words));
    EXPECT_FALSE(result.remedy.empty()) << words;
  }
}

TEST(X509Files, every_shortened_certificate_is_refused) {
  const std::string der = content_of(shipped + "joint/SSISScaleOutMaster.cer");
  for (std::size_t size = 0; size < der.size(); ++size) {
    const X509Result result = read_x509(std::string_view(der).substr(0, size));
    EXPECT_FALSE(result.facts) << size;
    EXPECT_FALSE(result.problem.empty()) << size;
  }
}

TEST(X509Files, a_changed_byte_is_refused_or_changes_the_thumbprint) {
  const std::string der = content_of(shipped + "joint/SSISScaleOutMaster.cer");
  const std::string thumbprint = read_x509(der).facts.value().thumbprint;
  for (std::size_t at = 0; at < der.size(); ++at) {
    std::string changed = der;
    changed[at] = static_cast<char>(changed[at] ^ 0x01);
    const X509Result result = read_x509(changed);
    if (result.facts) {
      EXPECT_NE(result.facts->thumbprint, thumbprint) << at;
    } else {
      EXPECT_FALSE(result.problem.empty()) << at;
    }
  }
}

}  // namespace
}  // namespace rehearse::model
