// VER: versions and editions (S 8, W 7.4).
#include <fmt/format.h>

#include "model/rules/design_source.hpp"
#include "model/rules/families.hpp"
#include "model/rules/questions.hpp"
#include "model/rules/stated.hpp"

namespace rehearse::model::rules {
namespace {

Findings standard(const Facts& facts, bool of_2017) {
  if (facts.design.edition != Edition::standard || (facts.design.sql == SqlVersion::v2017) != of_2017) return {};
  return {{"/edition",
           of_2017 ? "Standard edition has no Scale Out Master"
                   : "in 2017 Standard edition had no Scale Out Master; look up the table of your version",
           "write \"edition\": \"enterprise\""}};
}

Findings standard_2017(const Facts& facts) {
  return standard(facts, true);
}

Findings standard_later(const Facts& facts) {
  return standard(facts, false);
}

Findings sql_on_old_windows(const Facts& facts) {
  if (facts.design.windows != WindowsVersion::v2012r2 || facts.design.sql == SqlVersion::v2017) return {};
  return {{"/windows",
           fmt::format("SQL Server {} does not install on Windows Server 2012 R2", to_text(facts.design.sql)),
           "write \"windows\": \"2016\" or later"}};
}

Findings mixed_windows(const Facts& facts) {
  Findings findings;
  for (const auto& [node, windows] : facts.stated.windows_of_nodes) {
    if (windows == facts.design.windows) continue;
    findings.push_back(
        {node + "/windows",
         fmt::format("this node has Windows {}, the others {}", to_text(windows), to_text(facts.design.windows)),
         "bring all nodes to one version"});
  }
  return findings;
}

Findings mixed_sql(const Facts& facts) {
  Findings findings;
  for (const auto& [pool, sql] : facts.stated.sql_of_pools) {
    if (sql == facts.design.sql) continue;
    findings.push_back(
        {pool + "/sql",
         fmt::format("these workers are of SQL Server {}, the master of {}", to_text(sql), to_text(facts.design.sql)),
         "bring master and workers to one version"});
  }
  return findings;
}

Findings workers_of_less(const Facts& facts) {
  Findings findings;
  for (const auto& [pool, edition] : facts.stated.edition_of_pools) {
    if (edition != Edition::standard || facts.design.edition == Edition::standard) continue;
    findings.push_back({pool + "/edition", "packages with components of Enterprise edition fail on these workers",
                        "write \"edition\": \"enterprise\", or name other workers for such packages"});
  }
  return findings;
}

Findings developer(const Facts& facts) {
  if (facts.design.edition != Edition::developer) return {};
  return {{"/edition", "Developer edition is not licensed for production", "write \"edition\": \"enterprise\""}};
}

constexpr Rule rules[] = {
    {"VER-001", Level::error, "Standard edition has no Scale Out Master",
     "Setup of 2017 offers the master in Enterprise, Developer and Evaluation edition only; workers may be Standard.",
     "Enterprise edition for the master.", "S 8", &standard_2017},
    {"VER-002", Level::warning, "Standard edition may have no Scale Out Master",
     "In 2017 the master needed Enterprise edition; the tables of later versions were not read again for this rule.",
     "Look it up, and accept this finding if your version allows it.", "S 8", &standard_later},
    {"VER-003", Level::warning, "a SQL Server that this Windows does not take",
     "SQL Server 2019 and later need Windows Server 2016 or later.", "A later Windows, or SQL Server 2017.",
     "(assumed: from general knowledge)", &sql_on_old_windows},
    {"VER-004", Level::warning, "nodes of different Windows versions",
     "A cluster of mixed versions is meant for the days of a rolling upgrade. Heartbeat defaults and features are "
     "those of "
     "the older version, and the simulator takes all nodes as one version.",
     "One version on every node.", "W 1.1 (assumed)", &mixed_windows},
    {"VER-005", Level::warning, "workers of another version than the master",
     "The documents name no supported mix, and service names and protocols go with the version: upgrades take all of "
     "them "
     "and make the role anew.",
     "One version of Scale Out everywhere.", "S 4.2 (assumed)", &mixed_sql},
    {"VER-006", Level::note, "workers of Standard edition",
     "A worker may be Standard, but components that are Enterprise-only need Enterprise workers: a package that goes "
     "to "
     "any worker fails on some of them.",
     "Enterprise workers, or named workers for such packages.", "S 8", &workers_of_less},
    {"VER-007", Level::note, "Developer edition",
     "It has the features of Enterprise edition and no licence for production.", "Enterprise edition in production.",
     "S 8 (assumed)", &developer},
};

}  // namespace

std::span<const Rule> version_rules() {
  return rules;
}

}  // namespace rehearse::model::rules
