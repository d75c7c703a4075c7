#include "model/steps/catalog_steps.hpp"

#include <fmt/format.h>

#include <boost/asio/awaitable.hpp>

#include <utility>

#include "model/steps/small_step.hpp"

namespace rehearse::steps {
namespace {

StepInfo catalog_step(std::string name, std::string needs, std::string changes) {
  return {.name = std::move(name),
          .section = "catalog",
          .hosts = {},
          .needs = std::move(needs),
          .changes = std::move(changes),
          .deadline = std::chrono::minutes(30)};
}

struct NoArguments {};

}  // namespace

std::string catalog_password() {
  return "SSISDB master key";
}

StepPtr create_catalog() {
  return make_step(
      catalog_step("create_catalog", "the instance online, CLR enabled by sysadmin", "SSISDB exists"), NoArguments{},
      [](Platform& platform, const NoArguments&) -> Awaitable<bool> { co_return co_await platform.catalog.exists(); },
      [](Platform& platform, const NoArguments&) -> Awaitable<void> {
        Secret password = co_await platform.person.secret(catalog_password());
        co_await platform.catalog.create(std::move(password));
      });
}

StepPtr enable_scale_out() {
  return make_step(
      catalog_step("enable_scale_out", "the Scale Out Master installed on every node that may own the instance",
                   "the catalog is enabled for Scale Out"),
      NoArguments{},
      [](Platform& platform, const NoArguments&) -> Awaitable<bool> {
        co_return co_await platform.catalog.scale_out_enabled();
      },
      [](Platform& platform, const NoArguments&) -> Awaitable<void> { co_await platform.catalog.enable_scale_out(); });
}

StepPtr enable_log_login() {
  return make_step(
      catalog_step("enable_log_login", "SSISDB", "the instance takes SQL logins, so workers can write their logs"),
      NoArguments{},
      [](Platform& platform, const NoArguments&) -> Awaitable<bool> {
        co_return co_await platform.catalog.log_login_enabled();
      },
      [](Platform& platform, const NoArguments&) -> Awaitable<void> { co_await platform.catalog.enable_log_login(); });
}

StepPtr set_startup_procedure() {
  return make_step(
      catalog_step("set_startup_procedure", "SSISDB", "catalog.startup runs whenever SQL Server starts"), NoArguments{},
      [](Platform& platform, const NoArguments&) -> Awaitable<bool> {
        co_return co_await platform.catalog.startup_procedure_set();
      },
      [](Platform& platform, const NoArguments&) -> Awaitable<void> {
        co_await platform.catalog.set_startup_procedure();
      });
}

StepPtr grant_ssis_admin(std::string account) {
  StepInfo info = catalog_step("grant_ssis_admin", "SSISDB and the domain account",
                               fmt::format("{} has a login whose user is in ssis_admin", account));
  return make_step(
      std::move(info), std::move(account),
      [](Platform& platform, const std::string& wanted) -> Awaitable<bool> {
        co_return co_await platform.catalog.is_admin(wanted);
      },
      [](Platform& platform, const std::string& wanted) -> Awaitable<void> {
        co_await platform.catalog.add_admin(wanted);
      });
}

}  // namespace rehearse::steps
