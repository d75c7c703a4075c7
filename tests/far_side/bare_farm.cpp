#include "tests/far_side/bare_farm.hpp"

namespace far_side {

FarWorld bare_farm() {
  BareMachines given;
  given.now = Instant(std::chrono::sys_days(std::chrono::year(2026) / 11 / 22)) + 10h;
  given.machines = {{"SQL1", "10.0.0.1"}, {"SQL2", "10.0.0.2"}, {"WRK1", "10.0.0.11"}, {"WRK2", "10.0.0.12"}};
  given.accounts = {{"CORP\\installer", "installer's word"},
                    {"CORP\\svc-sql", "sql's word"},
                    {"CORP\\svc-ssis", "master's word"},
                    {"CORP\\svc-worker", "worker's word"}};
  given.groups = {{"CORP\\SQL Admins", {"CORP\\installer"}}};
  given.shares = {"\\\\FS1\\witness"};
  given.media = "\\\\FS1\\sql2019";
  return bare_world(given);
}

std::string look(FarWorld& world, const std::string& machine, const std::string& script, Logon logon) {
  FarMachine at(world, machine, logon);
  std::string text;
  for (const Value& line : interpret("$ErrorActionPreference = 'Stop'\n" + script, {}, at)) {
    text += (text.empty() ? "" : "|") + line.text();
  }
  return text;
}

}  // namespace far_side
