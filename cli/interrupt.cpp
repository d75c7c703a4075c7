#include "cli/interrupt.hpp"

#include <atomic>
#include <csignal>

namespace rehearse::cli {
namespace {

std::atomic<bool> came = false;
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may set it");

extern "C" void note_interrupt(int) {
  came = true;
}

}  // namespace

void note_interrupts() {
  std::signal(SIGINT, note_interrupt);
  std::signal(SIGTERM, note_interrupt);
  // A terminal that is closed ends its programs, unless nohup asked for the opposite.
  if (std::signal(SIGHUP, note_interrupt) == SIG_IGN) std::signal(SIGHUP, SIG_IGN);
}

bool interrupted() {
  return came;
}

}  // namespace rehearse::cli
