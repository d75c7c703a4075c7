// What a port answers: one class for all ports, so that adapters and transcripts handle every call alike. The typed
// getters are where a nonsensical answer is caught: a wrong type is an `indeterminate` failure, because the change
// asked for may have happened all the same.
#pragma once

#include <cstdint>
#include <string>
#include <type_traits>
#include <variant>
#include <vector>

#include "model/design.hpp"
#include "model/steps/secret.hpp"
#include "model/units.hpp"

namespace rehearse::steps {

/// One copy of a certificate in one LocalMachine store of one host.
class CertificateInfo {
 public:
  CertificateInfo(std::string thumbprint, std::vector<std::string> names, Date not_before, Date not_after,
                  std::string store, bool has_private_key);

  std::string thumbprint;          // 40 upper-case hex digits
  std::vector<std::string> names;  // subject common names and alternative names
  Date not_before, not_after;
  std::string store;  // "Root" or "My"
  bool has_private_key;

  friend bool operator==(const CertificateInfo&, const CertificateInfo&) = default;
};

/// The http.sys binding of a port (S 3). An empty thumbprint: there is none.
class HttpBinding {
 public:
  HttpBinding(std::string bound_thumbprint, std::string bound_store)
      : thumbprint(std::move(bound_thumbprint)), store(std::move(bound_store)) {}

  std::string thumbprint;
  std::string store;

  friend bool operator==(const HttpBinding&, const HttpBinding&) = default;
};

class Answer {
 public:
  using Value = std::variant<std::monostate, bool, std::int64_t, std::string, std::vector<std::string>, Date,
                             model::MasterSettings, model::WorkerSettings, std::vector<CertificateInfo>, Secret>;

  Answer() = default;  // a change that is done has nothing to say
  Answer(bool value) : value_(value) {}
  Answer(std::int64_t value) : value_(value) {}
  Answer(std::string value) : value_(std::move(value)) {}
  Answer(std::string_view value) : value_(std::string(value)) {}
  Answer(const char* value) : value_(std::string(value)) {}
  Answer(std::vector<std::string> value) : value_(std::move(value)) {}
  Answer(Date value) : value_(value) {}
  Answer(model::MasterSettings value) : value_(std::move(value)) {}
  Answer(model::WorkerSettings value) : value_(std::move(value)) {}
  Answer(std::vector<CertificateInfo> value) : value_(std::move(value)) {}
  Answer(Secret value) : value_(std::move(value)) {}

  const Value& value() const { return value_; }

  // Each throws Failure(indeterminate) when the answer is of another type.
  void nothing() const;
  bool flag() const;
  std::int64_t number() const;
  const std::string& text() const;
  const std::vector<std::string>& list() const;
  Date date() const;
  const model::MasterSettings& master_settings() const;
  const model::WorkerSettings& worker_settings() const;
  const std::vector<CertificateInfo>& certificates() const;
  const Secret& secret() const;

  friend bool operator==(const Answer&, const Answer&) = default;

 private:
  Value value_;
};

static_assert(!std::is_aggregate_v<CertificateInfo> && !std::is_aggregate_v<HttpBinding> &&
                  !std::is_aggregate_v<Answer>,
              "types that cross a port have constructors (g++ 12 destroys braced temporaries in co_await twice)");

/// For transcripts and failures: "yes", "'SQL1'", "['SQL1', 'SQL2']", "done". Never the text of a secret.
std::string to_text(const Answer& answer);
std::string to_text(const CertificateInfo& certificate);
std::string to_text(const model::MasterSettings& settings);
std::string to_text(const model::WorkerSettings& settings);

}  // namespace rehearse::steps
