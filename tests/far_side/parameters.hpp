// The parameters of Windows' cmdlets, and how PowerShell binds a call to them: names in full, by alias or by a prefix
// that is clear; what cannot be bound fails in PowerShell's own words.
#pragma once

#include <string>

#include "tests/far_side/world.hpp"

namespace far_side {

struct Parameter {
  std::string name;
  std::string type;  // "string[]", "int"; empty: a switch
  Names aliases;
};

struct CmdletFacts {
  std::string module;
  std::vector<Parameter> parameters;
};

/// Cmdlets of Windows Server 2019 and of FailoverClusters, read from the data files once; null: no such cmdlet.
const CmdletFacts* facts_of_cmdlet(const std::string& name);

/// The call with its parameters by their full names and positional arguments by name. Throws Error for what PowerShell
/// does not bind.
Call bind(const Call& call, const CmdletFacts& facts);

}  // namespace far_side
