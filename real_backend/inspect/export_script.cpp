#include "real_backend/inspect/export_script.hpp"

#include "embedded/export_script_text.hpp"

namespace rehearse::real {

std::string_view export_script() {
  return embedded::export_script_text;
}

}  // namespace rehearse::real
