// A transport that ends on the far side: each script is interpreted on the machine that it is for. What is between
// (processes, ssh, the bootstrap) has tests of its own; this is for those that ask what the scripts do.
#pragma once

#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <string>

#include "model/steps/adapters/any_port.hpp"
#include "model/steps/perform.hpp"
#include "real_backend/transport/transport.hpp"
#include "tests/far_side/machine.hpp"

namespace far_side {

class FarTransport final : public rehearse::real::Transport {
 public:
  /// The world must outlive it.
  explicit FarTransport(FarWorld& the_world, Logon the_logon = Logon::network) : world(the_world), logon(the_logon) {}

  rehearse::steps::Awaitable<std::string> run(rehearse::real::RemoteScript script) override;

  FarWorld& world;
  Logon logon;
  std::function<void(const rehearse::real::RemoteScript&, const std::string& answer)> told;  // of every script
};

/// The far world's clock for steps. Whoever sleeps is woken when the world has got there, and the world goes on to the
/// first of them only when nothing else is left to do: several may sleep at once, one of them a deadline of hours.
class FarClock {
 public:
  /// The world must outlive it.
  explicit FarClock(FarWorld& world) : world_(world) {}

  rehearse::steps::Awaitable<rehearse::steps::Answer> call(rehearse::steps::ClockRequest request);
  /// Lets the world go on to the moment in which the first sleeper wakes; false: nobody sleeps.
  bool wake_next();

 private:
  struct Sleeper;

  FarWorld& world_;
  std::multimap<Instant, std::shared_ptr<Sleeper>> sleepers_;
};

/// A platform with another clock.
class WithFarClock final : public rehearse::steps::AnyPort {
 public:
  /// Both must outlive it.
  WithFarClock(FarClock& clock, rehearse::steps::AnyPort& rest) : clock_(clock), rest_(rest) {}

  rehearse::steps::Awaitable<rehearse::steps::Answer> call(rehearse::steps::AnyRequest request) override;

 private:
  FarClock& clock_;
  rehearse::steps::AnyPort& rest_;
};

/// How long the platform waits between looks, in real time; run_on lets these waits end before the far clock goes on.
inline constexpr std::chrono::microseconds own_timers{50};

/// Runs an operation to its end, with the far clock's time instead of real time. A std::logic_error when it neither
/// ends nor sleeps within a minute.
/// T: Performance, StepOutcome, Observation or Applied.
template <class T>
T run_on(FarClock& clock, rehearse::steps::Awaitable<T> operation);
}  // namespace far_side
