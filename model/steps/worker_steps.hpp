// Sections 7 and 8 of the article, and the first use: workers, mutual trust, registration. One worker a step, because
// workers are added one by one for as long as a farm lives.
#pragma once

#include <string>
#include <vector>

#include "model/design.hpp"
#include "model/steps/step.hpp"

namespace rehearse::steps {

/// Ports that workers reach the nodes on: the master's, and SQL Server's for the logs (S 1.1).
StepPtr open_firewall(std::vector<std::string> nodes, std::vector<int> ports);

StepPtr install_scale_out_worker(const model::Design& design, const model::WorkerPool& pool, const std::string& worker);

/// The worker's own certificate with the key that its account can read; only where the design states one, else Setup's.
StepPtr create_worker_certificate(const model::Design& design, const model::WorkerPool& pool,
                                  const std::string& worker);
bool states_worker_certificate(const model::Design& design, const model::WorkerPool& pool);

/// The master's certificate, without its key, into the worker's Root.
StepPtr trust_master_certificate(const model::Design& design, const std::string& worker);

/// Section 8: the worker's certificate, without its key, into Root of every node, whatever Scale Out Manager did: it
/// puts it on one node only.
StepPtr trust_worker_certificate(const model::Design& design, const model::WorkerPool& pool, const std::string& worker);

/// WorkerSettings.config as designed. The service is stopped before the file is written and started afterwards, so that
/// an interruption leaves a stopped service, not a running one with old settings.
StepPtr configure_worker(const model::Design& design, const model::WorkerPool& pool, const std::string& worker);

/// A worker that could not reach the master when it started tries again only after a restart (S 5, 15).
StepPtr restart_worker(const model::Design& design, const std::string& worker);

/// Waits until the worker has registered, which its first agent heartbeat does, and enables it (S 1.3).
StepPtr enable_worker(const std::string& worker);

/// What stands in a worker's MasterEndpoint: as designed, or the name and port of the master.
std::string worker_endpoint(const model::Design& design, const model::WorkerPool& pool);

}  // namespace rehearse::steps
