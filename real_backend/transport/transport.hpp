// How a script gets to a machine and its answer back. A transport knows nothing of clusters: it starts PowerShell on
// the machine, hands the script and its secrets over on standard input, and returns the one line that comes back. When
// the caller is cancelled, or the time is over, the remote process ends too: the far end watches its standard input
// and stops when that ends (ending an ssh client alone does not end what runs at the other side).
#pragma once

#include <string>
#include <vector>

#include "model/steps/awaitable.hpp"
#include "model/steps/secret.hpp"
#include "model/units.hpp"

namespace rehearse::real {

/// A script for one machine.
class RemoteScript {
 public:
  RemoteScript(std::string the_host, std::string the_text, std::vector<steps::Secret> the_secrets, Duration the_limit)
      : host(std::move(the_host)), text(std::move(the_text)), secrets(std::move(the_secrets)), limit(the_limit) {}

  std::string host;                    // by the design's name
  std::string text;                    // UTF-8
  std::vector<steps::Secret> secrets;  // $Secrets['name'] of the script; never part of the text
  Duration limit;                      // from the first byte sent to the answer
};

class Transport {
 public:
  virtual ~Transport() = default;

  /// The answer: one line of UTF-8, without its line end, at most 8 MiB. Failures: `unreachable` while the script had
  /// not been handed over, so nothing was begun; `timed_out` when the limit came first (the remote process has been
  /// ended); `indeterminate` when the connection ended without a whole answer, with more than one, or with one that is
  /// not UTF-8. Ends with operation_aborted when its caller is cancelled, after the remote process was told to stop.
  virtual steps::Awaitable<std::string> run(RemoteScript script) = 0;
};

}  // namespace rehearse::real
