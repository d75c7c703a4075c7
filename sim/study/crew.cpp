#include "sim/study/crew.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "sim/scenario/runner.hpp"

namespace rehearse::sim {

Crew::Crew(const ChunkedWork& work, unsigned threads) {
  for (unsigned thread = 0; thread < std::max(1U, threads); ++thread) {
    threads_.emplace_back([this, &work] { this->work(work); });
  }
}

Crew::~Crew() {
  const std::lock_guard lock(mutex_);
  ends_ = true;
  waiting_.clear();
  given_.notify_all();
}

void Crew::give(std::uint64_t chunk) {
  ++under_way_;
  const std::lock_guard lock(mutex_);
  waiting_.push_back(chunk);
  given_.notify_one();
}

void Crew::give_up() {
  const std::lock_guard lock(mutex_);
  under_way_ -= waiting_.size();
  waiting_.clear();
}

std::vector<DoneChunk> Crew::wait(std::chrono::milliseconds limit) {
  std::unique_lock lock(mutex_);
  done_.wait_for(lock, limit, [&] { return !results_.empty() || given_up_ > 0 || failed_; });
  if (failed_) std::rethrow_exception(failed_);
  under_way_ -= results_.size() + std::exchange(given_up_, 0);
  return std::exchange(results_, {});
}

void Crew::work(const ChunkedWork& work) {
  try {
    const std::unique_ptr<ChunkWorker> worker = work.worker();
    std::unique_lock lock(mutex_);
    while (true) {
      given_.wait(lock, [&] { return ends_ || !waiting_.empty(); });
      if (ends_) return;
      const std::uint64_t chunk = waiting_.front();
      waiting_.pop_front();
      lock.unlock();
      std::optional<Tally> tally;
      try {
        tally = worker->run(chunk);
      } catch (const Interrupted&) {
      }
      lock.lock();
      if (tally) {
        results_.push_back({chunk, std::move(*tally)});
      } else {
        ++given_up_;
      }
      done_.notify_one();
    }
  } catch (...) {
    const std::lock_guard lock(mutex_);
    if (!failed_) failed_ = std::current_exception();
    done_.notify_one();
  }
}

}  // namespace rehearse::sim
