// What there is to probe, by a design or by a worker's own settings file.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/design.hpp"
#include "real_backend/probe/observation.hpp"
#include "real_backend/probe/sql_probe.hpp"

namespace rehearse::real {

/// Every endpoint that the design's workers connect to, once for all workers that expect the same of it. Where no
/// settings state a thumbprint, it is the one of the design's certificate, which the steps would write.
std::vector<ProbeTarget> endpoints_of(const model::Design& design);

/// The endpoint of one settings file. `design`, when there is one, says which thumbprint the master should show.
/// nullopt: the file states no endpoint.
std::optional<ProbeTarget> endpoint_of(const model::WorkerSettings& settings, const std::string& file,
                                       const model::Design* design);

/// The instance that holds SSISDB. nullopt: its port is not known, because a named instance may listen on any; then
/// `port` gives it.
std::optional<SqlTarget> instance_of(const model::Design& design, std::optional<int> port);

/// "connect there instead": --connect SQLFCI:8391=10.0.0.11:8391
struct Redirection {
  NetworkAddress from, to;
};

/// nullopt: not HOST:PORT=ADDRESS:PORT.
std::optional<Redirection> parse_redirection(const std::string& text);

/// Each target that a redirection is about gives way to one for each such redirection. Returns the redirections that
/// are about none.
std::vector<Redirection> redirect(const std::vector<Redirection>& redirections, std::vector<ProbeTarget>& endpoints,
                                  std::vector<SqlTarget>& instances);

}  // namespace rehearse::real
