#include "cli/probe_command.hpp"

#include <fmt/format.h>
#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <cstdlib>
#include <iostream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cli/page.hpp"
#include "cli/telling.hpp"
#include "model/artefacts/certificate_with_key.hpp"
#include "model/artefacts/settings_file.hpp"
#include "model/artefacts/x509.hpp"
#include "model/design_reader.hpp"
#include "model/whole_file.hpp"
#include "real_backend/probe/probe.hpp"
#include "real_backend/probe/probe_report.hpp"
#include "real_backend/probe/probe_targets.hpp"

namespace rehearse::cli {
namespace {

struct Options {
  std::string design;
  std::vector<std::string> settings, identities, trusted, connect;
  std::string password_variable;
  std::string timeout = "10s";
  int warn_days = 30;
  std::optional<int> sql_port;
  bool no_sql = false;
  std::string format = "text";
  bool quiet = false;
};

constexpr std::size_t largest_file = 1024 * 1024;

/// Collects everything that is wrong with what was given, so that all of it is told at once.
class Preparation {
 public:
  explicit Preparation(const Options& options) : options_(options) {}

  /// nullopt: something is wrong; it has been told.
  std::optional<real::ProbeJob> job() {
    read_durations();
    read_design();
    read_settings();
    read_identities();
    read_trusted();
    choose_instance();
    apply_redirections();
    if (wrong_) return std::nullopt;
    return std::move(job_);
  }

 private:
  void tell(const std::string& problem) {
    spdlog::error("{}", problem);
    wrong_ = true;
  }
  void tell(const std::vector<model::Diagnostic>& diagnostics) {
    cli::tell(diagnostics);
    wrong_ = wrong_ || model::has_errors(diagnostics);
  }

  void read_durations() {
    const auto patience = model::parse_duration(options_.timeout);
    if (patience && *patience >= std::chrono::milliseconds(100) && *patience <= std::chrono::minutes(10)) {
      job_.kit.patience = *patience;
    } else {
      tell("--timeout '" + options_.timeout + "' is no length of time from 100ms to 10m; write for example 10s");
    }
    job_.kit.warn_before = std::chrono::days(options_.warn_days);
  }

  void read_design() {
    if (options_.design.empty()) {
      if (options_.settings.empty()) tell("there is nothing to probe: name a design, or --settings");
      return;
    }
    model::DesignResult result = model::read_design_file(options_.design);
    tell(result.diagnostics);
    if (!result.design) return;
    design_ = std::move(*result.design);
    if (options_.settings.empty()) job_.endpoints = real::endpoints_of(*design_);
  }

  void read_settings() {
    for (const std::string& file : options_.settings) {
      const auto bytes = content_of(file);
      if (!bytes) continue;
      const auto read = model::read_worker_settings(*bytes, file);
      tell(read.diagnostics);
      if (!read.settings) continue;
      auto target = real::endpoint_of(*read.settings, file, design_ ? &*design_ : nullptr);
      if (target) {
        job_.endpoints.push_back(std::move(*target));
      } else {
        tell(file + ": it states no MasterEndpoint; name the WorkerSettings.config of a worker");
      }
    }
  }

  void read_identities() {
    std::string password;
    if (!options_.password_variable.empty()) {
      const char* const value = std::getenv(options_.password_variable.c_str());
      if (value == nullptr) {
        tell(fmt::format("--password-env {}: there is no such environment variable", options_.password_variable));
      } else {
        password = value;
      }
    }
    for (const std::string& file : options_.identities) {
      const auto bytes = content_of(file);
      if (!bytes) continue;
      model::CertificateWithKeyResult read = model::read_certificate_with_key(*bytes, password);
      if (read.contents) {
        job_.kit.identities.push_back(std::move(*read.contents));
      } else {
        tell(fmt::format("{}: {}; {}", file, read.problem, read.remedy));
      }
    }
  }

  void read_trusted() {
    if (options_.trusted.empty()) return;
    job_.kit.roots.emplace();
    for (const std::string& file : options_.trusted) {
      const auto bytes = content_of(file);
      if (!bytes) continue;
      model::X509Result read = model::read_x509(*bytes, model::HostNames::optional);
      if (read.facts) {
        job_.kit.roots->push_back(std::move(read.facts->der));
      } else {
        tell(fmt::format("{}: {}; {}", file, read.problem, read.remedy));
      }
    }
  }

