#include "sim/core/calendar.hpp"

#include <stdexcept>
#include <string>

namespace rehearse::core {

namespace {

std::string text(const Address& address) {
  return "(rank " + std::to_string(address.rank) + ", component " + std::to_string(address.component) + ", ordinal " +
         std::to_string(address.ordinal) + ")";
}

std::string text(Time time) {
  return std::to_string(time.time_since_epoch().count()) + " ns";
}

}  // namespace

Slot Calendar::add_slot(Address address) {
  const Slot slot = slots_.add(address);
  causes_.push_back(0);
  return slot;
}

Time Calendar::next_time() const {
  const EventKey timer = !slots_.sealed()  ? slots_.scan()
                         : firing_ != none ? slots_.root_without(firing_)
                                           : slots_.root();
  return time_of(earlier(timer, posted_.earliest()));
}

void Calendar::settle() {
  slots_.seal();
  if (firing_ != none) disarm_fired();
  posted_.settle();
  idle_ = true;
}

void Calendar::disarm_fired() {
  slots_.set(firing_, biased(never));
  causes_[firing_] = 0;
  firing_ = none;
}

void Calendar::refuse_slot(std::uint32_t index) {
  throw std::logic_error("the calendar has no slot " + std::to_string(index));
}

void Calendar::refuse_address(const Address& address) {
  throw std::logic_error("an event's address is out of range: " + text(address));
}

void Calendar::refuse_past(Time time) const {
  if (time == never) throw std::logic_error("an event was posted for never");
  throw std::logic_error("an event was scheduled for " + text(time) + ", before the present, " + text(now_));
}

void Calendar::refuse_twins(EventKey key) {
  throw std::logic_error("two pending events have the same time and address: " + text(time_of(key)) + ", " +
                         text(address_of(key)));
}

}  // namespace rehearse::core
