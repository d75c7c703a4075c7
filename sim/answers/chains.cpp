#include "sim/answers/chains.hpp"

#include <algorithm>

namespace rehearse::sim {

Chain chain_to(const SavedRun& run, SavedId id, SavedId after) {
  Chain chain;
  while (id > after) {
    const SavedRecord* record = run.find(id);
    if (record == nullptr) break;  // before the journal: in the deployment
    chain.push_back(record);
    id = record->cause;  // always smaller
  }
  std::reverse(chain.begin(), chain.end());
  return chain;
}

}  // namespace rehearse::sim
