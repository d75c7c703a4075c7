#include "real_backend/probe/conclusion.hpp"

#include <stdexcept>

namespace rehearse::real {

std::string_view to_text(Conclusion conclusion) {
  switch (conclusion) {
    case Conclusion::works: return "works";
    case Conclusion::refused: return "refused";
    case Conclusion::unknown: return "unknown";
  }
  throw std::logic_error("unknown conclusion of a probe");
}

Conclusion graver(Conclusion a, Conclusion b) {
  if (a == Conclusion::refused || b == Conclusion::refused) return Conclusion::refused;
  return a == Conclusion::unknown || b == Conclusion::unknown ? Conclusion::unknown : Conclusion::works;
}

}  // namespace rehearse::real
