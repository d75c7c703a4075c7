// Certificates with their keys: PKCS#12 and PEM, under the password of the seeds.
#include <string>

#include "fuzzing.hpp"
#include "model/artefacts/certificate_with_key.hpp"
#include "model/artefacts/pkcs12.hpp"

namespace rehearse::fuzz {
namespace {

void check(const model::CertificateWithKeyResult& result, const std::string& password) {
  require(result.contents.has_value() == result.problem.empty(), "contents or a problem");
  require(result.problem.empty() == result.remedy.empty(), "every problem has a remedy");
  require(result.problem.find(password) == std::string::npos && result.remedy.find(password) == std::string::npos,
          "no problem tells the password");
  if (!result.contents) return;
  require(result.contents->certificate.thumbprint.size() == 40, "a thumbprint has 40 digits");
  require(result.contents->certificate.private_key_beside == !result.contents->key.empty(),
          "a certificate has a key beside it exactly when the key was read");
}

}  // namespace
}  // namespace rehearse::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rehearse;
  const std::string_view bytes = fuzz::text_of(data, size);
  const std::string password = "planted";
  fuzz::check(model::read_certificate_with_key(bytes, password), password);
  // Whatever it looks like.
  fuzz::check(model::read_pkcs12(bytes, password), password);
  return 0;
}
