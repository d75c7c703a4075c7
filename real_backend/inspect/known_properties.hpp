// Properties of clusters, roles and resources that a design does not state because they make no difference to a
// rehearsal, or make none as long as they have their usual value. Everything that is neither stated in the design nor
// known here is told as not understood.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "real_backend/inspect/export.hpp"
#include "real_backend/inspect/remarks.hpp"

namespace rehearse::real {

enum class Owner : unsigned char { cluster, role, resource, parameters };

/// Tells every property that is neither among `stated` nor known to make no difference. One that holds nothing (null,
/// zero, false, an empty text or list) is never told. `whose` is for people: "the role 'Files'".
void tell_unknown(const Properties& properties, Owner owner, const std::vector<std::string_view>& stated,
                  const std::string& whose, Remarks& remarks);

}  // namespace rehearse::real
