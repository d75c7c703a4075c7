// A rank of a fake work, for mpirun: rank 0 prints the number of chunks and the hash of their tally.
//   ranks_program CHUNKS [enough N] [fail CHUNK RANK] [differ RANK] [no_work RANK] [interrupt RANK]
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <map>
#include <stdexcept>
#include <string>
#include <thread>

#include "model/steps/failure.hpp"
#include "model/steps/sha256.hpp"
#include "sim/study/ranks/ranks.hpp"
#include "tests/study/fake_work.hpp"

namespace {

using namespace rehearse;

int run(sim::Ranks& ranks, std::uint64_t chunks, std::map<std::string, std::uint64_t> wishes) {
  const auto here = [&](const char* wish) {
    return wishes.contains(wish) && wishes[wish] == static_cast<std::uint64_t>(ranks.rank());
  };
  std::atomic<int> done = 0;
  sim::FakeWork work(chunks, here("differ") ? "another" : "fake");
  if (wishes.contains("enough")) work.enough_from(wishes["enough"]);
  work.before_each([&](std::uint64_t) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    if (++done == 20 && here("fail")) throw std::logic_error("chunk broke");
  });
  const auto interrupted = [&] { return here("interrupt") && done > 20; };
  if (ranks.rank() > 0) {
    if (here("no_work")) {
      ranks.give_up("the study is not there");
      return 64;
    }
    return ranks.serve(work, {1, interrupted, {}}) ? 0 : 1;
  }
  sim::Gathered gathered(work);
  sim::ConductOptions options;
  options.interrupted = interrupted;
  options.companions = &ranks.companions(work.identity());
  sim::conduct(work, gathered, options);
  std::printf("%s %llu %s, %s here\n", gathered.ended() ? "ended" : "interrupted",
              static_cast<unsigned long long>(gathered.complete()), steps::sha256_hex(gathered.tally().bytes()).c_str(),
              static_cast<std::uint64_t>(done) < gathered.complete() ? "some" : "all");
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  std::map<std::string, std::uint64_t> wishes;
  for (int place = 2; place + 1 < argc; place += 2) wishes[argv[place]] = std::strtoull(argv[place + 1], nullptr, 10);
  try {
    const auto ranks = sim::Ranks::join();
    try {
      return run(*ranks, std::strtoull(argv[1], nullptr, 10), wishes);
    } catch (const std::exception& error) {
      std::printf("failed: %s\n", error.what());
      std::fflush(stdout);
      return 70;
    }
  } catch (const std::exception& error) {
    std::printf("failed: %s\n", error.what());
    return 64;
  }
}
