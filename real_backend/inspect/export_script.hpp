// The script that writes an export: it ships inside the program, so that script and reader are always of one version.
#pragma once

#include <string_view>

namespace rehearse::real {

/// export.ps1, for Windows PowerShell 5.1.
std::string_view export_script();

}  // namespace rehearse::real
