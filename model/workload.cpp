#include "model/workload.hpp"

#include "model/local_time.hpp"

namespace rehearse::model {

Duration shift_of(const History& history, const std::string& zone, Date start) {
  if (history.starts) return start - *history.starts;
  if (history.rows.empty()) return Duration::zero();
  return local_midnight_before(zone, start) - local_midnight_before(zone, history.rows.front().created);
}

}  // namespace rehearse::model
