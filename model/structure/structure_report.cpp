#include "model/structure/structure_report.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <map>
#include <nlohmann/json.hpp>

namespace rehearse::model::structure {
namespace {

using Json = nlohmann::ordered_json;

const Component& component(const Requirements& requirements, int number) {
  return requirements.components[static_cast<std::size_t>(number)];
}

/// "Cluster Disk 1 \\FS1" -> "cluster-disk-1-fs1"
std::string slug(const std::string& text) {
  std::string made;
  for (const char c : text) {
    const bool upper = c >= 'A' && c <= 'Z', plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
    if (upper || plain) {
      made += upper ? static_cast<char>(c - 'A' + 'a') : c;
    } else if (!made.empty() && made.back() != '-') {
      made += '-';
    }
  }
  while (!made.empty() && made.back() == '-') made.pop_back();
  return made;
}

Json json_of(const Component& component) {
  Json json = {{"name", component.name}, {"kind", std::string(to_text(component.kind))}};
  if (component.place.line > 0) {
    json["at"] = {
        {"line", component.place.line}, {"column", component.place.column}, {"pointer", component.place.pointer}};
  }
  return json;
}

Json names_of(const ServiceSet& services) {
  Json names = Json::array();
  for (const Service service : services.list()) names.push_back(std::string(to_text(service)));
  return names;
}

Json json_of(const Requirements& requirements, const Weakness& weakness, const std::string& proof) {
  Json groups = Json::array();
  for (const auto& group : weakness.groups) {
    Json members = Json::array();
    for (const int number : group) members.push_back(json_of(component(requirements, number)));
    groups.push_back(std::move(members));
  }
  Json shows = Json::array();
  for (const std::string_view when : shows_when(requirements, weakness)) shows.push_back(std::string(when));
  Json json = {{"text", weakness.text},
               {"chosen", weakness.chosen},
               {"count", weakness.count},
               {"lost", names_of(weakness.example.lost)},
               {"way", std::string(to_text(weakness.example.way))}};
  if (const auto& otherwise = weakness.example.otherwise) {
    json["otherwise"] = {{"lost", names_of(otherwise->lost)}, {"way", std::string(to_text(otherwise->way))}};
  }
  json["shows"] = std::move(shows);
  json["groups"] = std::move(groups);
  json["proof"] = proof;
  return json;
}

std::uint64_t cut_sets_in(const std::vector<Weakness>& weaknesses, int chosen) {
  std::uint64_t count = 0;
  for (const Weakness& one : weaknesses) count += one.chosen == chosen ? one.count : 0;
  return count;
}

}  // namespace

std::vector<std::string> proof_file_names(const Structure& structure) {
  constexpr std::size_t longest = 80;
  std::vector<std::string> names;
  std::map<std::string, int> used;
  for (const Weakness& weakness : structure.weaknesses) {
    std::string name = "without";
    for (const int number : weakness.example.components)
      name += "-" + slug(component(structure.requirements, number).name);
    name = slug(name.substr(0, longest));
    const int times = ++used[name];
    names.push_back(times == 1 ? name + ".json" : fmt::format("{}--{}.json", name, times));
  }
  return names;
}

std::string structure_text(const Structure& structure, const std::string& proofs) {
  const std::vector<Weakness>& weaknesses = structure.weaknesses;
  std::string text =
      fmt::format("{} components; {} single points of failure, {} pairs.\n", structure.requirements.components.size(),
                  cut_sets_in(weaknesses, 1), cut_sets_in(weaknesses, 2));
  if (const ServiceSet never = never_there(structure.requirements); !never.empty()) {
    text += fmt::format("Never there, whatever works: {}.\n", to_text(never));
  }
  const std::vector<std::string> files = proof_file_names(structure);
  for (std::size_t i = 0; i < weaknesses.size(); ++i) {
    const Weakness& one = weaknesses[i];
    if (i == 0 || weaknesses[i - 1].chosen != one.chosen) {
      text += one.chosen == 1 ? "\nSingle points of failure\n" : "\nPairs\n";
    }
    text += fmt::format("  {}\n      costs {}, {}\n", one.text, to_text(one.example.lost), to_text(one.example.way));
    if (const auto& otherwise = one.example.otherwise) {
      const std::string costs = otherwise->lost.empty()
                                    ? "comes back by itself"
                                    : fmt::format("costs {}, {}", to_text(otherwise->lost), to_text(otherwise->way));
      text += fmt::format("      unknown: with {} the other way it {}\n", structure.unknown_switch, costs);
    }
    text += fmt::format("      shows {}\n", fmt::join(shows_when(structure.requirements, one), ", or "));
    if (!proofs.empty()) text += fmt::format("      proved by {}/{}\n", proofs, files[i]);
  }
  return text;
}

std::string structure_json(const Structure& structure) {
  const std::vector<std::string> files = proof_file_names(structure);
  Json list = Json::array();
  for (std::size_t i = 0; i < structure.weaknesses.size(); ++i) {
    list.push_back(json_of(structure.requirements, structure.weaknesses[i], files[i]));
  }
  Json whole = {{"components", structure.requirements.components.size()},
                {"cut_sets",
                 {{"single", cut_sets_in(structure.weaknesses, 1)}, {"double", cut_sets_in(structure.weaknesses, 2)}}},
                {"never_there", names_of(never_there(structure.requirements))}};
  if (!structure.unknown_switch.empty()) whole["unknown_switch"] = std::string(structure.unknown_switch);
  whole["weaknesses"] = std::move(list);
  return whole.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace rehearse::model::structure
