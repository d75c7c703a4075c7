#include "real_backend/powershell/command_table.hpp"

#include <algorithm>
#include <sstream>
#include <stdexcept>
#include <utility>
#include <vector>

#include "embedded/windows_facts.hpp"
#include "model/endpoint.hpp"

namespace rehearse::real {
namespace {

constexpr std::string_view common_section = "common parameters";
constexpr std::string_view types_section = "types";
constexpr std::string_view programs_section = "programs";
constexpr std::string_view cmdlets_section = "cmdlets of ";

/// One entry with the lines that continue it, cut at blanks.
struct Entry {
  std::string section;
  std::vector<std::string> words;
};

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::vector<Entry> entries_of(std::string_view facts) {
  std::vector<Entry> entries;
  std::string section;
  std::istringstream stream{std::string(facts)};
  for (std::string line; std::getline(stream, line);) {
    const std::vector<std::string> words = words_of(line);
    if (words.empty() || line[0] == '#') continue;
    if (line[0] == '[') {
      if (line.back() != ']') throw std::logic_error("a section of the command table does not end: " + line);
      section = line.substr(1, line.size() - 2);
    } else if (line[0] == ' ') {
      if (entries.empty()) throw std::logic_error("the command table begins with a continued line");
      entries.back().words.insert(entries.back().words.end(), words.begin(), words.end());
    } else {
      entries.push_back({section, words});
    }
  }
  return entries;
}

/// "Name=string[]", or "Force" for a switch.
std::pair<std::string, std::string> parameter_of(const std::string& word) {
  const std::size_t equals = word.find('=');
  if (equals == std::string::npos) return {word, "switch"};
  return {word.substr(0, equals), word.substr(equals + 1)};
}

NetType type_of(const std::vector<std::string>& words) {
  NetType type;
  for (std::size_t i = 1; i < words.size(); ++i) {
    std::istringstream parts(words[i]);
    std::string name;
    std::getline(parts, name, '/');
    if (name == words[i]) {
      type.members.insert(name);
      continue;
    }
    for (std::string count; std::getline(parts, count, '/');) type.methods[name].insert(std::stoul(count));
  }
  return type;
}

template <class Map>
const typename Map::mapped_type* find(const Map& map, std::string_view name) {
  const auto found = map.find(name);
  return found == map.end() ? nullptr : &found->second;
}

}  // namespace

CommandTable::CommandTable(std::string_view facts) {
  for (const Entry& entry : entries_of(facts)) {
    const std::string& name = entry.words.front();
    bool first = true;
    if (entry.section == common_section) {
      for (const std::string& word : entry.words) first &= common_.insert(parameter_of(word)).second;
    } else if (entry.section.starts_with(cmdlets_section)) {
      Cmdlet cmdlet;
      cmdlet.module = words_of(entry.section.substr(cmdlets_section.size())).at(0);
      for (std::size_t i = 1; i < entry.words.size(); ++i) {
        first &= cmdlet.parameters.insert(parameter_of(entry.words[i])).second;
      }
      first &= cmdlets_.emplace(name, std::move(cmdlet)).second;
    } else if (entry.section == types_section) {
      first = types_.emplace(name, type_of(entry.words)).second;
    } else if (entry.section == programs_section) {
      first = !program(name);
      programs_.push_back(name);
    } else {
      throw std::logic_error("the command table has no section called '" + entry.section + "'");
    }
    if (!first) throw std::logic_error("the command table says something twice about " + name);
  }
}

const Cmdlet* CommandTable::cmdlet(std::string_view name) const {
  return find(cmdlets_, name);
}

const NetType* CommandTable::type(std::string_view full_name) const {
  return find(types_, full_name);
}

const std::string* CommandTable::parameter(const Cmdlet& cmdlet, std::string_view name) const {
  if (const std::string* own = find(cmdlet.parameters, name)) return own;
  return find(common_, name);
}

bool CommandTable::program(std::string_view file_name) const {
  return std::any_of(programs_.begin(), programs_.end(),
                     [&](const std::string& known) { return model::same_name(known, file_name); });
}

const CommandTable& command_table() {
  static const CommandTable table(embedded::windows_facts);
  return table;
}

}  // namespace rehearse::real
