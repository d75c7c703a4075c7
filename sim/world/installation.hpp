// What set-up programs, wizards and administrators leave behind, as changes to the world: the far side of the
// installation steps, and the short cut that puts a finished deployment there at once.
#pragma once

#include "sim/world/world.hpp"

namespace rehearse::world {

class Installation : public Subject {
 public:
  using Subject::Subject;

  void install_feature(HostIndex node, RecordId why);
  /// SQL Setup on the first node makes the role with its resources and brings it online; further nodes join it (W 7.5).
  void install_first_sql_node(HostIndex node, RecordId why);
  void add_sql_node(HostIndex node, RecordId why);
  /// A stand-alone instance with a replica of the availability group.
  void install_replica(HostIndex node, RecordId why);

  /// Integration Services with the Scale Out Master, stand-alone. Setup binds the certificate to the port, points
  /// SqlServerName at the node itself and leaves the service running with start type Automatic (behaviour.md 6, S 4.1).
  void install_master(HostIndex node, TextIndex account, CertificateIndex certificate, int port, RecordId why);
  /// `certificate`: what Setup makes as the worker's own. Leaves the service running (S 3).
  void install_worker(WorkerIndex worker, TextIndex account, TextIndex endpoint, CertificateIndex certificate,
                      RecordId why);

  /// The parts of these two without what Setup does beside: no certificate, no binding, the service stopped.
  void put_master(HostIndex node, TextIndex account, RecordId why);
  void put_worker(WorkerIndex worker, TextIndex account, RecordId why);
  /// Its row in worker_agents, as its first heartbeat makes it (S 1.3).
  void register_worker(WorkerIndex worker, RecordId why);

  CertificateIndex create_certificate(CertificateIndex like, Time not_after, RecordId why);
  void place_certificate(HostIndex host, CertificateIndex certificate, Store store, bool key, RecordId why);
  void remove_certificate(HostIndex host, CertificateIndex certificate, Store store, RecordId why);
  void bind_certificate(HostIndex node, CertificateIndex certificate, int port, RecordId why);  // none: unbinds
  void grant_key_access(WorkerIndex worker, CertificateIndex certificate, RecordId why);
  void open_firewall(HostIndex host, int port, RecordId why);

  /// Settings files. The services read them when they start.
  void write_master_settings(HostIndex node, const MasterSettingsState& settings, RecordId why);
  void write_worker_settings(WorkerIndex worker, const WorkerSettingsState& settings, RecordId why);

  void enable_scale_out(RecordId why);
  void enable_log_login(RecordId why);
  void set_startup_procedure(RecordId why);
  void add_admin(TextIndex account, RecordId why);
  void update_master_address(TextIndex url, RecordId why);

  void add_master_resource(RecordId why);  // to the role that exists
  void create_master_role(HostIndex owner, RecordId why);

  /// The design's end state at once: everything installed, roles wanted online, workers registered and enabled. The
  /// roles come up in the following virtual minutes.
  void finish();

 private:
  /// All of a worker but the start of its service.
  RecordId prepare_worker(WorkerIndex worker, TextIndex account, TextIndex endpoint, CertificateIndex certificate,
                          RecordId why);
  void create_sql_role(HostIndex node, RecordId why);
  void finish_instance(RecordId why);
  void finish_replicas(RecordId why);
  void finish_certificates(RecordId why);
  void finish_scale_out(RecordId why);
  void finish_other_roles(RecordId why);
};

/// What a design's master settings are as the world holds them on a node.
MasterSettingsState settings_of(const Blueprint& plan, const model::MasterSettings& settings);

/// The certificate that has this thumbprint; none: the design does not know it.
CertificateIndex certificate_with(const World& world, std::string_view thumbprint);
/// Of a certificate that steps made the thumbprint is made up: stable, and like no other of the world.
std::string thumbprint_of(const World& world, CertificateIndex certificate);

}  // namespace rehearse::world
