// The names of the ports, as texts and transcripts write them: "Cluster" in "Cluster.MoveRole".
#pragma once

#include <array>
#include <string_view>
#include <variant>

#include "model/steps/requests.hpp"

namespace rehearse::steps {

/// In the order of AnyRequest's alternatives.
inline constexpr std::array<std::string_view, 6> port_names = {"Clock",   "Host",    "CertificateStore",
                                                               "Cluster", "Catalog", "Operator"};
static_assert(port_names.size() == std::variant_size_v<AnyRequest>);

}  // namespace rehearse::steps
