// What can be asked of the SSISDB catalog, on the instance that holds it (S 1, 4.3). The platform knows the instance by
// the name that clients use, so the request reaches it on whichever node it runs. Workers are named by their machine
// names.
#pragma once

#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "model/steps/answer.hpp"
#include "model/steps/request.hpp"

namespace rehearse::steps::catalog {

struct OfAccount {
  std::string account;
  explicit OfAccount(std::string the_account) : account(std::move(the_account)) {}
  auto fields() const { return std::tie(account); }
  friend bool operator==(const OfAccount&, const OfAccount&) = default;
};

struct OfWorker {
  std::string worker;
  explicit OfWorker(std::string the_worker) : worker(std::move(the_worker)) {}
  auto fields() const { return std::tie(worker); }
  friend bool operator==(const OfWorker&, const OfWorker&) = default;
};

/// Is there an SSISDB? Answers a flag.
struct Exists : Query<NoDetails> {
  using Query::Query;
  static constexpr std::string_view name = "Exists";
};

struct NewCatalog {
  Secret password;
  explicit NewCatalog(Secret the_password) : password(std::move(the_password)) {}
  auto fields() const { return std::tie(password); }
  friend bool operator==(const NewCatalog&, const NewCatalog&) = default;
};

/// SSISDB with its database master key under this password.
struct Create : Change<NewCatalog> {
  using Change::Change;
  static constexpr std::string_view name = "Create";
};

/// Answers a flag.
struct ScaleOutEnabled : Query<NoDetails> {
  using Query::Query;
  static constexpr std::string_view name = "ScaleOutEnabled";
};

/// Refused unless the Scale Out Master is installed on the node that owns the instance now (27261, S 4.3). Makes the
/// log login, and the virtual account's login in ssis_admin; for a domain account it makes none.
struct EnableScaleOut : Change<NoDetails> {
  using Change::Change;
  static constexpr std::string_view name = "EnableScaleOut";
};

/// Does the instance take SQL logins, and so the workers' log login (S 5, 8)? Answers a flag.
struct LogLoginEnabled : Query<NoDetails> {
  using Query::Query;
  static constexpr std::string_view name = "LogLoginEnabled";
};

/// Mixed mode. It takes effect when SQL Server starts, so the instance's SQL Server resource is restarted.
struct EnableLogLogin : Change<NoDetails> {
  using Change::Change;
  static constexpr std::string_view name = "EnableLogLogin";
};

/// Does catalog.startup run when SQL Server starts (S 1.7)? Answers a flag.
struct StartupProcedureSet : Query<NoDetails> {
  using Query::Query;
  static constexpr std::string_view name = "StartupProcedureSet";
};

/// Marks sp_ssis_startup for automatic execution.
struct SetStartupProcedure : Change<NoDetails> {
  using Change::Change;
  static constexpr std::string_view name = "SetStartupProcedure";
};

/// Has the account a login whose user is in ssis_admin? Answers a flag.
struct IsAdmin : Query<OfAccount> {
  using Query::Query;
  static constexpr std::string_view name = "IsAdmin";
};

/// Login, user and membership in ssis_admin (S 4.3).
struct AddAdmin : Change<OfAccount> {
  using Change::Change;
  static constexpr std::string_view name = "AddAdmin";
};

/// MASTER_ADDRESS; answers a text, empty when it was never set.
struct MasterAddress : Query<NoDetails> {
  using Query::Query;
  static constexpr std::string_view name = "MasterAddress";
};

struct NewMasterAddress {
  std::string url;
  explicit NewMasterAddress(std::string the_url) : url(std::move(the_url)) {}
  auto fields() const { return std::tie(url); }
  friend bool operator==(const NewMasterAddress&, const NewMasterAddress&) = default;
};

/// catalog.update_master_address (S 4.2).
struct UpdateMasterAddress : Change<NewMasterAddress> {
  using Change::Change;
  static constexpr std::string_view name = "UpdateMasterAddress";
};

/// LAST_ONLINE_TIME by SQL Server's clock; answers a date, the epoch when there is none.
struct MasterLastOnline : Query<NoDetails> {
  using Query::Query;
  static constexpr std::string_view name = "MasterLastOnline";
};

/// Answers a flag; no for a worker that never registered.
struct WorkerEnabled : Query<OfWorker> {
  using Query::Query;
  static constexpr std::string_view name = "WorkerEnabled";
};

/// catalog.enable_worker_agent; not_found for a worker that never registered (S 1.3).
struct EnableWorker : Change<OfWorker> {
  using Change::Change;
  static constexpr std::string_view name = "EnableWorker";
};

/// LastOnlineTime by SQL Server's clock; answers a date, the epoch for a worker that never registered.
struct WorkerLastOnline : Query<OfWorker> {
  using Query::Query;
  static constexpr std::string_view name = "WorkerLastOnline";
};

}  // namespace rehearse::steps::catalog
