// What an inspection has to say beside the design: what it did not understand, what is missing, and what it left out
// on purpose. A design says nothing about a value that stands here; nothing is guessed.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "real_backend/inspect/export.hpp"

namespace rehearse::real {

struct Remark {
  enum class Kind : unsigned char {
    not_understood,  // the export says something that a design cannot say, or that nobody here knows
    missing,         // the export should say it and does not
    note             // looked at and left out, because it does not matter to a rehearsal
  };
  Kind kind = Kind::note;
  std::optional<Spot> spot;  // nullopt: of the export as a whole
  std::string what;          // one sentence
  std::string remedy;        // what to do about it; may be empty
};

class Remarks {
 public:
  void not_understood(const Spot& spot, std::string what, std::string remedy = {});
  void missing(std::string what, std::string remedy);
  void missing(const Spot& spot, std::string what, std::string remedy);
  void note(const Spot& spot, std::string what);

  /// From now on there can be no design: it would lack something that every design has to say. The reason is a remark
  /// of its own.
  void block() { blocked_ = true; }
  bool blocked() const { return blocked_; }

  const std::vector<Remark>& all() const { return all_; }

 private:
  std::vector<Remark> all_;
  bool blocked_ = false;
};

}  // namespace rehearse::real
