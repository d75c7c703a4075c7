#include "sim/world/record.hpp"

namespace rehearse::world {

std::string_view to_text(RecordKind kind) {
  switch (kind) {
#define X(name, meaning) \
  case RecordKind::name: return #name;
    REHEARSE_RECORD_KINDS(X)
#undef X
    case RecordKind::count_: break;
  }
  return "";
}

}  // namespace rehearse::world
