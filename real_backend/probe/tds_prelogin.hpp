// The first words of a conversation with SQL Server (MS-TDS 2.2.6.5, PRELOGIN): no login, no password, and the server
// tells its version and whether it wants encryption. Enough to know that the instance behind a name is alive.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "model/design.hpp"

namespace rehearse::real {

enum class TdsEncryption : unsigned char { off, on, not_supported, required };
std::string_view to_text(TdsEncryption encryption);

struct PreloginAnswer {
  int major = 0, minor = 0, build = 0;
  TdsEncryption encryption = TdsEncryption::off;

  std::string version() const;  // "15.0.4316"
  /// The product of that major version; nullopt: none that has Scale Out.
  std::optional<model::SqlVersion> product() const;
};

/// The whole packet, ready to be sent.
std::string prelogin_request();

struct PreloginReading {
  std::optional<PreloginAnswer> answer;
  bool incomplete = false;  // right so far, more must come
  std::string problem;      // set when it is no answer to a PRELOGIN
};

/// Never throws for bad bytes.
PreloginReading read_prelogin(std::string_view bytes);

}  // namespace rehearse::real
