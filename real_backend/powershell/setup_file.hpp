// ConfigurationFile.ini of SQL Server's setup (W 7.5, S 7): parameters and their values, passwords among them, so that
// no password stands on a command line, where every user of the machine can read it. The file's grammar knows no way to
// write a double quote or a line end inside a value, so such values are refused.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/steps/secret.hpp"
#include "real_backend/powershell/script.hpp"

namespace rehearse::real {

class SetupFile {
 public:
  /// For the action "Install", "InstallFailoverCluster" or "AddNode"; quiet, licence accepted, without a search for
  /// updates: every node gets the version that the media has.
  explicit SetupFile(std::string_view action);
  SetupFile& with_features(std::string_view features);  // "IS,IS_Master"; setup writes them without quotes

  // Each throws Failure(refused), naming the key and no secret, for a value that the file cannot hold.
  SetupFile& with(std::string_view key, const std::string& value);
  /// "a" "b"
  SetupFile& with(std::string_view key, const std::vector<std::string>& values);
  /// Values that only the script knows; it has to see to it itself that they hold neither quotes nor line ends.
  SetupFile& with(std::string_view key, const std::vector<ps::Expression>& values);
  /// Nothing is written for an account that needs no password: a virtual account, a group managed one, or none stated.
  /// A secret without a text is one that the operator is still asked for.
  SetupFile& with_password(std::string_view key, const std::string& account, const steps::Secret& password);

  /// The file's text.
  ps::Expression text() const;
  /// Ends the script where a password that was not known yet cannot be held.
  const ps::Block& checks() const { return checks_; }

 private:
  std::vector<ps::Expression> lines_;
  ps::Block checks_;
};

}  // namespace rehearse::real
