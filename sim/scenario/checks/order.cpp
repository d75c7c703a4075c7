// Time never goes back, and causes come before their effects.
#include "sim/scenario/checks/check.hpp"

namespace rehearse::sim {
namespace {

class Order : public Check {
 public:
  using Check::Check;

  void before(const world::Record& record, world::RecordId id, const world::State&) override {
    if (record.at < now_) broken("time goes back");
    if (record.cause >= id) broken("a record is caused by a later one");
    now_ = record.at;
  }

 private:
  core::Time now_ = core::Time::min();
};

}  // namespace

std::unique_ptr<Check> check_order(const world::Blueprint& plan) {
  return std::make_unique<Order>(plan);
}

}  // namespace rehearse::sim
