// Time zones by Windows' names. Windows and the rest of the world name them differently; several places share one of
// Windows' zones, and the place that stands for it here is the one that the Unicode consortium's table gives.
#pragma once

#include <string_view>

namespace rehearse::real {

/// "Europe/Paris" for "Romance Standard Time"; empty: not known.
std::string_view iana_zone(std::string_view windows_zone);

}  // namespace rehearse::real
