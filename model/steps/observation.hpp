// What a deployment looks like to the steps: every query that a design leads to, with what it answered. It is how a
// plan knows the present state, how `apply` notices that reality has moved on since, how a simulated world is made
// that begins where the real one stands, and how two platforms are compared.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "model/design.hpp"
#include "model/steps/failure.hpp"
#include "model/steps/platform.hpp"

namespace rehearse::steps {

/// One question and its answer, or why there was none. When a worker was last heard of changes by itself, so of
/// Catalog.WorkerLastOnline only the fact that it has registered is kept: a flag in place of the date.
struct Fact {
  AnyRequest question;
  std::variant<Answer, Failure> outcome;

  const Answer* answer() const { return std::get_if<Answer>(&outcome); }
  friend bool operator==(const Fact&, const Fact&) = default;
};

/// In a fixed order: machine by machine as the design lists them, then the cluster, then the catalog.
struct Observation {
  std::vector<Fact> facts;

  /// The answer to this question; null: it was not asked, or not answered.
  const Answer* find(const AnyRequest& question) const;
  const Fact* fact(const AnyRequest& question) const;
  friend bool operator==(const Observation&, const Observation&) = default;
};

/// Whether Windows updates are asked for: the search takes minutes on real machines, and only patching needs it.
enum class AskForPatches : bool { no, yes };

/// Asks every machine at once, then the cluster, then the catalog. What cannot be answered (a machine is off, there is
/// no cluster yet) is a fact like any other, and what only makes sense after it is not asked. Certificates are kept as
/// far as they concern the design: those it states, and those that settings and bindings name. Failures that say that
/// the caller was cancelled pass through.
Awaitable<Observation> observe(Platform platform, model::Design design, AskForPatches patches);

/// The order in which an observation lists copies of certificates: by store, then thumbprint.
void sort_copies(std::vector<CertificateInfo>& copies);

/// Machines of the design that did not answer, in its order.
std::vector<std::string> silent_machines(const Observation& observation);

/// Where the two answer the same question differently, or only one of them asked it: "Cluster.RoleOwner('SQL Server
/// (MSSQLSERVER)'): was 'SQL1', is 'SQL2'". In the order of `before`, then what is new.
std::vector<std::string> differences(const Observation& before, const Observation& present);

/// The same answer, or failures with the same code.
bool same_outcome(const Fact& a, const Fact& b);

/// "'SQL1'", or "unreachable: SQL1 does not answer".
std::string to_text(const std::variant<Answer, Failure>& outcome);

/// SHA-256 over the questions and answers, 64 lower-case hex digits.
std::string fingerprint_of(const Observation& observation);

}  // namespace rehearse::steps
