// What performing a deployment takes and a design does not state: where SQL Server's media lies, who is its
// administrator, which files hold the certificates, where secrets come from. One file, `--site site.json`; it holds no
// secret itself.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/diagnostic.hpp"
#include "model/reading.hpp"

namespace rehearse::real {

/// How commands are performed that need more than the rights of a network logon on the node (W 8: New-Cluster,
/// Add-ClusterNode, Set-ClusterQuorum with a file share, cluster-aware setup reach other machines in turn).
enum class SecondHop : unsigned char {
  delegated,       // the logon can be used onward: CredSSP, Kerberos delegation, ssh with GSSAPI delegation
  scheduled_task,  // through a task on the node, registered under the installation account and its password
};

/// Where one secret comes from; the environment is asked first.
struct SecretSource {
  std::string environment;           // a variable's name; empty: not from there
  std::vector<std::string> command;  // a program that prints it on standard output, without a shell; empty: none
};

struct Site {
  std::string media;                                // folder with setup.exe, as every node sees it
  std::string program_files = "C:\\Program Files";  // where SQL Server's shared components are
  // Of the instance, all of them or none: without them SQL Server must be there already.
  std::string sql_data_folder;                  // INSTALLSQLDATADIR, on a disk of the instance
  std::string sql_account, agent_account;       // of the SQL Server services; agent empty: the same
  std::vector<std::string> sql_administrators;  // SQLSYSADMINACCOUNTS
  std::string cluster_address;                  // of the cluster's own access point; empty: DHCP
  SecondHop second_hop = SecondHop::scheduled_task;
  std::string installation_account;                      // for scheduled tasks, and then never empty
  std::map<std::string, std::string> certificate_files;  // design's certificate -> PKCS#12 or .cer on this machine
  std::map<std::string, SecretSource> secrets;           // by the secret's name
};

struct SiteResult {
  std::optional<Site> site;
  std::vector<model::Diagnostic> diagnostics;
};

/// All problems at once, with places and remedies; unknown keys are errors. `file` is what diagnostics call it;
/// relative certificate files count from its folder. Opens no file.
SiteResult read_site(const std::string& text, const std::string& file);

/// Reads the file; the certificate files must be there.
SiteResult read_site_file(const std::string& path);

/// Every object of known shape in a site file, the root ("") first: what the JSON Schema must describe.
const std::vector<model::Shape>& site_shapes();

/// The name of the secret with which scheduled tasks are registered: "password of CORP\\installer".
std::string installation_secret(const Site& site);

}  // namespace rehearse::real
