// Stories about certificates and clocks: what a new connection meets, and when a refusal turns into another answer by
// itself (S 3; behaviour.md 5).
#include "sim/world/certificates.hpp"

#include <gtest/gtest.h>

#include "rehearsal.hpp"
#include "sim/world/configuration.hpp"
#include "sim/world/installation.hpp"
#include "sim/world/workers.hpp"

namespace rehearse::world {
namespace {

using model::HandshakeOutcome;

constexpr HostIndex sql1 = 0;
constexpr WorkerIndex wrk1 = 0, wrk2 = 1;

class Farm {
 public:
  explicit Farm(const std::string& name = "reference") : rehearsal_(quiet(name)) {}

  World* operator->() { return &*rehearsal_; }
  Rehearsal& rehearsal() { return rehearsal_; }
  HostIndex host(WorkerIndex worker) { return rehearsal_.plan().workers[worker].host; }
  CertificateIndex certificate(const std::string& key) { return rehearsal_.plan().find_certificate(key); }

  void go_to(Duration when) {
    rehearsal_->run_until(at(when) - Duration(1));
    rehearsal_->engine().advance_to(at(when));
  }
  /// Its connection opens anew, in the next minute.
  void restart(WorkerIndex worker) {
    ASSERT_TRUE(rehearsal_->workers().stop_service(worker, 0));
    ASSERT_TRUE(rehearsal_->workers().start_service(worker, 0));
  }
  HandshakeOutcome refusal(WorkerIndex worker) { return rehearsal_->state().workers[worker].refusal; }
  bool connected(WorkerIndex worker) { return rehearsal_->workers().connected(worker); }

