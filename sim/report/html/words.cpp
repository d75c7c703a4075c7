#include "sim/report/html/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace rehearse::sim::html {

std::string title_of(const Service& service, const world::Blueprint& plan) {
  switch (service.kind) {
    case Service::Kind::sql_server: return "SQL Server";
    case Service::Kind::ssisdb: return "SSISDB";
    case Service::Kind::scale_out_master: return "Scale Out Master";
    case Service::Kind::worker: return plan.workers.at(service.worker).name;
    case Service::Kind::package_execution: return "Package execution";
  }
  throw std::logic_error("no such service");
}

std::string counted(std::uint64_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

std::string words_of(Phase phase) {
  std::string text(to_text(phase));
  std::replace(text.begin(), text.end(), '_', ' ');
  return text;
}

}  // namespace rehearse::sim::html
