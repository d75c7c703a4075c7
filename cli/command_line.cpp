#include "cli/command_line.hpp"

#include <algorithm>
#include <cctype>
#include <string_view>

namespace rehearse::cli {

std::string shell_word(const std::string& word) {
  const bool plain = !word.empty() && std::all_of(word.begin(), word.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x80 && (std::isalnum(byte) != 0 || std::string_view("-_./:=,+@%").find(c) != std::string_view::npos);
  });
  if (plain) return word;
  std::string quoted = "'";
  for (const char c : word) {
    if (c == '\'') {
      quoted += R"('\'')";
    } else {
      quoted += c;
    }
  }
  return quoted + "'";
}

CommandLine& CommandLine::file(const std::string& name) {
  text_ += ' ' + shell_word(name.starts_with('-') ? "./" + name : name);
  return *this;
}

CommandLine& CommandLine::option(const std::string& name, const std::string& value, const std::string& default_value) {
  // With "=" a value that begins with '-' is a value.
  if (value != default_value) text_ += ' ' + name + '=' + shell_word(value);
  return *this;
}

CommandLine& CommandLine::flag(const std::string& name, bool given) {
  if (given) text_ += ' ' + name;
  return *this;
}

}  // namespace rehearse::cli
