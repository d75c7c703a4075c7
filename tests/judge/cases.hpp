// The cases: what Windows and Pacemaker must agree about, and what they legitimately see differently. Every account is
// pinned by hand, so that an agreement in error of both translations is seen too.
#pragma once

#include <string>
#include <vector>

#include "case.hpp"

namespace rehearse::judge {

/// The same end for both, after each happening: "Db on N2 without DbAgent, App on N1".
struct Agreed {
  Case cluster;
  std::vector<std::string> accounts;
};

/// Two ends for good reason.
struct Difference {
  Case cluster;
  std::vector<std::string> windows, pacemaker;
};

std::vector<Agreed> agreed_cases();
std::vector<Difference> differences();

}  // namespace rehearse::judge
