// Threads that do the chunks of a study which they are given, each with a worker of its own.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <deque>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "sim/study/chunked_work.hpp"

namespace rehearse::sim {

struct DoneChunk {
  std::uint64_t chunk = 0;
  Tally tally;
};

class Crew {
 public:
  Crew(const ChunkedWork& work, unsigned threads);
  /// Chunks that nobody has begun are given up; waits for those under way.
  ~Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;

  /// How many chunks are given at once at most, so that no thread waits while the others' results are looked at.
  std::size_t capacity() const { return threads_.size() * chunks_a_thread; }
  /// Given, and not handed back by wait().
  std::size_t under_way() const { return under_way_; }

  void give(std::uint64_t chunk);

  /// Chunks that nobody has begun are forgotten.
  void give_up();

  /// What was done since, as soon as there is something, or nothing after `limit`. A chunk whose worker threw
  /// Interrupted is given up; anything else that a worker threw is rethrown.
  std::vector<DoneChunk> wait(std::chrono::milliseconds limit);

 private:
  static constexpr std::size_t chunks_a_thread = 8;

  void work(const ChunkedWork& work);

  std::mutex mutex_;
  std::condition_variable given_, done_;
  std::deque<std::uint64_t> waiting_;
  std::vector<DoneChunk> results_;
  std::size_t given_up_ = 0;
  std::exception_ptr failed_;
  bool ends_ = false;
  std::size_t under_way_ = 0;          // of the caller alone
  std::vector<std::jthread> threads_;  // the last member: they use the others
};

}  // namespace rehearse::sim
