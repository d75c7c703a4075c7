// The families of rules, each in a file of its own; registry.cpp puts them together.
#pragma once

#include <span>

#include "model/rules/rule.hpp"

namespace rehearse::model::rules {

std::span<const Rule> check_rules();        // CHECK: about the check itself
std::span<const Rule> certificate_rules();  // CERT
std::span<const Rule> validity_rules();     // DATE
std::span<const Rule> thumbprint_rules();   // THUMB
std::span<const Rule> endpoint_rules();     // END
std::span<const Rule> settings_rules();     // SET
std::span<const Rule> timer_rules();        // TIME
std::span<const Rule> account_rules();      // ACC
std::span<const Rule> service_rules();      // SRV
std::span<const Rule> role_rules();         // ROLE
std::span<const Rule> policy_rules();       // POL
std::span<const Rule> quorum_rules();       // QUO
std::span<const Rule> heartbeat_rules();    // HB
std::span<const Rule> network_rules();      // NET
std::span<const Rule> instance_rules();     // SQL
std::span<const Rule> version_rules();      // VER
std::span<const Rule> group_rules();        // AG
std::span<const Rule> workload_rules();     // WORK

}  // namespace rehearse::model::rules
