#include "real_backend/probe/tds_prelogin.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <stdexcept>

namespace rehearse::real {
namespace {

// MS-TDS 2.2.3.1 and 2.2.6.5: the header of a packet, and the options of a PRELOGIN, each with the offset of its data
// from the end of the header and the length of it, big-endian.
constexpr std::size_t header_size = 8;
constexpr std::uint8_t packet_prelogin = 0x12, packet_answer = 0x04, last_packet = 0x01;
constexpr std::uint8_t option_version = 0x00, option_encryption = 0x01, option_instance = 0x02, option_end = 0xFF;

std::uint8_t byte_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::uint8_t>(bytes[at]);
}

std::size_t number_at(std::string_view bytes, std::size_t at) {
  return static_cast<std::size_t>(byte_at(bytes, at)) << 8 | byte_at(bytes, at + 1);
}

void append_number(std::string& bytes, std::size_t number) {
  bytes += static_cast<char>(number >> 8);
  bytes += static_cast<char>(number & 0xFF);
}

PreloginReading refuse(std::string problem) {
  return {std::nullopt, false, std::move(problem)};
}

}  // namespace

std::string_view to_text(TdsEncryption encryption) {
  switch (encryption) {
    case TdsEncryption::off: return "for the login only";
    case TdsEncryption::on: return "on";
    case TdsEncryption::not_supported: return "not supported";
    case TdsEncryption::required: return "required";
  }
  throw std::logic_error("unknown encryption of TDS");
}

std::string PreloginAnswer::version() const {
  return fmt::format("{}.{}.{}", major, minor, build);
}

std::optional<model::SqlVersion> PreloginAnswer::product() const {
  switch (major) {
    case 14: return model::SqlVersion::v2017;
    case 15: return model::SqlVersion::v2019;
    case 16: return model::SqlVersion::v2022;
    default: return std::nullopt;
  }
}

std::string prelogin_request() {
  struct Option {
    std::uint8_t token;
    std::string data;
  };
  const Option options[] = {
      {option_version, std::string(6, '\0')},   // of the client; servers do not look at it
      {option_encryption, std::string(1, 0)},   // as the server likes
      {option_instance, std::string(1, '\0')},  // whatever instance it is
  };
  std::string table, data;
  const std::size_t table_size = std::size(options) * 5 + 1;
  for (const Option& option : options) {
    table += static_cast<char>(option.token);
    append_number(table, table_size + data.size());
    append_number(table, option.data.size());
    data += option.data;
  }
  table += static_cast<char>(option_end);
  std::string packet;
  packet += static_cast<char>(packet_prelogin);
  packet += static_cast<char>(last_packet);
  append_number(packet, header_size + table.size() + data.size());
  packet += std::string("\0\0\x01\0", 4);  // no process, packet 1
  return packet + table + data;
}

PreloginReading read_prelogin(std::string_view bytes) {
  if (bytes.empty()) return {std::nullopt, true, {}};
  if (byte_at(bytes, 0) != packet_answer) return refuse("what came is no answer of SQL Server");
  if (bytes.size() < header_size) return {std::nullopt, true, {}};
  const std::size_t size = number_at(bytes, 2);
  if (size < header_size + 1) return refuse("the answer's length makes no sense");
  if (bytes.size() < size) return {std::nullopt, true, {}};
  const std::string_view body = bytes.substr(header_size, size - header_size);
  PreloginAnswer answer;
  bool has_version = false, has_encryption = false;
  for (std::size_t at = 0;; at += 5) {
    if (at >= body.size()) return refuse("the answer's list of options has no end");
    const std::uint8_t token = byte_at(body, at);
    if (token == option_end) break;
    if (at + 5 > body.size()) return refuse("the answer's list of options is cut off");
    const std::size_t offset = number_at(body, at + 1), length = number_at(body, at + 3);
    if (offset + length > body.size()) return refuse("an option of the answer points beyond its end");
    if (token == option_version && length == 6) {
      has_version = true;
      answer.major = byte_at(body, offset);
      answer.minor = byte_at(body, offset + 1);
      answer.build = static_cast<int>(number_at(body, offset + 2));
    } else if (token == option_encryption && length == 1 && byte_at(body, offset) <= 3) {
      has_encryption = true;
      answer.encryption = static_cast<TdsEncryption>(byte_at(body, offset));
    }
  }
  if (!has_version || !has_encryption) return refuse("the answer states no version or no encryption");
  return {answer, false, {}};
}

}  // namespace rehearse::real
