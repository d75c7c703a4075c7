// The files are made by the openssl program at the time of the test, one for each way in which Windows has ever
// encrypted an export.
#include "model/artefacts/certificate_with_key.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "model/artefacts/pkcs12.hpp"
#include "tests/support/files.hpp"

namespace rehearse::model {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

const std::string password = "Pl4nted-\u00e4\u20ac";

class CertificateWithKeyFile : public testing::Test {
 protected:
  void SetUp() override {
    ASSERT_EQ(openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=WRK1 -days 30 "
                      "-keyout key.pem -out worker.pem"),
              0);
    ASSERT_EQ(openssl("req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /O=Authority -days 30 "
                      "-keyout other.key -out ca.pem"),
              0);
  }

  int openssl(const std::string& arguments) const {
    return std::system(
        ("cd '" + folder_.path().string() + "' && PFX='" + password + "' openssl " + arguments + " 2>>log").c_str());
  }
  std::string content(const std::string& name) const { return tests::content_of(folder_.path(name)); }
  std::string thumbprint() const { return read_x509(content("worker.pem")).facts.value().thumbprint; }

  /// A .pfx with the key, encrypted as `how` says.
  std::string pfx(const std::string& how) const {
    EXPECT_EQ(openssl("pkcs12 -export -in worker.pem -inkey key.pem -passout env:PFX -out worker.pfx " + how), 0)
        << how;
    return content("worker.pfx");
  }

  tests::TemporaryFolder folder_;
};

TEST_F(CertificateWithKeyFile, a_pfx_of_every_kind_that_windows_has_written_gives_certificate_and_key) {
  const std::string key =
      read_certificate_with_key(content("worker.pem") + content("key.pem"), "").contents->key.reveal();
  for (const std::string how : {"-keypbe AES-256-CBC -certpbe AES-256-CBC -macalg sha256",
                                "-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1",
                                "-legacy -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-RC2-40 -macalg sha1"}) {
    const CertificateWithKeyResult read = read_certificate_with_key(pfx(how), password);
    ASSERT_TRUE(read.contents) << how << ": " << read.problem;
    EXPECT_EQ(read.contents->certificate.thumbprint, thumbprint()) << how;
    EXPECT_TRUE(read.contents->certificate.private_key_beside) << how;
    EXPECT_EQ(read.contents->key.reveal(), key) << how;
  }
}

TEST_F(CertificateWithKeyFile, a_wrong_password_is_called_so_and_never_repeated) {
  for (const std::string how : {"", "-legacy -keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-RC2-40 -macalg sha1"}) {
    for (const std::string wrong : {"", "Wr0ng-one"}) {
      const CertificateWithKeyResult read = read_certificate_with_key(pfx(how), wrong);
      EXPECT_FALSE(read.contents);
      EXPECT_THAT(read.problem, HasSubstr("password"));
      if (!wrong.empty()) {
        EXPECT_THAT(read.problem + read.remedy, testing::Not(HasSubstr(wrong)));
      }
    }
  }
}

TEST_F(CertificateWithKeyFile, issuers_in_a_pfx_come_beside_the_certificate_that_the_key_belongs_to) {
  const CertificateWithKeyResult read = read_certificate_with_key(pfx("-certfile ca.pem"), password);
  ASSERT_TRUE(read.contents) << read.problem;
  EXPECT_EQ(read.contents->certificate.thumbprint, thumbprint());
  ASSERT_EQ(read.contents->issuers.size(), 1U);
  EXPECT_EQ(read.contents->issuers[0], read_x509(content("ca.pem"), HostNames::optional).facts->der);
}

TEST_F(CertificateWithKeyFile, an_export_without_the_key_is_read_as_one_without_a_key) {
  const std::string bytes = pfx("-nokeys");
  for (const CertificateWithKeyResult& read :
       {read_certificate_with_key(bytes, password), read_certificate_with_key(content("worker.pem"), "")}) {
    ASSERT_TRUE(read.contents) << read.problem;
    EXPECT_EQ(read.contents->certificate.thumbprint, thumbprint());
    EXPECT_FALSE(read.contents->certificate.private_key_beside);
    EXPECT_TRUE(read.contents->key.empty());
  }
}

TEST_F(CertificateWithKeyFile, pem_finds_the_certificate_of_the_key_wherever_it_stands) {
  const std::string ca = content("ca.pem"), own = content("worker.pem"), key = content("key.pem");
  for (const std::string& text : {own + key + ca, key + own + ca, ca + key + own}) {
    const CertificateWithKeyResult read = read_certificate_with_key(text, "");
    ASSERT_TRUE(read.contents) << read.problem;
    EXPECT_EQ(read.contents->certificate.thumbprint, thumbprint());
    EXPECT_EQ(read.contents->issuers.size(), 1U);
  }
}

