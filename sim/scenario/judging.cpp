#include "sim/scenario/judging.hpp"

namespace rehearse::sim {

std::string moment(core::Time time) {
  return length(time.time_since_epoch());
}
std::string length(Duration length) {
  return model::to_text(std::chrono::round<std::chrono::milliseconds>(length));
}

Sight seen(bool met, std::string reason) {
  return {met ? Outcome::passed : Outcome::failed, std::move(reason)};
}
Sight cannot_tell(std::string reason) {
  return {Outcome::unknown, std::move(reason)};
}

}  // namespace rehearse::sim
