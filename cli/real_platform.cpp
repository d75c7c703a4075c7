#include "cli/real_platform.hpp"

#include <spdlog/spdlog.h>
#include <unistd.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/system/system_error.hpp>

#include <CLI/CLI.hpp>
#include <array>
#include <csignal>
#include <exception>
#include <iostream>
#include <optional>
#include <stdexcept>
#include <system_error>
#include <utility>

#include "cli/telling.hpp"
#include "model/steps/adapters/recording.hpp"
#include "model/steps/adapters/replaying.hpp"
#include "model/steps/adapters/transcript_file.hpp"
#include "model/steps/failure.hpp"
#include "real_backend/append_file.hpp"
#include "real_backend/site.hpp"
#include "real_backend/terminal_operator.hpp"
#include "real_backend/transport/local_transport.hpp"
#include "real_backend/transport/ssh_transport.hpp"
#include "real_backend/windows_platform.hpp"

namespace rehearse::cli {

namespace asio = boost::asio;

namespace {

std::string name_of_this_machine() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return {};
  return name.data();
}

/// Remoting logs on as the caller does, and such a logon cannot be shown to a third machine. Where the site delegates
/// logons, it is one as the installation account, whose password is asked for now. Throws steps::Failure without it.
std::optional<real::DelegatedLogon> delegated_logon(const real::Site& site, real::TerminalOperator& person) {
  if (site.second_hop != real::SecondHop::delegated) return std::nullopt;
  if (site.installation_account.empty()) {
    throw steps::Failure(steps::FailureCode::refused,
                         "the site file delegates logons ('second_hop'), and with --transport powershell that takes an "
                         "account to log on with: add 'installation_account', or let scheduled tasks do it "
                         "(\"second_hop\": \"scheduled_task\")");
  }
  std::optional<steps::Secret> password;
  std::exception_ptr thrown;
  asio::io_context asking{1};
  asio::co_spawn(asking, person.secret(real::installation_secret(site)),
                 [&](std::exception_ptr exception, steps::Secret given) {
                   thrown = exception;
                   if (!thrown) password = std::move(given);
                 });
  asking.run();
  if (thrown) std::rethrow_exception(thrown);
  return real::DelegatedLogon(site.installation_account, std::move(password).value());
}

/// nullptr after telling what is wrong.
std::unique_ptr<real::Transport> open_transport(const RealPlatformOptions& options, const real::Site& site,
                                                real::TerminalOperator& person) {
  try {
    if (options.transport == "powershell") {
      real::LocalOptions local(options.this_machine.empty() ? name_of_this_machine() : options.this_machine);
      local.shell = options.shell;
      local.delegated = delegated_logon(site, person);
      return std::make_unique<real::LocalTransport>(std::move(local));
    }
    real::SshOptions ssh;
    ssh.config = options.ssh_config;
    ssh.user = options.user;
    ssh.shell = options.shell;
    return std::make_unique<real::SshTransport>(std::move(ssh));
  } catch (const steps::Failure& failure) {
    spdlog::error("{}", failure.message());
  } catch (const std::invalid_argument& error) {
    spdlog::error("{}", error.what());
  } catch (const std::system_error& error) {
    spdlog::error("{}", error.what());
  }
  return nullptr;
}

std::optional<real::Site> open_site(const std::string& path) {
  if (path.empty()) return real::Site{};
  real::SiteResult result = real::read_site_file(path);
  tell(result.diagnostics);
  return std::move(result.site);
}

std::optional<steps::Transcript> open_transcript(const std::string& path) {
  steps::TranscriptResult result = steps::read_transcript_file(path);
  tell(result.diagnostics);
  return std::move(result.transcript);
}

}  // namespace

// The io_context comes last: it owns the coroutines, whose frames refer to everything above it.
struct RealPlatform::Parts {
  model::Design design;
  real::Site site;
  real::Redaction redaction;
  std::unique_ptr<real::Transport> transport;
  std::optional<real::TerminalOperator> person;
  std::optional<real::WindowsPlatform> windows;
  std::optional<steps::Replaying> replayed;
  std::optional<real::AppendFile> record_file;
  steps::Transcript transcript;
  std::optional<steps::Recording> recording;
  bool stop = false;
  asio::io_context context{1};

  steps::Platform platform() {
    if (recording) return recording->platform();
    return replayed ? replayed->platform() : windows->platform();
  }

