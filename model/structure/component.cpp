#include "model/structure/component.hpp"

#include <stdexcept>

namespace rehearse::model::structure {

std::string_view to_text(ComponentKind kind) {
  switch (kind) {
    case ComponentKind::site: return "site";
    case ComponentKind::site_link: return "link between sites";
    case ComponentKind::network: return "network";
    case ComponentKind::network_card: return "network card";
    case ComponentKind::name_service: return "name service";
    case ComponentKind::name_replication: return "replication of a name";
    case ComponentKind::directory: return "directory";
    case ComponentKind::node: return "node";
    case ComponentKind::witness: return "witness";
    case ComponentKind::disk: return "disk";
    case ComponentKind::disk_path: return "path to a disk";
    case ComponentKind::tempdb: return "tempdb folder";
    case ComponentKind::address: return "IP address";
    case ComponentKind::network_name: return "network name";
    case ComponentKind::sql_server: return "SQL Server";
    case ComponentKind::ssisdb: return "SSISDB";
    case ComponentKind::port: return "open port";
    case ComponentKind::account: return "account";
    case ComponentKind::login: return "login";
    case ComponentKind::settings_file: return "settings file";
    case ComponentKind::master_service: return "Scale Out Master";
    case ComponentKind::master_resource: return "cluster resource";
    case ComponentKind::certificate: return "certificate";
    case ComponentKind::certificate_copy: return "copy of a certificate";
    case ComponentKind::key_access: return "access to a private key";
    case ComponentKind::binding: return "http.sys binding";
    case ComponentKind::root_store: return "Root store";
    case ComponentKind::worker_machine: return "worker machine";
    case ComponentKind::worker_service: return "worker service";
    case ComponentKind::worker_enabled: return "enabled worker";
  }
  throw std::logic_error("a component of no kind");
}

std::string_view to_text(Shows shows) {
  switch (shows) {
    case Shows::at_once: return "at once";
    case Shows::when_name_comes_online: return "when the name comes online";
    case Shows::when_role_moves: return "when the role is on that node";
    case Shows::when_sql_starts: return "when SQL Server starts";
    case Shows::when_master_starts: return "when the Scale Out Master starts";
    case Shows::when_workers_connect: return "when a worker opens a connection";
  }
  throw std::logic_error("a loss that never shows");
}

}  // namespace rehearse::model::structure
