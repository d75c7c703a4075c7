#include "tests/far_side/json_text.hpp"

#include <fmt/format.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "tests/far_side/conversions.hpp"
#include "tests/far_side/date_time.hpp"
#include "tests/far_side/dotnet.hpp"
#include "tests/far_side/text_units.hpp"

namespace far_side {
namespace {

std::string quoted(const std::string& text) {
  std::u16string result = u"\"";
  for (const char16_t unit : to_utf16(text)) {
    switch (unit) {
      case u'"': result += u"\\\""; break;
      case u'\\': result += u"\\\\"; break;
      case u'\b': result += u"\\b"; break;
      case u'\f': result += u"\\f"; break;
      case u'\n': result += u"\\n"; break;
      case u'\r': result += u"\\r"; break;
      case u'\t': result += u"\\t"; break;
      default:
        if (unit < 0x20 || unit == u'\'' || unit == u'<' || unit == u'>' || unit == u'&' || unit == 0x85 ||
            unit == 0x2028 || unit == 0x2029) {
          result += to_utf16(fmt::format("\\u{:04x}", static_cast<unsigned>(unit)));
        } else {
          result += unit;
        }
    }
  }
  return from_utf16(result + u"\"");
}

std::string number(double real) {
  if (std::isnan(real) || std::isinf(real)) return quoted(Value(real).text());
  if (std::nearbyint(real) == real && std::fabs(real) < 1e15) return fmt::format("{:.1f}", real);
  return fmt::format("{}", real);
}

struct Layout {
  bool compressed;
  std::string line(std::size_t level) const { return compressed ? "" : "\r\n" + std::string(4 * level, ' '); }
  const char* colon() const { return compressed ? ":" : ":  "; }
};

std::string written(const Value& value, std::int64_t depth, const Layout& layout, std::size_t level);

std::string list(const Array& items, std::int64_t depth, const Layout& layout, std::size_t level) {
  std::string text = "[";
  for (const Value& item : items) {
    text += (text.size() > 1 ? "," : "") + layout.line(level + 1) + written(item, depth - 1, layout, level + 1);
  }
  return text + layout.line(level) + "]";
}

std::string table(const Object& object, std::int64_t depth, const Layout& layout, std::size_t level) {
  std::string text = "{";
  for (const auto& [name, held] : object.members) {
    const std::optional<Value> live = object.live ? object.live(name) : std::nullopt;
    text += (text.size() > 1 ? "," : "") + layout.line(level + 1) + quoted(name) + layout.colon() +
            written(live ? *live : held, depth - 1, layout, level + 1);
  }
  return text + layout.line(level) + "}";
}

std::string written(const Value& value, std::int64_t depth, const Layout& layout, std::size_t level) {
  if (value.is_null()) return "null";
  if (const auto* flag = std::get_if<bool>(&value.data)) return *flag ? "true" : "false";
  if (const auto* whole = std::get_if<std::int64_t>(&value.data)) return std::to_string(*whole);
  if (const auto* real = std::get_if<double>(&value.data)) return number(*real);
  if (const auto* text = std::get_if<std::string>(&value.data)) return quoted(*text);
  const Object* object = value.object();
  if (object != nullptr && object->members.count("value__") != 0) return std::to_string(value.whole());
  if (is_date_time(value)) {
    return fmt::format("\"\\/Date({})\\/\"", instant_of(value).time_since_epoch().count());
  }
  if (object != nullptr && (object->type == "System.Guid" || object->type == "System.RuntimeType")) {
    return quoted(value.text());
  }
  if (depth < 0) return quoted(value.text());
  if (const Array* items = value.collection()) return list(*items, depth, layout, level);
  if (object == nullptr) throw std::logic_error("ConvertTo-Json of a script block");
  return table(*object, depth, layout, level);
}

Value read(const nlohmann::json& json) {
  switch (json.type()) {
    case nlohmann::json::value_t::null: return {};
    case nlohmann::json::value_t::boolean: return json.get<bool>();
    case nlohmann::json::value_t::number_integer:
    case nlohmann::json::value_t::number_unsigned: return json.get<std::int64_t>();
    case nlohmann::json::value_t::number_float: return json.get<double>();
    case nlohmann::json::value_t::string: return json.get<std::string>();
    case nlohmann::json::value_t::array: {
      Array items;
      for (const nlohmann::json& item : json) items.push_back(read(item));
      return items;
    }
    default: break;
  }
  auto object = make_object("System.Management.Automation.PSCustomObject", {});
  for (const auto& [name, member] : json.items()) {
    if (!object->members.emplace(name, read(member)).second) {
      throw Error(
          "Cannot convert the JSON string because a dictionary that was converted from the string contains the "
          "duplicated keys '" +
              name + "'.",
          "InvalidOperation", "DuplicateKeysInJsonString");
    }
  }
  return object;
}

}  // namespace

std::string to_json(const Value& value, std::int64_t depth, bool compressed) {
  return written(value, depth, Layout{compressed}, 0);
}

Value from_json(const std::string& text) {
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  if (json.is_discarded()) {
    Error error("Invalid JSON primitive: " + text.substr(0, 40) + ".", "NotSpecified", "System.ArgumentException");
    error.type = "System.ArgumentException";
    error.ends_statement = true;
    throw error;
  }
  return read(json);
}

}  // namespace far_side
