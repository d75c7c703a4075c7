// What it comes down to, for an endpoint, an instance or all of a probe.
#pragma once

#include <string_view>

namespace rehearse::real {

enum class Conclusion : unsigned char { works, refused, unknown };
std::string_view to_text(Conclusion conclusion);

/// The graver of two: refused, then unknown, then works.
Conclusion graver(Conclusion a, Conclusion b);

}  // namespace rehearse::real
