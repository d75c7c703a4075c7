// A transcript: every call that steps made, as plain values. It is the one mechanism for resuming after an
// interruption, for record and replay, and for forking a world in which a step is under way.
//
// Calls may overlap (one operation on several hosts at once), so an entry says not only what was asked and answered but
// also how far the other calls had come: replaying in that order brings every coroutine to the same place.
#pragma once

#include <cstddef>
#include <string>
#include <variant>
#include <vector>

#include "model/steps/answer.hpp"
#include "model/steps/failure.hpp"
#include "model/steps/requests.hpp"

namespace rehearse::steps {

/// The caller was cancelled while it waited.
struct Abandoned {
  friend bool operator==(const Abandoned&, const Abandoned&) { return true; }
};

/// monostate: the call was under way when the transcript ended.
using CallOutcome = std::variant<std::monostate, Answer, Failure, Abandoned>;

class Transcript {
 public:
  struct Entry {
    AnyRequest request;
    CallOutcome outcome;
    std::size_t began_after = 0;  // calls that had ended when this one began
    std::size_t ended_as = 0;     // the how-manyth to end, from 1; 0: it did not
    friend bool operator==(const Entry&, const Entry&) = default;
  };

  /// Returns the entry's index, for end().
  std::size_t begin(AnyRequest request);
  void end(std::size_t index, CallOutcome outcome);

  const std::vector<Entry>& entries() const { return entries_; }
  std::size_t ended() const { return ended_; }

  /// This transcript as it was when its first `ended` calls had ended: later answers are forgotten, and so are calls
  /// that began later. For resuming from any point.
  Transcript until(std::size_t ended) const;

  friend bool operator==(const Transcript&, const Transcript&) = default;

 private:
  std::vector<Entry> entries_;
  std::size_t ended_ = 0;
};

/// One line a call: "Cluster.Exists('SSISCLU') -> no".
std::string to_text(const Transcript& transcript);

}  // namespace rehearse::steps
