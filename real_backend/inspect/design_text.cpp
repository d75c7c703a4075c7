#include "real_backend/inspect/design_text.hpp"

#include <nlohmann/json.hpp>

namespace rehearse::real {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t longest_line = 100;

std::string on_one_line(const Json& value) {
  if (!value.is_structured() || value.empty()) return value.dump();
  std::string text;
  for (const auto& [key, member] : value.items()) {
    text += text.empty() ? "" : ", ";
    if (value.is_object()) text += Json(key).dump() + ": ";
    text += on_one_line(member);
  }
  return value.is_object() ? "{ " + text + " }" : "[" + text + "]";
}

void write(std::string& out, const Json& value, std::size_t indent, std::size_t before) {
  const std::string line = on_one_line(value);
  if (!value.is_structured() || value.empty() || (indent > 0 && before + line.size() <= longest_line)) {
    out += line;
    return;
  }
  constexpr std::size_t step = 2;
  out += value.is_object() ? "{\n" : "[\n";
  bool first = true;
  for (const auto& [key, member] : value.items()) {
    if (!first) out += ",\n";
    first = false;
    const std::string name = value.is_object() ? Json(key).dump() + ": " : "";
    out += std::string(indent + step, ' ') + name;
    write(out, member, indent + step, indent + step + name.size());
  }
  out += "\n" + std::string(indent, ' ') + (value.is_object() ? "}" : "]");
}

}  // namespace

std::string design_text(const Json& design) {
  std::string text;
  write(text, design, 0, 0);
  return text + "\n";
}

}  // namespace rehearse::real
