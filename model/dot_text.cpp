#include "model/dot_text.hpp"

namespace rehearse::model {

std::string dot_string(std::string_view text) {
  std::string quoted = "\"";
  for (const char c : text) {
    switch (c) {
      case '"': quoted += "\\\""; break;
      case '\\': quoted += "\\\\"; break;
      case '\n': quoted += "\\n"; break;
      case '&': quoted += "&amp;"; break;
      default: quoted += c;
    }
  }
  return quoted + '"';
}

}  // namespace rehearse::model
