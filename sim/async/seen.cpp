#include "sim/async/seen.hpp"

namespace rehearse::sim {

namespace host = steps::host;
using steps::Answer;

bool Seen::says(const steps::AnyRequest& question) const {
  const Answer* answer = observation_.find(question);
  return answer != nullptr && answer->flag();
}

std::string Seen::text(const steps::AnyRequest& question) const {
  const Answer* answer = observation_.find(question);
  return answer == nullptr ? std::string() : answer->text();
}

std::vector<std::string> Seen::list(const steps::AnyRequest& question) const {
  const Answer* answer = observation_.find(question);
  return answer == nullptr ? std::vector<std::string>() : answer->list();
}

std::optional<model::MasterSettings> Seen::master_settings(const std::string& node) const {
  const Answer* answer = observation_.find(host::ReadMasterSettings(node, design_.master_service()));
  return answer == nullptr ? std::nullopt : std::optional(answer->master_settings());
}

std::optional<model::WorkerSettings> Seen::worker_settings(const std::string& worker) const {
  const Answer* answer = observation_.find(host::ReadWorkerSettings(worker, design_.worker_service()));
  return answer == nullptr ? std::nullopt : std::optional(answer->worker_settings());
}

}  // namespace rehearse::sim
