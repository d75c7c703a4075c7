// What is known of a handshake from outside, and what follows from it. From outside many facts stay unknown (whether
// the node trusts the worker's certificate, its clock, its Root store), yet how the other side behaves leaves fewer of
// them possible. The rules themselves are those of model/handshake.hpp: every answer here comes from its judge(), asked
// once for each way in which the unknown facts could be.
#pragma once

#include <vector>

#include "model/handshake.hpp"

namespace rehearse::real {

/// A set of outcomes, kept in the order in which they decide.
class OutcomeSet {
 public:
  OutcomeSet() = default;
  OutcomeSet(std::initializer_list<model::HandshakeOutcome> outcomes);

  /// Every defect, which is every outcome but `accepted`.
  static OutcomeSet every_defect();

  void add(model::HandshakeOutcome outcome) { bits_ |= bit(outcome); }
  void add(OutcomeSet others) { bits_ |= others.bits_; }
  void remove(model::HandshakeOutcome outcome) { bits_ &= ~bit(outcome); }
  void remove(OutcomeSet others) { bits_ &= ~others.bits_; }
  void keep_only(OutcomeSet others) { bits_ &= others.bits_; }
  bool has(model::HandshakeOutcome outcome) const { return (bits_ & bit(outcome)) != 0; }
  bool meets(OutcomeSet others) const { return (bits_ & others.bits_) != 0; }
  bool empty() const { return bits_ == 0; }
  std::vector<model::HandshakeOutcome> list() const;  // `accepted` last
  friend bool operator==(OutcomeSet, OutcomeSet) = default;

 private:
  static std::uint32_t bit(model::HandshakeOutcome outcome) {
    return std::uint32_t{1} << static_cast<unsigned>(outcome);
  }
  std::uint32_t bits_ = 0;
};

struct HandshakeEvidence {
  model::HandshakeFacts facts;  // what is known; a fact that is not known stands at "nothing is wrong"
  OutcomeSet unknown = OutcomeSet::every_defect();  // defects that may be there or not; disjoint from those of `facts`
  OutcomeSet cause;                                 // not empty: the other side refused, for at least one of these

  /// What is certainly wrong, all of it.
  OutcomeSet defects() const;

  /// What judge() may say: for each way in which the unknown facts can be that explains `cause`. Empty: none does.
  OutcomeSet possible() const;
};

/// Changes the facts so that this defect is there, or is not; others stay, except that a certificate cannot be too
/// young and too old at once.
void bring_about(model::HandshakeFacts& facts, model::HandshakeOutcome defect);
void mend(model::HandshakeFacts& facts, model::HandshakeOutcome defect);

}  // namespace rehearse::real
