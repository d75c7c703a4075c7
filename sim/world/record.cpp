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

std::optional<model::HandshakeOutcome> met_by(const Record& record) {
  std::int64_t outcome = record.value;
  switch (record.kind) {
    case RecordKind::worker_call_failed: outcome = record.object; break;
    case RecordKind::handshake_refused:
    case RecordKind::defect_lurks:
    case RecordKind::second_connection_refused: break;
    default: return std::nullopt;
  }
  const bool known = outcome >= 0 && outcome < static_cast<std::int64_t>(model::HandshakeOutcome::count_);
  return known ? std::optional(static_cast<model::HandshakeOutcome>(outcome)) : std::nullopt;
}

}  // namespace rehearse::world
