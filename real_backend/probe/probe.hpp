// Live probes of a running deployment: each endpoint that workers connect to, each SQL Server that they log to. Every
// wait has a deadline; nothing is changed anywhere.
#pragma once

#include <vector>

#include "real_backend/probe/observation.hpp"
#include "real_backend/probe/sql_probe.hpp"
#include "real_backend/probe/verdict.hpp"

namespace rehearse::real {

struct ProbeJob {
  std::vector<ProbeTarget> endpoints;
  std::vector<SqlTarget> instances;
  ProbeKit kit;
};

struct EndpointReport {
  ProbeTarget target;
  EndpointObservation seen;  // its `identity` points into the job's kit
  EndpointVerdict verdict;
};

struct ProbeResult {
  std::vector<EndpointReport> endpoints;  // in the order of the job
  std::vector<SqlReport> instances;

  Conclusion conclusion() const;  // the gravest
};

/// Runs all of it, several at a time. `now` is this machine's clock. The job must outlive the result.
ProbeResult probe(const ProbeJob& job, Date now);

}  // namespace rehearse::real
