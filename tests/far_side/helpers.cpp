#include <openssl/evp.h>

#include "tests/far_side/date_time.hpp"
#include "tests/far_side/machine.hpp"

namespace far_side {

Error net_error(const std::string& type, const std::string& message, std::int64_t hresult) {
  Error error(message, "NotSpecified", type.substr(type.rfind('.') + 1), hresult);
  error.type = type;
  return error;
}

Error access_denied(const std::string& what, const std::string& id) {
  Error error(what.empty() ? "Access is denied" : what + "\n    Access is denied", "PermissionDenied", id, -2147024891);
  error.type = "System.UnauthorizedAccessException";
  return error;
}

Error prompts(const std::string& cmdlet) {
  Error error(
      "A command that prompts the user failed because the host program or the command type does not support user "
      "interaction. The host was attempting to request confirmation.",
      "NotImplemented", "System.Management.Automation.Host.HostException," + cmdlet);
  error.type = "System.Management.Automation.Host.HostException";
  return error;
}

void gap(const std::string& what) {
  throw std::logic_error("the far side does not know " + what);
}

Names texts_of(const Value& value) {
  Names texts;
  for (const Value& item : value.items()) texts.push_back(item.text());
  return texts;
}

bool has_wildcard(const std::string& pattern) {
  return pattern.find_first_of("*?[") != std::string::npos;
}

std::string base64_of(const std::string& bytes) {
  std::string text(4 * ((bytes.size() + 2) / 3), '\0');
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(text.data()), reinterpret_cast<const unsigned char*>(bytes.data()),
                  static_cast<int>(bytes.size()));
  return text;
}

std::string bytes_of_base64(const std::string& text) {
  std::string bytes(text.size() / 4 * 3, '\0');
  const int size = EVP_DecodeBlock(reinterpret_cast<unsigned char*>(bytes.data()),
                                   reinterpret_cast<const unsigned char*>(text.data()), static_cast<int>(text.size()));
  if (size < 0) throw std::logic_error("a text that is not base64");
  const std::size_t padding = text.size() - text.find_last_not_of('=') - 1;
  bytes.resize(text.empty() ? 0 : static_cast<std::size_t>(size) - padding);
  return bytes;
}

RegistryValue registry_text(std::string text) {
  return {"String", std::move(text), 0, {}};
}

RegistryValue registry_number(std::int64_t number) {
  return {"DWord", "", number, {}};
}

Value local_date(Instant at) {
  constexpr std::int64_t ticks_of_epoch = 621355968000000000;
  const std::int64_t ticks = ticks_of_epoch + (at + local_offset).time_since_epoch().count() * 10000;
  return date_time(ticks, Kind::local);
}

Value secure_string(const std::string& text) {
  auto object =
      make_object("System.Security.SecureString", {{"Length", Value(static_cast<std::int64_t>(text.size()))}});
  object->call = [text](const std::string& method, const Array&) -> Value {
    if (same_text(method, "far_side:reveal")) return text;
    if (same_text(method, "Dispose") || same_text(method, "MakeReadOnly")) return Value::nothing();
    gap("the method " + method + " of SecureString");
  };
  return object;
}

std::string secure_text(const Value& value) {
  Object* object = value.object();
  if (object == nullptr || object->type != "System.Security.SecureString") {
    throw std::logic_error("a password that is no SecureString");
  }
  return object->call("far_side:reveal", {}).text();
}

}  // namespace far_side
