// Machines, networks, and what set-up leaves on machines.
#include <fmt/format.h>

#include <array>

#include "sim/report/reading.hpp"

namespace rehearse::sim {

using fmt::format;
using world::none;
using world::RecordKind;

std::string say_machine(const Reading& r) {
  switch (r.record.kind) {
    case RecordKind::host_power_lost: return "power lost";
    case RecordKind::host_bugchecked: return "stop error (bugcheck); Windows restarts by itself";
    case RecordKind::host_shutting_down: return r.on() ? "Windows restarts in order" : "Windows shuts down";
    case RecordKind::host_shut_down: return "is switched off, Windows ended in order";
    case RecordKind::host_frozen: return "stands still: nothing on it runs";
    case RecordKind::host_thawed: return "goes on where it stood still";
    case RecordKind::host_hung: return "hangs: its services stand still, its kernel sends heartbeats";
    case RecordKind::host_answers: return "no longer hangs";
    case RecordKind::host_booting: return "boots";
    case RecordKind::host_booted: return "Windows is up again";
    case RecordKind::link_down:
      return r.record.object == none ? "network card down" : format("network card on {} down", r.network());
    case RecordKind::link_up:
      return r.record.object == none ? "network card up again" : format("network card on {} up again", r.network());
    case RecordKind::site_link_down: return format("link to site {} down", r.part(world::site_id(r.record.object)));
    case RecordKind::site_link_up: return format("link to site {} up again", r.part(world::site_id(r.record.object)));
    case RecordKind::loss_set:
      return r.on() ? format("{:g} % of its packets are lost", static_cast<double>(r.record.value) / 10'000)
                    : "its packets arrive again";
    case RecordKind::latency_set:
      return r.on() ? format("its network is {} slower each way", r.length()) : "its network is as fast as usual";
    case RecordKind::directory_refuses:
      return r.on() ? "the domain refuses changes of computer objects"
                    : "the domain accepts changes of computer objects again";
    case RecordKind::replication_stopped:
      return r.on() ? "name servers keep the addresses that they have" : "name servers replicate again";
    case RecordKind::dns_stopped: return r.on() ? "DNS does not answer" : "DNS answers again";
    case RecordKind::partition_changed:
      return r.on() ? format("cut off: on side {} of a network partition", r.record.value)
                    : "on the common side of the network again";
    case RecordKind::port_blocked: {
      constexpr std::array ports = {"the port of the Scale Out Master", "port 1433 of SQL Server",
                                    "port 3343 of the heartbeats", "the port of the witness"};
      const char* const port = r.record.object < ports.size() ? ports[r.record.object] : "a port";
      return r.on() ? format("a firewall closes {}", port) : format("{} is open again", port);
    }
    case RecordKind::clock_set:
      if (!r.on()) return "its clock shows the true time";
      return r.record.value > 0 ? format("its clock is {} ahead", r.length())
                                : format("its clock is {} behind", model::to_text(-Duration(r.record.value)));
    case RecordKind::patches_installed: return "Windows updates installed: the next start puts them in place";
    case RecordKind::tempdb_missing:
      return r.on() ? "the path of tempdb is missing" : "the path of tempdb is there again";
    default: return {};
  }
}

namespace {

std::string store_of(const Reading& r) {
  const auto store = static_cast<world::Store>(r.record.value & 15);
  return store == world::Store::root ? "LocalMachine\\Root" : "LocalMachine\\My";
}

/// `which`: "first" or "last".
std::string validity(const Reading& r, std::string_view which, core::Time as_issued) {
  const core::Time date{Duration(r.record.value)};
  const std::string where = r.record.object == none ? "" : " on " + r.node();
  if (date == as_issued) return format("{} instant of its validity is as issued{}", which, where);
  return format("{} instant of its validity is {}{}", which, model::to_text(r.plan.date_at(date)), where);
}

std::string_view account_of(const Reading& r) {
  return static_cast<world::Account>(r.record.object) == world::Account::worker ? "Scale Out Workers'"
                                                                                : "Scale Out Master's";
}

}  // namespace

std::string say_installation(const Reading& r) {
  switch (r.record.kind) {
    case RecordKind::feature_installed: return "Failover Clustering feature installed";
    case RecordKind::sql_installed: return "SQL Server installed";
    case RecordKind::master_installed: return "Scale Out Master installed";
    case RecordKind::worker_installed: return "Scale Out Worker installed";
    case RecordKind::certificate_created:
      return format("created, valid until {}", model::to_text(r.plan.date_at(core::Time(Duration(r.record.value)))));
    case RecordKind::certificate_placed:
      return format("{} placed in {}{}", r.certificate(), store_of(r),
                    (r.record.value & world::with_key) != 0 ? " with its private key" : "");
    case RecordKind::certificate_removed: return format("{} removed from {}", r.certificate(), store_of(r));
    case RecordKind::private_key_removed: return format("{} in {} lost its private key", r.certificate(), store_of(r));
    case RecordKind::valid_from: return validity(r, "first", core::Time::min());
    case RecordKind::valid_until: return validity(r, "last", core::Time::max());
    case RecordKind::root_polluted:
      return r.on() ? "a certificate that is not self-signed lies in LocalMachine\\Root"
                    : "no foreign certificate lies in LocalMachine\\Root any more";
    case RecordKind::key_access_granted: return format("service account may read the key of {}", r.certificate());
    case RecordKind::key_access_lost: return format("service account may not read the key of {}", r.certificate());
    case RecordKind::password_expired:
      return format("the password of the {} account {}", account_of(r), r.on() ? "has expired" : "is renewed");
    case RecordKind::logon_refused:
      return format("{} does not start: its account cannot log on (error 1069)",
                    r.record.subject.part() == world::Part::worker ? "Scale Out Worker" : "Scale Out Master");
    case RecordKind::binding_set:
      if (r.record.object == none) return format("http.sys has no binding of port {} any more", r.record.value);
      return format("http.sys binding of port {} now holds {}", r.record.value, r.certificate());
    case RecordKind::master_setting: return "MasterSettings.config changed";
    case RecordKind::worker_setting: return "WorkerSettings.config changed";
    case RecordKind::start_type_set:
      return r.on() ? "start type of the Scale Out Master: Automatic" : "start type of the Scale Out Master: Manual";
    case RecordKind::firewall_opened: return format("firewall opened for TCP port {}", r.record.value);
    case RecordKind::catalog_created: return "SSISDB created";
    case RecordKind::scale_out_enabled: return "SSISDB enabled for Scale Out";
    case RecordKind::log_login_enabled: return "login for the workers' logs enabled";
    case RecordKind::startup_procedure_set: return "catalog.startup set as a startup procedure";
    case RecordKind::admin_added: return "account added to ssis_admin";
    case RecordKind::admin_removed: return "account removed from ssis_admin";
    case RecordKind::master_address_updated: return "master address updated in SSISDB";
    case RecordKind::worker_enabled: return "enabled in SSISDB";
    default: return {};
  }
}

}  // namespace rehearse::sim
