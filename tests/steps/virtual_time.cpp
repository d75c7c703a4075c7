#include "virtual_time.hpp"

namespace rehearse::steps {
namespace {

// Takes the sleeper out however the sleep ends, also when its coroutine is destroyed.
class Asleep {
 public:
  template <class Map, class Key>
  Asleep(Map& sleepers, Key key, Gate& gate) : wake_([&sleepers, key] { sleepers.erase(key); }) {
    sleepers.emplace(key, &gate);
  }
  ~Asleep() { wake_(); }
  Asleep(const Asleep&) = delete;
  Asleep& operator=(const Asleep&) = delete;

 private:
  std::function<void()> wake_;
};

Awaitable<bool> then_true(Awaitable<void> operation) {
  co_await std::move(operation);
  co_return true;
}

}  // namespace

Awaitable<void> VirtualTime::sleep(Duration length) {
  Gate gate;
  const Asleep asleep(sleepers_, Key(now_ + length, sleeps_++), gate);
  co_await gate.wait();
}

bool VirtualTime::advance() {
  if (sleepers_.empty()) return false;
  const auto [key, gate] = *sleepers_.begin();
  now_ = std::max(now_, key.first);
  gate->open();
  sleepers_.erase(sleepers_.begin());
  return true;
}

void run(VirtualTime& time, Awaitable<void> operation) {
  run<bool>(time, then_true(std::move(operation)));
}

}  // namespace rehearse::steps
