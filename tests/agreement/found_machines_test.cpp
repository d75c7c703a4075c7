// Machines as they are found in the world: somebody else's firewall rules, bindings and leftovers, another language.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>

#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/steps/adapters/any_port.hpp"
#include "model/steps/answer.hpp"
#include "model/steps/requests.hpp"
#include "model/steps/step.hpp"
#include "tests/agreement/deployed.hpp"
#include "tests/far_side/access.hpp"
#include "tests/far_side/clockwork.hpp"

namespace rehearse::agreement {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

/// One request as a step; `answer` is what came back.
class Asking final : public steps::Step {
 public:
  Asking(steps::AnyRequest request, std::optional<steps::Answer>& answer)
      : Step({steps::name_of(request), "-", {}, "", ""}), request_(std::move(request)), answer_(answer) {}

  steps::Awaitable<bool> satisfied(steps::Platform&) const override { co_return false; }
  steps::Awaitable<void> apply(steps::Platform& platform) const override {
    steps::AnyRequest request = request_;
    answer_ = co_await steps::forward(platform, std::move(request));
  }
  steps::Awaitable<void> verify(steps::Platform&) const override { co_return; }

 private:
  steps::AnyRequest request_;
  std::optional<steps::Answer>& answer_;
};

class FoundMachines : public testing::Test {
 protected:
  far_side::Machine& machine(const std::string& name) { return farm.world.machines.at(name); }

  /// The account of its failure; empty: there is none.
  std::string ask(steps::AnyRequest request) {
    std::vector<steps::StepPtr> steps;
    steps.push_back(std::make_unique<Asking>(std::move(request), answer));
    return farm.perform(steps);
  }

  const Deployed& start = deployed("stated joint");
  FarFarm farm{start.deployable, start.far};
  std::optional<steps::Answer> answer;
};

// ---- the firewall

class FoundRules : public FoundMachines {
 protected:
  FoundRules() {
    machine("SQL1").rules.clear();
    rule.name = rule.display = "an app";
    rule.ports = {"Any"};
  }

  bool is_open() {
    machine("SQL1").rules.push_back(rule);
    const std::string account = ask(steps::HostRequest(steps::host::FirewallOpen("SQL1", 8391)));
    EXPECT_EQ(account, "");
    return answer && answer->flag();
  }

  far_side::FirewallRule rule;
};

TEST_F(FoundRules, for_everything_open_the_port) {
  EXPECT_TRUE(is_open());
}

TEST_F(FoundRules, for_an_app_in_a_container_do_not) {
  rule.package = "S-1-15-2-1239072475-3687740317";
  EXPECT_FALSE(is_open());
}

TEST_F(FoundRules, that_a_user_owns_do_not) {
  rule.owner = "S-1-5-21-1-2-3-1001";
  EXPECT_FALSE(is_open());
}

TEST_F(FoundRules, for_one_interface_do_not) {
  rule.interface_alias = "Backup";
  EXPECT_FALSE(is_open());
}

TEST_F(FoundRules, for_some_users_do_not) {
  rule.remote_user = "O:LSD:(A;;CC;;;S-1-5-21-1-2-3-1001)";
  EXPECT_FALSE(is_open());
}

// ---- validation

TEST_F(FoundMachines, in_another_language_write_a_report_that_cannot_be_read) {
  farm.world.speaks_german = true;
  EXPECT_THAT(ask(steps::ClusterRequest(steps::cluster::Validate({"SQL1", "SQL2"}))),
              AllOf(HasSubstr("its report cannot be read"), HasSubstr("List Disks: Erfolgreich"),
                    Not(HasSubstr("Validation found errors"))));
}

TEST_F(FoundMachines, that_wait_for_a_restart_fail_validation_in_so_many_words) {
  far_side::ask_for_restart(farm.world, "SQL2");
  EXPECT_THAT(ask(steps::ClusterRequest(steps::cluster::Validate({"SQL1", "SQL2"}))),
              HasSubstr("Validation found errors: Validate Software Update Levels: Failed. The page"));
}

// ---- bindings

TEST_F(FoundMachines, keep_a_binding_with_settings_that_another_one_would_lose) {
  const std::optional<far_side::SslBinding> wanted = far_side::binding_of(machine("SQL1"), "0.0.0.0:8391");
  ASSERT_TRUE(wanted);
  far_side::RegistryKey& binding = machine("SQL1").registry.at(far_side::binding_key("0.0.0.0:8391"));
  binding.at("SslCertHash").text.assign(20, '\x88');
  const std::string others(40, '8');
  binding["DefaultFlags"] = far_side::registry_number(3);
  binding["DefaultSslCertCheckMode"] = far_side::registry_number(1);
  binding["DefaultSslCtlStoreName"] = far_side::registry_text("Issuers");
  const steps::AnyRequest bind =
      steps::CertificateRequest(steps::certificate_store::Bind("SQL1", 8391, wanted->thumbprint, wanted->store));
  EXPECT_THAT(ask(bind), HasSubstr("DefaultFlags=3, DefaultSslCertCheckMode=1, DefaultSslCtlStoreName=Issuers"));
  EXPECT_EQ(far_side::binding_of(machine("SQL1"), "0.0.0.0:8391")->thumbprint, others);

  far_side::RegistryKey& usual = machine("SQL1").registry.at(far_side::binding_key("0.0.0.0:8391"));
  usual["DefaultFlags"] = far_side::registry_number(2);
  usual["DefaultSslCertCheckMode"] = far_side::registry_number(0);
  usual["DefaultSslCtlStoreName"] = far_side::registry_text("");
  EXPECT_EQ(ask(bind), "");
  EXPECT_EQ(far_side::binding_of(machine("SQL1"), "0.0.0.0:8391")->thumbprint, wanted->thumbprint);
}

// ---- setup

TEST_F(FoundMachines, with_the_settings_of_a_setup_that_was_cut_off_lose_them_to_the_next_one) {
  const std::string folder = "C:\\Windows\\rehearse-setup";
  machine("WRK1").files[folder].folder = true;
  machine("WRK1").files[folder + "\\setup.ini"].bytes = "ISWORKERSVCPASSWORD=\"secret\"";
  const std::string account = ask(steps::HostRequest(
      steps::host::InstallWorker("WRK1", "SSISScaleOutWorker150", "CORP\\svc-worker",
                                 steps::Secret("password of CORP\\svc-worker", "w"), "https://SQLFCI:8391")));
  EXPECT_THAT(account, HasSubstr("is there already"));
  EXPECT_EQ(machine("WRK1").files.count(folder), 0u);
  EXPECT_EQ(machine("WRK1").files.count(folder + "\\setup.ini"), 0u);
}

}  // namespace
}  // namespace rehearse::agreement
