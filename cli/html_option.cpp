#include "cli/html_option.hpp"

#include <spdlog/spdlog.h>

#include <CLI/CLI.hpp>

#include "sim/report/html/page.hpp"

namespace rehearse::cli {

void add_html_option(CLI::App& command, std::string& path) {
  command.add_option("--html", path, "also write a report for a browser to this file: one file that needs no network");
}

bool can_write_html(const std::string& path) {
  if (path.empty()) return true;
  const std::string missing = sim::html::missing_libraries();
  if (missing.empty()) return true;
  spdlog::error("--html: {}", missing);
  return false;
}

}  // namespace rehearse::cli
