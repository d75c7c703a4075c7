#include "model/steps/requests.hpp"

#include "model/steps/port_names.hpp"
#include "model/steps/text.hpp"

namespace rehearse::steps {
namespace {

template <class Visitor>
auto visit_request(const AnyRequest& request, Visitor visitor) {
  return std::visit([&](const auto& of_port) { return std::visit(visitor, of_port); }, request);
}

}  // namespace

std::string name_of(const AnyRequest& request) {
  const std::string_view primitive = visit_request(request, [](const auto& r) -> std::string_view { return r.name; });
  return std::string(port_names[request.index()]) + "." + std::string(primitive);
}

Effect effect_of(const AnyRequest& request) {
  return visit_request(request, [](const auto& r) { return r.effect; });
}

std::string node_of(const AnyRequest& request) {
  return visit_request(request, [](const auto& r) -> std::string {
    if constexpr (requires { r.host; }) {
      return r.host;
    } else if constexpr (requires { r.node; }) {
      return r.node;
    } else {
      return {};
    }
  });
}

std::string to_text(const AnyRequest& request) {
  const std::string arguments = visit_request(request, [](const auto& r) {
    std::string result;
    std::apply([&](const auto&... field) { ((result += (result.empty() ? "" : ", ") + text::of(field)), ...); },
               r.fields());
    return result;
  });
  return name_of(request) + "(" + arguments + ")";
}

}  // namespace rehearse::steps