  /// False after telling what is wrong.
  bool begin_recording(const std::string& path) {
    try {
      record_file.emplace(real::AppendFile::create(path, "transcript"));
      record_file->keep_out(redaction);
      record_file->append(steps::transcript_header());
    } catch (const steps::Failure& failure) {
      spdlog::error("{}", failure.message());
      return false;
    }
    const steps::Platform recorded = platform();
    recording.emplace(recorded, transcript, [this](const std::string& line) { record_file->append(line); });
    return true;
  }
};

void add_real_platform_options(CLI::App& command, RealPlatformOptions& options) {
  const std::string group = "Real machines";
  command.add_option("--site", options.site, "site file: media, accounts, where secrets come from")->group(group);
  command.add_option("--transport", options.transport, "ssh, or powershell: this machine and remoting from it")
      ->check(CLI::IsMember({"ssh", "powershell"}))
      ->capture_default_str()
      ->group(group);
  command.add_option("--ssh-config", options.ssh_config, "configuration for ssh (ssh -F)")->group(group);
  command.add_option("--user", options.user, "user for ssh")->group(group);
  command.add_option("--shell", options.shell, "PowerShell on the machines")->capture_default_str()->group(group);
  command.add_option("--this-machine", options.this_machine, "its name in the design (with --transport powershell)")
      ->group(group);
  CLI::Option* record = command.add_option("--record", options.record, "write a transcript of every call to this file");
  record->group(group);
  command.add_option("--replay", options.replay, "answer from a transcript instead of real machines")
      ->excludes(record)
      ->group(group);
  command.add_flag("--yes,-y", options.yes, "whatever is asked, do it")->group(group);
}

void repeat(const RealPlatformOptions& options, CommandLine& command) {
  const RealPlatformOptions defaults;
  command.option("--site", options.site)
      .option("--transport", options.transport, defaults.transport)
      .option("--ssh-config", options.ssh_config)
      .option("--user", options.user)
      .option("--shell", options.shell, defaults.shell)
      .option("--this-machine", options.this_machine)
      .option("--replay", options.replay)
      .flag("--yes", options.yes);
}

std::unique_ptr<RealPlatform> RealPlatform::open(const RealPlatformOptions& options, const model::Design& design) {
  auto parts = std::make_unique<Parts>();
  parts->design = design;
  if (!options.replay.empty()) {
    std::optional<steps::Transcript> transcript = open_transcript(options.replay);
    if (!transcript) return nullptr;
    parts->replayed.emplace(std::move(*transcript));
    return std::unique_ptr<RealPlatform>(new RealPlatform(std::move(parts)));
  }
  std::optional<real::Site> site = open_site(options.site);
  if (!site) return nullptr;
  parts->site = std::move(*site);
  real::OperatorSurroundings around;
  around.secrets = parts->site.secrets;
  around.yes = options.yes;
  parts->person.emplace(std::move(around), parts->redaction);
  parts->transport = open_transport(options, parts->site, *parts->person);
  if (!parts->transport) return nullptr;
  parts->windows.emplace(*parts->transport, *parts->person, parts->design, parts->site);
  if (!options.record.empty() && !parts->begin_recording(options.record)) return nullptr;
  return std::unique_ptr<RealPlatform>(new RealPlatform(std::move(parts)));
}

RealPlatform::RealPlatform(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}

RealPlatform::~RealPlatform() = default;

steps::Platform RealPlatform::platform() {
  return parts_->platform();
}
const real::Redaction& RealPlatform::redaction() const {
  return parts_->redaction;
}
const bool& RealPlatform::stop_asked() const {
  return parts_->stop;
}

void RealPlatform::run(steps::Awaitable<void> operation) {
  asio::cancellation_signal cancel;
  asio::signal_set signals(parts_->context, SIGINT, SIGTERM);
  std::function<void(const boost::system::error_code&, int)> interrupted = [&](const boost::system::error_code& error,
                                                                               int) {
    if (error) return;
    const bool first = !std::exchange(parts_->stop, true);
    // Coroutines do not listen to a gentler kind.
    if (!first || !ends_by_itself || !ends_by_itself()) cancel.emit(asio::cancellation_type::terminal);
    signals.async_wait(interrupted);
  };
  signals.async_wait(interrupted);
  std::exception_ptr thrown;
  asio::co_spawn(parts_->context, std::move(operation),
                 asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr exception) {
                   thrown = exception;
                   signals.cancel();
                 }));
  parts_->context.restart();
  parts_->context.run();
  if (!thrown) return;
  try {
    std::rethrow_exception(thrown);
  } catch (const boost::system::system_error& error) {
    if (!parts_->stop || error.code() != asio::error::operation_aborted) throw;
  }
  throw steps::Failure(steps::FailureCode::cancelled, "given up on request");
}

}  // namespace rehearse::cli
