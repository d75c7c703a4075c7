#include "case.hpp"

#include <stdexcept>

namespace rehearse::judge {

std::string to_text(const Happening& happening) {
  using Kind = Happening::Kind;
  switch (happening.kind) {
    case Kind::node_lost: return happening.what + " is lost";
    case Kind::node_back: return happening.what + " comes back";
    case Kind::node_drained: return happening.what + " is drained";
    case Kind::node_resumed: return happening.what + " is resumed";
    case Kind::resource_fails: return happening.what + " fails";
    case Kind::resource_stopped: return happening.what + " is taken offline";
    case Kind::resource_started: return happening.what + " is brought online";
    case Kind::role_stopped: return happening.what + " is taken offline";
    case Kind::role_started: return happening.what + " is brought online";
    case Kind::role_moved: return happening.what + " is moved to " + happening.where;
    case Kind::ten_minutes_pass: return "ten minutes pass";
  }
  throw std::logic_error("unknown kind of happening");
}

const Role& Case::role_of(std::string_view resource) const {
  for (const Role& role : roles) {
    for (const Resource& one : role.resources) {
      if (one.name == resource) return role;
    }
  }
  throw std::logic_error("the case has no resource " + std::string(resource));
}

const Resource& Case::resource(std::string_view resource_name) const {
  for (const Resource& one : role_of(resource_name).resources) {
    if (one.name == resource_name) return one;
  }
  throw std::logic_error("unreachable: its role has it");
}

}  // namespace rehearse::judge
