// What every transport does with the process that it starts: waits for the greeting, hands the script over, waits for
// the answer and makes sure that it is one whole line of UTF-8; and ends the process in every case. See bootstrap.hpp
// for the words that are spoken.
#pragma once

#include <string>

#include "real_backend/transport/process.hpp"
#include "real_backend/transport/transport.hpp"

namespace rehearse::real {

/// How long a far end may take for what is no part of its script.
class Patience {
 public:
  Patience() = default;
  Patience(Duration the_start, Duration the_stop) : start(the_start), stop(the_stop) {}

  /// From the start of the process to the greeting: connecting, logging on, PowerShell's own start on a busy machine.
  Duration start = std::chrono::seconds(60);
  /// From the end of its input to its end; longer than the ten seconds that it gives the script to stop.
  Duration stop = std::chrono::seconds(15);
};

/// The contract is Transport::run's. `command` starts the bootstrap on the script's host; `how` begins sentences of
/// failures: "ssh to SQL1". Failures quote what the process wrote to standard error, without the script's secrets.
steps::Awaitable<std::string> converse(ProcessCommand command, std::string how, RemoteScript script, Patience patience);

}  // namespace rehearse::real
