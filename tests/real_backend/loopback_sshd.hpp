// A real OpenSSH server on a free port of 127.0.0.1, with host key, user key and configurations of its own in a folder,
// for one test. Any user may run it; it lets in that same user.
#pragma once

#include <string>
#include <vector>

#include "tests/real_backend/asking.hpp"

namespace rehearse::real {

class LoopbackSshd {
 public:
  /// `names`: what the client's configuration calls it. `environment`: NAME=VALUE for everything that it starts.
  /// Throws std::runtime_error with the server's log when it does not come up.
  explicit LoopbackSshd(const std::vector<std::string>& names = {"NODE1", "NODE2"},
                        const std::vector<std::string>& environment = {});
  ~LoopbackSshd();
  LoopbackSshd(const LoopbackSshd&) = delete;
  LoopbackSshd& operator=(const LoopbackSshd&) = delete;

  /// A configuration for ssh -F that knows the server by its names.
  std::string client_config() const { return folder_.path("client"); }
  const TestFolder& folder() const { return folder_; }

  /// The client expects another key than the server has; or none.
  void change_expected_host_key();
  void forget_host_key();
  /// No connection is accepted any more; those that are there stay.
  void stop();

  std::string log() const { return text_of_file(folder_.path("log")); }
  /// Logons so far: shared connections log on once.
  int logons() const;

 private:
  void expect_host_key(const std::string& key_file);

  TestFolder folder_;
  int port_ = 0;
  int pid_ = -1;
};

}  // namespace rehearse::real
