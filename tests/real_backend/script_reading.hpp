// Reading generated scripts from PowerShell's side, for tests that ask what of a script is data and what is code.
#pragma once

#include <string>
#include <vector>

namespace rehearse::real {

/// The script with every single-quoted literal replaced by a lone ". Literals end at any of the five quotes unless it
/// is doubled.
std::string without_literals(const std::string& script);
/// What the literals hold, in their order.
std::vector<std::string> literals_of(const std::string& script);

}  // namespace rehearse::real
