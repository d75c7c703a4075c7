// How much hashing a file asks of whoever opens it with its password. The file states that itself, so a damaged or
// malicious one may ask for hours; every such number is added up before any of the work is done.
#pragma once

#include <string>
#include <string_view>

struct PKCS12_st;

namespace rehearse::model {

/// Rounds that are worked off within about a second. Exports of Windows and of OpenSSL ask for 2,000 to 10,000, and
/// Windows itself opens nothing that asks for more than 600,000 (assumed).
inline constexpr long most_rounds = 1 << 20;

/// Whether opening it stays within `most_rounds`, over its integrity, its encrypted parts and the keys in them.
bool is_affordable(const PKCS12_st* file, const std::string& password);

/// The same for every key in a PEM file.
bool is_affordable_pem(std::string_view text);

}  // namespace rehearse::model
