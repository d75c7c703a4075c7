#include "model/submission.hpp"

#include <stdexcept>

namespace rehearse::model {

SubmissionError judge(const SubmissionFacts& facts, Duration lock_patience) {
  if (!facts.may_execute) return SubmissionError::not_permitted;
  if (!facts.windows_login) return SubmissionError::sql_login;
  if (facts.lock_wait > lock_patience) return SubmissionError::lock_timeout;
  if (!facts.names_workers) return SubmissionError::none;
  if (!facts.workers_have_rows) return SubmissionError::unknown_worker;
  if (facts.job_is_any_worker) return SubmissionError::any_worker_already;
  return SubmissionError::none;
}

std::string_view to_text(SubmissionError error) {
  switch (error) {
    case SubmissionError::none: return "none";
    case SubmissionError::not_permitted: return "the caller may not execute packages";
    case SubmissionError::lock_timeout: return "27195: the lock of create_execution was not free in time";
    case SubmissionError::sql_login: return "27123: a SQL login cannot start executions";
    case SubmissionError::unknown_worker: return "27243: a named worker is not known";
    case SubmissionError::any_worker_already: return "27251: the job is open to any worker already";
  }
  throw std::logic_error("unknown submission error");
}

}  // namespace rehearse::model
