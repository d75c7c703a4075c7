#include "model/artefacts/password_work.hpp"

#include <openssl/asn1.h>
#include <openssl/asn1t.h>
#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/objects.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/pkcs7.h>
#include <openssl/x509.h>

#include "model/artefacts/held.hpp"

namespace rehearse::model {
namespace {

void free_safes(STACK_OF(PKCS7) * safes) {
  sk_PKCS7_pop_free(safes, PKCS7_free);
}
void free_bags(STACK_OF(PKCS12_SAFEBAG) * bags) {
  sk_PKCS12_SAFEBAG_pop_free(bags, PKCS12_SAFEBAG_free);
}

using Safes = Held<STACK_OF(PKCS7), &free_safes>;
using Bags = Held<STACK_OF(PKCS12_SAFEBAG), &free_bags>;
using ClosedKey = Held<X509_SIG, &X509_SIG_free>;

/// What is left of `most_rounds`.
class Budget {
 public:
  void spend(long rounds) {
    // Below zero: more than a long holds, or nonsense that every library understands in its own way.
    if (rounds < 0 || rounds > left_) {
      overdrawn_ = true;
    } else {
      left_ -= rounds;
    }
  }
  void spend(const ASN1_INTEGER* rounds) { spend(rounds == nullptr ? 1 : ASN1_INTEGER_get(rounds)); }
  /// Several loops inside each other.
  void spend_product(const ASN1_INTEGER* first, const ASN1_INTEGER* second, const ASN1_INTEGER* third) {
    long product = 1;
    for (const ASN1_INTEGER* factor : {first, second, third}) {
      const long times = ASN1_INTEGER_get(factor);
      if (times < 1 || times > most_rounds / product) return spend(most_rounds + 1);
      product *= times;
    }
    spend(product);
  }
  bool overdrawn() const { return overdrawn_; }

 private:
  long left_ = most_rounds;
  bool overdrawn_ = false;
};

template <class Parameters, auto free_function>
Held<Parameters, free_function> unpacked(const ASN1_TYPE* parameter, const ASN1_ITEM* item) {
  return Held<Parameters, free_function>(static_cast<Parameters*>(ASN1_TYPE_unpack_sequence(item, parameter)));
}

/// How a password becomes a key: PBES2 with PBKDF2 or scrypt (RFC 8018, RFC 7914), or one of the older ways, which have
/// their parameters in common. Parameters that cannot be read ask for no work: the library gives up on them.
void spend_on(const X509_ALGOR* algorithm, Budget& budget) {
  if (algorithm == nullptr) return;
  if (OBJ_obj2nid(algorithm->algorithm) != NID_pbes2) {
    const auto old = unpacked<PBEPARAM, &PBEPARAM_free>(algorithm->parameter, ASN1_ITEM_rptr(PBEPARAM));
    if (old) budget.spend(old->iter);
    return;
  }
  const auto both = unpacked<PBE2PARAM, &PBE2PARAM_free>(algorithm->parameter, ASN1_ITEM_rptr(PBE2PARAM));
  if (!both) return;
  const X509_ALGOR& derivation = *both->keyfunc;
  if (const auto given = unpacked<PBKDF2PARAM, &PBKDF2PARAM_free>(derivation.parameter, ASN1_ITEM_rptr(PBKDF2PARAM))) {
    budget.spend(given->iter);
  }
  if (const auto given =
          unpacked<SCRYPT_PARAMS, &SCRYPT_PARAMS_free>(derivation.parameter, ASN1_ITEM_rptr(SCRYPT_PARAMS))) {
    budget.spend_product(given->costParameter, given->blockSize, given->parallelizationParameter);
  }
}

void spend_on(const X509_SIG* closed, Budget& budget) {
  const X509_ALGOR* algorithm = nullptr;
  if (closed != nullptr) X509_SIG_get0(closed, &algorithm, nullptr);
  spend_on(algorithm, budget);
}

/// Bags hold keys, or further bags; how deep is limited by the library, which has read them.
void spend_on(const STACK_OF(PKCS12_SAFEBAG) * bags, Budget& budget) {
  for (int i = 0; bags != nullptr && i < sk_PKCS12_SAFEBAG_num(bags); ++i) {
    const PKCS12_SAFEBAG* const bag = sk_PKCS12_SAFEBAG_value(bags, i);
    const int kind = PKCS12_SAFEBAG_get_nid(bag);
    if (kind == NID_pkcs8ShroudedKeyBag) spend_on(PKCS12_SAFEBAG_get0_pkcs8(bag), budget);
    if (kind == NID_safeContentsBag) spend_on(PKCS12_SAFEBAG_get0_safes(bag), budget);
  }
}

void spend_on(const STACK_OF(PKCS7) * safes, const char* password, Budget& budget) {
  for (int i = 0; safes != nullptr && i < sk_PKCS7_num(safes) && !budget.overdrawn(); ++i) {
    PKCS7* const safe = sk_PKCS7_value(safes, i);
    const int kind = OBJ_obj2nid(safe->type);
    if (kind == NID_pkcs7_data && safe->d.data != nullptr) {
      spend_on(Bags(PKCS12_unpack_p7data(safe)).get(), budget);
    } else if (kind == NID_pkcs7_encrypted && safe->d.encrypted != nullptr) {
      spend_on(safe->d.encrypted->enc_data->algorithm, budget);
      // What is inside can be seen only after that work.
      if (!budget.overdrawn()) spend_on(Bags(PKCS12_unpack_p7encdata(safe, password, -1)).get(), budget);
    }
  }
}

}  // namespace

bool is_affordable(const PKCS12* file, const std::string& password) {
  Budget budget;
  const ASN1_INTEGER* integrity = nullptr;
  PKCS12_get0_mac(nullptr, nullptr, nullptr, &integrity, file);
  budget.spend(integrity);
  const Safes safes(PKCS12_unpack_authsafes(file));
  if (!budget.overdrawn()) spend_on(safes.get(), password.c_str(), budget);
  // Some write no password in another way than an empty one; the library tries both.
  if (password.empty() && !budget.overdrawn()) spend_on(safes.get(), nullptr, budget);
  ERR_clear_error();
  return !budget.overdrawn();
}

bool is_affordable_pem(std::string_view text) {
  Budget budget;
  const Held<BIO, &BIO_free_all> bio(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
  for (std::size_t before = BIO_ctrl_pending(bio.get()), left = 0; before > 0; before = left) {
    char *name = nullptr, *header = nullptr;
    unsigned char* data = nullptr;
    long size = 0;
    if (PEM_read_bio(bio.get(), &name, &header, &data, &size) == 1) {
      // Whatever its name: the library looks at what is inside, too.
      const unsigned char* begin = data;
      spend_on(ClosedKey(d2i_X509_SIG(nullptr, &begin, size)).get(), budget);
      OPENSSL_free(name);
      OPENSSL_free(header);
      OPENSSL_clear_free(data, static_cast<std::size_t>(size));
    }
    left = BIO_ctrl_pending(bio.get());
    if (left == before) break;  // after a damaged part others may follow, but nothing is read twice
  }
  ERR_clear_error();
  return !budget.overdrawn();
}

}  // namespace rehearse::model
