#include "outcome.hpp"

#include <algorithm>
#include <stdexcept>

namespace rehearse::judge {

std::string account(const Case& cluster, const Outcome& outcome) {
  std::string text;
  for (const Role& role : cluster.roles) {
    const std::string& owner = outcome.owners.at(role.name);
    if (!text.empty()) text += ", ";
    text += role.name + (owner.empty() ? " nowhere" : " on " + owner);
    std::string down;
    for (const Resource& resource : role.resources) {
      const auto place = outcome.online.find(resource.name);
      if (place == outcome.online.end()) {
        down += " " + resource.name;
      } else if (place->second != owner) {
        throw std::logic_error(resource.name + " is online on " + place->second + ", its role on " + owner);
      }
    }
    if (!down.empty() && !owner.empty()) text += " without" + down;
  }
  return text;
}

Precedence dependency_order(const Case& cluster, Choices choices) {
  Precedence order;
  for (const Role& role : cluster.roles) {
    for (const Resource& resource : role.resources) {
      for (const auto& clause : resource.needs) {
        if (clause.size() > 1 && choices == Choices::left_out) continue;
        for (const std::string& provider : clause) order.emplace(provider, resource.name);
      }
    }
  }
  for (bool grew = true; grew;) {
    grew = false;
    const Precedence direct = order;
    for (const auto& [provider, middle] : direct) {
      for (const auto& [middle_again, dependent] : direct) {
        if (middle == middle_again) grew = order.emplace(provider, dependent).second || grew;
      }
    }
  }
  return order;
}

std::string contradiction(const std::vector<std::string>& sequence, const Precedence& order) {
  for (const auto& [earlier, later] : order) {
    const auto first = std::find(sequence.begin(), sequence.end(), earlier);
    const auto second = std::find(sequence.begin(), sequence.end(), later);
    if (first != sequence.end() && second != sequence.end() && second < first) return later + " before " + earlier;
  }
  return "";
}

}  // namespace rehearse::judge
