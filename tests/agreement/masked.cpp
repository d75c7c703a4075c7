#include "tests/agreement/masked.hpp"

#include <algorithm>
#include <cctype>
#include <iterator>

#include "tests/far_side/clockwork.hpp"
#include "tests/far_side/world_file.hpp"

namespace far_side {
namespace {

/// Without the digits of "Validation Report 2027.03.01 At 08.09.13.htm".
std::string without_digits(std::string name) {
  std::erase_if(name, [](unsigned char c) { return std::isdigit(c) != 0; });
  return name;
}

/// A hash of 20 bytes in a registry value, as base64.
bool ends_in_thumbprint(const std::string& piece) {
  constexpr std::size_t length = 28;
  if (!piece.ends_with("=\"") || piece.size() < length + 2 || piece[piece.size() - length - 2] != '"') return false;
  return std::all_of(piece.end() - length - 1, piece.end() - 2,
                     [](unsigned char c) { return std::isalnum(c) != 0 || c == '+' || c == '/'; });
}

/// Without thumbprints, identifiers, dates and data: runs of hexadecimal digits, also with '-' between them.
std::string mask(const std::string& piece) {
  if (piece.size() > 200) return "data";
  if (ends_in_thumbprint(piece)) return piece.substr(0, piece.size() - 30) + "#";
  if (piece.find("Validation Report ") != piece.npos) return without_digits(piece);
  std::string result, run;
  const auto end_run = [&] {
    const bool has_digit = std::any_of(run.begin(), run.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
    result += run.size() >= 6 && has_digit ? "#" : run;
    run.clear();
  };
  for (const char c : piece) {
    if (std::isxdigit(static_cast<unsigned char>(c)) != 0 || c == '-') {
      run += c;
    } else {
      end_run();
      result += c;
    }
  }
  end_run();
  return result;
}

}  // namespace

std::vector<std::string> masked(const FarWorld& world) {
  FarWorld still = world;
  pass(still, std::chrono::hours(1));
  still.now = {};
  still.made = 0;
  for (auto& [name, machine] : still.machines) {
    machine.booted = {};
    for (auto& [service_name, service] : machine.services) {
      service.next_beat.reset();
      service.due = {};
    }
  }
  for (auto& [name, instance] : still.instances) {
    if (!instance.ssisdb) continue;
    instance.ssisdb->properties.erase("LAST_ONLINE_TIME");
    for (auto& [id, worker] : instance.ssisdb->workers) worker.last_online = {};
  }
  std::vector<std::string> pieces;
  std::string piece;
  for (const char c : to_json(still)) {
    if (c == ',' || c == '{' || c == '}' || c == '[' || c == ']') {
      pieces.push_back(mask(piece));
      piece.clear();
    } else {
      piece += c;
    }
  }
  std::sort(pieces.begin(), pieces.end());
  return pieces;
}

std::string difference(const std::vector<std::string>& expected, const std::vector<std::string>& found) {
  std::vector<std::string> missing, surplus;
  std::set_difference(expected.begin(), expected.end(), found.begin(), found.end(), std::back_inserter(missing));
  std::set_difference(found.begin(), found.end(), expected.begin(), expected.end(), std::back_inserter(surplus));
  std::string text;
  for (const std::string& piece : missing) text += "missing " + piece + "\n";
  for (const std::string& piece : surplus) text += "surplus " + piece + "\n";
  return text;
}

}  // namespace far_side