 private:
  static model::Design quiet(const std::string& name) {
    model::Design design = shipped_design(name);
    design.batches.clear();
    return design;
  }
  Rehearsal rehearsal_;
};

TEST(Certificates, that_expire_are_met_by_the_next_connection_only) {
  Farm farm;
  farm.go_to(10min);
  farm->certificates().set_valid_until(farm.certificate("master"), none, at(10min), 0);
  farm.go_to(40min);
  EXPECT_TRUE(farm.connected(wrk1)) << "a connection that stands is not judged again";
  farm.restart(wrk1);
  farm.go_to(42min);
  EXPECT_EQ(farm.refusal(wrk1), HandshakeOutcome::master_expired);
  EXPECT_TRUE(farm.connected(wrk2));
  farm->certificates().set_valid_until(farm.certificate("master"), none, at(48h), 0);
  farm.go_to(43min + 1s);
  EXPECT_TRUE(farm.connected(wrk1));
}

TEST(Certificates, that_become_valid_let_workers_in_without_anybody_doing_anything) {
  Farm farm;
  farm.go_to(10min);
  farm->certificates().set_valid_from(farm.certificate("worker"), none, at(30min), 0);
  farm.restart(wrk1);
  farm.go_to(30min);
  EXPECT_EQ(farm.refusal(wrk1), HandshakeOutcome::worker_not_yet_valid);
  farm.go_to(31min + 1s);
  EXPECT_TRUE(farm.connected(wrk1));
}

TEST(Certificates, of_one_machine_may_have_other_dates_than_those_of_the_same_name) {
  // The design knows one certificate of the pool; Setup made one on every machine (S 3).
  Farm farm;
  farm.go_to(10min);
  farm->certificates().set_valid_until(farm.certificate("worker"), farm.host(wrk1), at(5min), 0);
  farm.restart(wrk1);
  farm.restart(wrk2);
  farm.go_to(12min);
  EXPECT_EQ(farm.refusal(wrk1), HandshakeOutcome::worker_expired);
  EXPECT_TRUE(farm.connected(wrk2));
  farm->certificates().set_valid_until(farm.certificate("worker"), farm.host(wrk1), Time::max(), 0);
  farm.go_to(13min + 1s);
  EXPECT_TRUE(farm.connected(wrk1));
  EXPECT_TRUE(farm->state().shown_dates.empty());
}

TEST(Certificates, lose_their_keys_and_the_access_to_them) {
  Farm farm;
  farm.go_to(10min);
  farm->certificates().remove_private_key(sql1, farm.certificate("master"), Store::root, 0);
  EXPECT_EQ(farm->workers().handshake(wrk1, sql1), HandshakeOutcome::binding_key_unusable);
  Installation(*farm.rehearsal()).place_certificate(sql1, farm.certificate("master"), Store::root, true, 0);
  farm->certificates().take_key_access(wrk1, 0);
  EXPECT_EQ(farm->workers().handshake(wrk1, sql1), HandshakeOutcome::worker_key_inaccessible);
  EXPECT_EQ(farm->workers().handshake(wrk2, sql1), HandshakeOutcome::accepted);
  farm->certificates().remove_private_key(farm.host(wrk1), farm.certificate("worker"), Store::my, 0);
  EXPECT_EQ(farm->workers().handshake(wrk1, sql1), HandshakeOutcome::worker_key_missing);
  farm->certificates().set_root_polluted(sql1, true, 0);
  EXPECT_EQ(farm->workers().handshake(wrk2, sql1), HandshakeOutcome::node_root_polluted);
  farm->certificates().set_root_polluted(sql1, false, 0);
  EXPECT_EQ(farm->workers().handshake(wrk2, sql1), HandshakeOutcome::accepted);
}

TEST(Certificates, of_workers_may_carry_any_name) {
  // The node asks whether the certificate lies in its Root, not whose name is in it (S 3; that no name is checked is
  // assumed). One certificate serves three workers here, and it names one machine.
  model::Design design = shipped_design("reference");
  design.batches.clear();
  for (model::Certificate& certificate : design.certificates) {
    if (certificate.key == "worker") certificate.common_names = {"SOMEBODY-ELSE"};
  }
  Rehearsal rehearsal(design);
  rehearsal->run_until(at(10min));
  for (WorkerIndex worker = 0; worker < 3; ++worker) EXPECT_TRUE(rehearsal->workers().connected(worker));
}

TEST(Certificates, of_the_worker_need_no_copy_in_its_own_root) {
  Farm farm;
  farm.go_to(10min);
  Installation(*farm.rehearsal()).remove_certificate(farm.host(wrk1), farm.certificate("worker"), Store::root, 0);
  EXPECT_EQ(farm->workers().handshake(wrk1, sql1), HandshakeOutcome::accepted);
}

TEST(Clocks, of_the_side_that_looks_decide_about_dates) {
  // The worker looks at the master's certificate, the node at the worker's.
  Farm farm;
  farm.go_to(10min);
  farm->certificates().set_valid_until(farm.certificate("master"), none, at(60min), 0);
  farm->configuration().set_clock(farm.host(wrk1), 51min, 0);
  EXPECT_EQ(farm->workers().handshake(wrk1, sql1), HandshakeOutcome::master_expired);
  EXPECT_EQ(farm->workers().handshake(wrk2, sql1), HandshakeOutcome::accepted);
  farm->configuration().set_clock(farm.host(wrk1), Duration::zero(), 0);
  farm->configuration().set_clock(sql1, 51min, 0);
  EXPECT_EQ(farm->workers().handshake(wrk1, sql1), HandshakeOutcome::accepted);
  farm->certificates().set_valid_until(farm.certificate("worker"), none, at(60min), 0);
  EXPECT_EQ(farm->workers().handshake(wrk1, sql1), HandshakeOutcome::worker_expired);
}

TEST(Clocks, that_are_behind_find_a_certificate_valid_later) {
  Farm farm;
  farm.go_to(10min);
  farm->configuration().set_clock(farm.host(wrk1), -10min, 0);
  farm->certificates().set_valid_from(farm.certificate("master"), none, at(20min), 0);
  farm.restart(wrk1);
  farm.restart(wrk2);
  farm.go_to(21min + 1s);
  EXPECT_TRUE(farm.connected(wrk2));
  farm.go_to(30min);
  EXPECT_EQ(farm.refusal(wrk1), HandshakeOutcome::master_not_yet_valid);
  farm.go_to(31min + 1s);
  EXPECT_TRUE(farm.connected(wrk1));
}

}  // namespace
}  // namespace rehearse::world
