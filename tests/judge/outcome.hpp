// What a cluster did about one happening, whoever decided it: where roles and resources are afterwards, and in which
// order resources were stopped and started.
#pragma once

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "case.hpp"

namespace rehearse::judge {

struct Outcome {
  std::map<std::string, std::string> owners;  // role -> node; "" while no node holds it
  std::map<std::string, std::string> online;  // resource -> node; resources that are down are not named
  std::vector<std::string> stops, starts;     // in the order in which they took effect

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

/// Pairs (earlier, later) that hold on every way through a plan, also indirectly.
using Precedence = std::set<std::pair<std::string, std::string>>;

/// What a judge adds to the outcome: which parts of its order are more than one way of writing down parallel work.
struct Verdict {
  Outcome outcome;
  Precedence stop_order, start_order;
  std::vector<std::string> forgotten;  // resources whose failures no longer count
};

/// In words, roles in the case's order: "Db on N2 without DbAgent, App on N1". A resource that is online elsewhere than
/// its role is a contradiction and throws std::logic_error.
std::string account(const Case& cluster, const Outcome& outcome);

/// Pairs (provider, dependent) of the case's dependencies, direct and indirect. A start waits for no particular one of
/// several that would do (an OR), a stop of any of them waits for the dependent.
enum class Choices { left_out, included };
Precedence dependency_order(const Case& cluster, Choices choices);

/// The first pair of `order` that the sequence has the wrong way round, in words; empty: none. Pairs of which the
/// sequence does not name both say nothing.
std::string contradiction(const std::vector<std::string>& sequence, const Precedence& order);

}  // namespace rehearse::judge
