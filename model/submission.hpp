// May an execution be submitted to Scale Out? The checks of catalog.create_execution, add_execution_worker and
// start_execution in the order in which a caller meets them (S 1.4). Nothing of it needs the master: while it is away,
// work queues.
#pragma once

#include <cstdint>
#include <string_view>
#include <type_traits>

#include "model/units.hpp"

namespace rehearse::model {

/// The facts, with defaults that work.
struct SubmissionFacts {
  bool windows_login = true;  // create_execution refuses SQL logins
  bool may_execute = true;    // ssis_admin, sysadmin or ssis_cluster_executor
  Duration lock_wait{};       // until the application lock would be free
  bool names_workers = false;
  bool job_is_any_worker = false;  // create_execution was called with @useanyworker = 1
  bool workers_have_rows = true;   // each named one; whether it is enabled or online nobody asks
};
static_assert(std::is_trivially_copyable_v<SubmissionFacts>);

enum class SubmissionError : std::uint16_t {
  none = 0,
  not_permitted = 1,  // EXECUTE denied: SQL Server's own error 229
  lock_timeout = 27195,
  sql_login = 27123,
  unknown_worker = 27243,
  any_worker_already = 27251,
};
std::string_view to_text(SubmissionError error);

/// `lock_patience`: how long callers wait for the application lock, two times five seconds (S 1.4).
SubmissionError judge(const SubmissionFacts& facts, Duration lock_patience);

}  // namespace rehearse::model
