#include "sim/scenario/trigger.hpp"

#include <array>
#include <stdexcept>
#include <utility>

#include "sim/world/membership.hpp"
#include "sim/world/roles.hpp"

namespace rehearse::sim {
namespace {

using world::none;
using world::ResourceIndex;
using world::ResourceStatus;

constexpr std::array<std::pair<Happening, std::string_view>, 5> words{{
    {Happening::joined, " joined"},
    {Happening::down, " down"},
    {Happening::quarantined, " quarantined"},
    {Happening::online, " online"},
    {Happening::failed, " failed"},
}};

bool role_failed(world::GroupIndex group, const world::World& world) {
  const world::GroupPlan& role = world.plan().groups[group];
  for (ResourceIndex index = role.first; index < role.first + role.count; ++index) {
    if (world.state().resources[index].status == ResourceStatus::failed) return true;
  }
  return false;
}

}  // namespace

bool is_of_node(Happening happening) {
  return happening == Happening::joined || happening == Happening::down || happening == Happening::quarantined;
}

std::optional<Trigger> parse_trigger(std::string_view text) {
  for (const auto& [happening, word] : words) {
    if (text.size() <= word.size() || !text.ends_with(word)) continue;
    return Trigger{std::string(text.substr(0, text.size() - word.size())), happening};
  }
  return std::nullopt;
}

std::string to_text(const Trigger& trigger) {
  for (const auto& [happening, word] : words) {
    if (happening == trigger.what) return trigger.name + std::string(word);
  }
  throw std::logic_error("a trigger of no kind");
}

bool holds(const Trigger& trigger, world::World& world) {
  if (is_of_node(trigger.what)) {
    const world::HostIndex node = world.plan().find_host(trigger.name);
    if (trigger.what == Happening::quarantined) return world.membership().is_quarantined(node);
    return world.membership().is_active(node) == (trigger.what == Happening::joined);
  }
  const bool online = trigger.what == Happening::online;
  if (const world::GroupIndex group = world.plan().find_group(trigger.name); group != none) {
    return online ? world.roles().fully_online(group) : role_failed(group, world);
  }
  const ResourceIndex resource = world.plan().find_resource(trigger.name);
  return world.state().resources.at(resource).status == (online ? ResourceStatus::online : ResourceStatus::failed);
}

}  // namespace rehearse::sim
