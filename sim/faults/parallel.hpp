// Items of work that do not depend on each other, done on several threads. What each item leaves goes to a place of its
// own, so that the result does not depend on the number of threads.
#pragma once

#include <algorithm>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace rehearse::sim {

struct Parallel {
  unsigned threads = 1;
  std::function<bool()> interrupted;  // asked between items, from any thread; absent: never
  std::function<void(std::uint64_t done, std::uint64_t of)> progress;  // items; from any thread, one at a time
};

/// Does items 0 to `count` - 1: `work(index, scratch)`, where each thread has one `Scratch` of its own for all its
/// items. Ends early when interrupted. What an item throws ends the others, too, and is thrown here.
template <class Scratch, class Work>
void in_parallel(std::size_t count, const Parallel& how, Work&& work) {
  std::atomic<std::size_t> next = 0, done = 0;
  std::mutex mutex;
  std::exception_ptr failed;
  const auto loop = [&] {
    Scratch scratch{};
    for (std::size_t index = next++; index < count; index = next++) {
      if (how.interrupted && how.interrupted()) return;
      try {
        work(index, scratch);
      } catch (...) {
        const std::lock_guard lock(mutex);
        if (!failed) failed = std::current_exception();
        next = count;
        return;
      }
      const std::size_t finished = ++done;
      const std::lock_guard lock(mutex);
      if (how.progress) how.progress(finished, count);
    }
  };
  {
    std::vector<std::jthread> threads;
    for (unsigned thread = 1; thread < std::min<std::size_t>(how.threads, count); ++thread) threads.emplace_back(loop);
    loop();
  }
  if (failed) std::rethrow_exception(failed);
}

}  // namespace rehearse::sim