  void choose_instance() {
    if (!design_ || options_.no_sql) return;
    if (auto instance = real::instance_of(*design_, options_.sql_port)) {
      job_.instances.push_back(std::move(*instance));
    } else {
      tell(fmt::format("the port of the instance {} is not known; give --sql-port or --no-sql",
                       design_->fci.server_name()));
    }
  }

  void apply_redirections() {
    std::vector<real::Redirection> redirections;
    for (const std::string& text : options_.connect) {
      if (auto redirection = real::parse_redirection(text)) {
        redirections.push_back(std::move(*redirection));
      } else {
        tell("--connect '" + text + "' is not HOST:PORT=ADDRESS:PORT; write an IPv6 address as [::1]:8391");
      }
    }
    if (wrong_) return;
    for (const real::Redirection& useless : real::redirect(redirections, job_.endpoints, job_.instances)) {
      tell(fmt::format("--connect: nobody connects to {}", real::to_text(useless.from)));
    }
  }

  std::optional<std::string> content_of(const std::string& file) {
    std::string problem;
    auto bytes = model::read_whole_file(file, largest_file, problem);
    if (!bytes) tell(file + ": " + problem);
    return bytes;
  }

  const Options& options_;
  bool wrong_ = false;
  std::optional<model::Design> design_;
  real::ProbeJob job_;
};

Exit exit_of(real::Conclusion conclusion) {
  switch (conclusion) {
    case real::Conclusion::works: return Exit::passed;
    case real::Conclusion::refused: return Exit::failed;
    case real::Conclusion::unknown: return Exit::unknown;
  }
  return Exit::bug;
}

Exit run(const Options& options) {
  const std::optional<real::ProbeJob> job = Preparation(options).job();
  if (!job) return Exit::usage;
  const auto now = std::chrono::time_point_cast<Duration>(std::chrono::system_clock::now());
  const real::ProbeResult result = real::probe(*job, now);
  const bool text = options.format == "text";
  const Page page(text);
  if (!text) real::write_json(std::cout, result);
  if (text && (!options.quiet || result.conclusion() != real::Conclusion::works)) real::write_text(std::cout, result);
  return flushed(exit_of(result.conclusion()));
}

}  // namespace

void add_probe_command(CLI::App& program, Exit& exit) {
  auto options = std::make_shared<Options>();
  CLI::App* command = program.add_subcommand(
      "probe", "connects to a running deployment as its workers do and tells what refuses them, and why");
  command->add_option("DESIGN", options->design, "the design whose endpoints are probed");
  // One value a time, so that what follows is not taken for another.
  const auto add_list = [&](const char* name, std::vector<std::string>& values, const char* what) {
    command->add_option(name, values, what)->allow_extra_args(false);
  };
  add_list("--settings", options->settings,
           "WorkerSettings.config of a worker: its endpoint and thumbprints instead of the design's; may be repeated");
  add_list("--worker-certificate", options->identities,
           "the worker's certificate with its private key, .pfx or PEM; may be repeated for several workers");
  command->add_option("--password-env", options->password_variable,
                      "the environment variable that holds the password of --worker-certificate");
  add_list("--trusted", options->trusted, "a certificate of the worker's LocalMachine\\Root; may be repeated");
  add_list("--connect", options->connect,
           "HOST:PORT=ADDRESS:PORT: connect there instead of where the name leads; may be repeated");
  command->add_option("--timeout", options->timeout, "for each of: a name, a connection, a handshake, an answer")
      ->capture_default_str();
  command->add_option("--warn-days", options->warn_days, "warn of a certificate that ends within so many days")
      ->check(CLI::Range(0, 36500))
      ->capture_default_str();
  command->add_option("--sql-port", options->sql_port, "of the instance that holds SSISDB")
      ->check(CLI::Range(1, 65535));
  command->add_flag("--no-sql", options->no_sql, "do not ask whether SQL Server answers");
  add_format_option(*command, options->format);
  command->add_flag("--quiet,-q", options->quiet, "no account where everything would work");
  command->footer(
      "examples:\n"
      "  PFX=... rehearse probe design.json --worker-certificate wrk1.pfx --password-env PFX \\\n"
      "    --trusted SSISScaleOutMaster.cer\n"
      "  rehearse probe design.json --connect SQLFCI:8391=10.0.0.12:8391    # the passive node\n"
      "exit codes: 0 everything would work as far as can be seen, 1 a worker would be refused, 2 unknown,\n"
      "  64 bad usage or input, 70 a bug in Rehearse, 74 input or output failed");
  command->callback([options, &exit] { exit = run(*options); });
}

}  // namespace rehearse::cli