TEST_F(CertificateWithKeyFile, a_pem_key_under_a_password_opens_with_it_alone) {
  ASSERT_EQ(openssl("pkcs8 -topk8 -in key.pem -passout env:PFX -out closed.key"), 0);
  const std::string text = content("worker.pem") + content("closed.key");
  EXPECT_TRUE(read_certificate_with_key(text, password).contents);
  EXPECT_THAT(read_certificate_with_key(text, "other").problem, HasSubstr("does not open it"));
  EXPECT_THAT(read_certificate_with_key(text, "").problem, HasSubstr("does not open it"));
}

/// 70,000 rounds, stated as a DER integer in `bytes`, become more than 8 million.
std::string slowed_down(std::string bytes) {
  const std::string stated("\x02\x03\x01\x11\x70", 5), more("\x02\x03\x7F\xFF\xFF", 5);
  std::size_t found = 0;
  for (std::size_t at = bytes.find(stated); at != bytes.npos; at = bytes.find(stated)) {
    bytes.replace(at, stated.size(), more);
    ++found;
  }
  EXPECT_GT(found, 0U);
  return bytes;
}

TEST_F(CertificateWithKeyFile, a_file_that_asks_for_hours_of_work_is_refused_without_doing_it) {
  for (const std::string how :
       {"-nomac", "-nomac -keypbe PBE-SHA1-3DES -certpbe NONE", "-nomac -keypbe NONE -certpbe PBE-SHA1-3DES",
        "-keypbe NONE -certpbe NONE -macalg sha1"}) {
    const std::string bytes = pfx(how + " -iter 70000");
    EXPECT_TRUE(read_certificate_with_key(bytes, password).contents) << how;
    EXPECT_THAT(read_certificate_with_key(slowed_down(bytes), password).problem, HasSubstr("iteration count")) << how;
  }
  ASSERT_EQ(openssl("pkcs8 -topk8 -in key.pem -passout env:PFX -iter 70000 -outform DER -out closed.der"), 0);
  std::ofstream(folder_.path("slow.der"), std::ios::binary) << slowed_down(content("closed.der"));
  ASSERT_EQ(openssl("base64 -in slow.der -out slow.text"), 0);
  const std::string key =
      "-----BEGIN ENCRYPTED PRIVATE KEY-----\n" + content("slow.text") + "-----END ENCRYPTED PRIVATE KEY-----\n";
  EXPECT_THAT(read_certificate_with_key(content("worker.pem") + key, password).problem, HasSubstr("iteration count"));
}

TEST_F(CertificateWithKeyFile, a_key_under_scrypt_opens_unless_it_asks_for_hours_of_work) {
  ASSERT_EQ(openssl("pkcs8 -topk8 -in key.pem -passout env:PFX -scrypt -out closed.key"), 0);
  EXPECT_TRUE(read_certificate_with_key(content("worker.pem") + content("closed.key"), password).contents);
  ASSERT_EQ(openssl("pkcs8 -topk8 -in key.pem -passout env:PFX -scrypt -scrypt_N 16384 -scrypt_p 16 -out closed.key"),
            0);
  EXPECT_THAT(read_certificate_with_key(content("worker.pem") + content("closed.key"), password).problem,
              HasSubstr("iteration count"));
}

TEST_F(CertificateWithKeyFile, a_key_of_somebody_else_is_refused) {
  EXPECT_THAT(read_certificate_with_key(content("worker.pem") + content("other.key"), "").problem,
              HasSubstr("another certificate"));
}

TEST_F(CertificateWithKeyFile, what_is_neither_is_called_by_its_name) {
  EXPECT_THAT(read_certificate_with_key("", "").problem, HasSubstr("empty"));
  EXPECT_THAT(read_certificate_with_key("just text", "").problem, HasSubstr("text"));
  EXPECT_THAT(read_certificate_with_key(content("key.pem"), "").problem, HasSubstr("no certificate"));
  EXPECT_THAT(read_certificate_with_key(pfx("") + "rest", password).problem, HasSubstr("4 bytes follow"));
}

TEST_F(CertificateWithKeyFile, no_changed_or_shortened_pfx_gives_another_certificate) {
  const std::string bytes = pfx("-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -iter 1");
  for (std::size_t at = 0; at < bytes.size(); at += 7) {
    std::string changed = bytes;
    changed[at] = static_cast<char>(changed[at] ^ 0x04);
    const CertificateWithKeyResult read = read_pkcs12(changed, password);
    if (read.contents) {
      EXPECT_EQ(read.contents->certificate.thumbprint, thumbprint()) << at;
    } else {
      EXPECT_FALSE(read.problem.empty() || read.remedy.empty()) << at;
    }
    EXPECT_FALSE(read_pkcs12(std::string_view(bytes).substr(0, at), password).contents) << at;
  }
}

}  // namespace
}  // namespace rehearse::model
