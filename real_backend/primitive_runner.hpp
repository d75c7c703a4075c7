// Runs primitives on real machines: chooses the machine, fetches secrets, goes through a scheduled task where a second
// hop is needed, follows an exchange of several scripts to its end, and waits for machines that restart. It knows
// nothing of requests: how an answer is read, and what may be repeated, its caller says.
//
// The rule that keeps changes single: a script goes to another node only when nobody answered and nothing was begun
// (`unreachable`). Whatever may have happened, ends the request. A question may be asked again, so where one gets lost
// it counts as not answered.
#pragma once

#include <chrono>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/steps/answer.hpp"
#include "model/steps/awaitable.hpp"
#include "model/steps/failure.hpp"
#include "model/steps/platform.hpp"
#include "real_backend/powershell/primitives.hpp"
#include "real_backend/transport/transport.hpp"

namespace rehearse::real {

class Redaction;

/// What the runner has to know of the request behind a primitive.
class Question {
 public:
  Question(steps::Effect the_effect, std::function<steps::Answer(const std::string& line)> how_to_read)
      : effect(the_effect), read(std::move(how_to_read)) {}

  steps::Effect effect;
  std::function<steps::Answer(const std::string& line)> read;  // of the last script; throws Failure
  /// The request names a machine, and a failure tells of that one, whichever node was asked about it.
  bool names_node = false;
  /// One node can only affirm it: "no" is the answer when every node that answers says so.
  bool affirmed_by_any = false;
};

class PrimitiveRunner {
 public:
  struct Options {
    Duration look_every = std::chrono::seconds(5);  // at a machine that restarts or shuts down
  };

  /// All of them outlive the runner. Calls may overlap, on one thread.
  PrimitiveRunner(Transport& transport, steps::Operator& person, Surroundings around, Options options);

  /// Makes the first primitive and goes on from there. Throws Failure; its text holds no secret of the scripts.
  /// `unreachable`: none of the machines answered, and nothing was begun. A scheduled task (second_hop.hpp) outlives
  /// the script that waits for it: where that is lost, times out or is cancelled, the failure names the task and its
  /// machine; cancellation then ends as a failure `cancelled`.
  steps::Awaitable<steps::Answer> run(std::function<Primitive()> first, Question question);

 private:
  struct Script;
  struct Reply;
  struct Look;

  steps::Awaitable<steps::Answer> exchange(Primitive primitive, const Question& question, Redaction& redaction);
  bool goes_through_task(const Primitive& primitive) const;
  steps::Awaitable<Primitive> through_second_hop(Primitive primitive);
  steps::Awaitable<std::vector<steps::Secret>> secrets_of(const Primitive& primitive);
  steps::Awaitable<Reply> ask(const Script& script);
  steps::Awaitable<std::optional<Reply>> ask_host(const Script& script, std::string host, std::string& silence);
  steps::Awaitable<void> wait_after(After after, std::string host, Duration within, std::optional<std::string> before);
  steps::Awaitable<Look> look_at(std::string host);
  std::vector<std::string> hosts_for(const Primitive& primitive) const;
  std::string as_designed(const std::string& node) const;
  void remember(Where where, const std::string& host);
  void forget(const std::string& host);

  Transport& transport_;
  steps::Operator& person_;
  Surroundings around_;
  Options options_;
  std::string last_answered_;  // for the cluster; empty: nobody yet
  std::string sql_owner_;      // as last seen; empty: not asked yet
};

}  // namespace rehearse::real
