// The journal of a run on real machines: which steps of which plan began and ended, and how. Every record is on the
// disk before the run goes on, so that a killed run leaves a journal that says how far it came; the next run of the
// plan goes on in the same file. JSON Lines:
//
//   {"rehearse":"journal","version":1,"plan":"<hash>","design":"joint","program":"0.1.0","started":"2027-03-01T00:30:00Z"}
//   {"at":"...","opened":4711}                                                  by the process of that number
//   {"at":"...","began":3,"title":"install_fci on SQL1"}
//   {"at":"...","ended":3,"outcome":"failed","failure":{"code":"refused","message":"..."}}
//   {"at":"...","note":"..."}
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "model/diagnostic.hpp"
#include "model/steps/failure.hpp"
#include "model/steps/perform.hpp"
#include "model/units.hpp"
#include "real_backend/append_file.hpp"

namespace rehearse::real {

struct JournalHeader {
  std::string plan;     // its hash
  std::string design;   // its name
  std::string program;  // version of rehearse
  Date started;
  friend bool operator==(const JournalHeader&, const JournalHeader&) = default;
};

struct JournalOpened {
  std::int64_t process = 0;
  friend bool operator==(const JournalOpened&, const JournalOpened&) = default;
};
struct StepBegan {
  std::size_t index = 0;  // into the plan's steps
  std::string title;
  friend bool operator==(const StepBegan&, const StepBegan&) = default;
};
struct StepEnded {
  std::size_t index = 0;
  steps::StepOutcome::Kind kind = steps::StepOutcome::Kind::done;
  std::optional<steps::Failure> failure;  // exactly when it failed
  friend bool operator==(const StepEnded&, const StepEnded&) = default;
};
struct Note {
  std::string text;
  friend bool operator==(const Note&, const Note&) = default;
};
using JournalRecord = std::variant<JournalOpened, StepBegan, StepEnded, Note>;

struct JournalEntry {
  Date at;
  JournalRecord record;
  friend bool operator==(const JournalEntry&, const JournalEntry&) = default;
};

struct JournalContent {
  JournalHeader header;
  std::vector<JournalEntry> entries;

  /// The step that began last, if it did not end: whether it took effect is for its satisfied() to say.
  std::optional<StepBegan> under_way() const;
  friend bool operator==(const JournalContent&, const JournalContent&) = default;
};

struct JournalResult {
  std::optional<JournalContent> content;       // only when no diagnostic is an error
  std::vector<model::Diagnostic> diagnostics;  // a torn last line is a warning
  std::size_t whole_size = 0;                  // bytes without the torn line
};

/// `file` is what diagnostics call the file.
JournalResult read_journal(std::string_view text, const std::string& file);
JournalResult read_journal_file(const std::string& path);

class Journal {
 public:
  using Now = std::function<Date()>;

  /// A new journal. Throws Failure as AppendFile::create does.
  static Journal create(const std::string& path, const JournalHeader& header, Now now);

  /// Goes on with the journal of an earlier run. Throws Failure as AppendFile::resume does, and `conflict` when the
  /// file is no journal (with its diagnostics).
  static Journal resume(const std::string& path, Now now);

  /// What was in the journal when it was opened; the header alone for a new one.
  const JournalContent& before() const { return before_; }
  const std::string& path() const { return file_.path(); }

  /// Takes these secrets out of every record from now on; must outlive the journal.
  void keep_out(const Redaction& secrets) { file_.keep_out(secrets); }

  // Each is on the disk when it returns, and throws Failure(refused) when that cannot be. One step at a time is under
  // way (std::logic_error otherwise).
  void step_began(std::size_t index, const std::string& title);
  void step_ended(std::size_t index, const steps::StepOutcome& outcome);
  void note(const std::string& text);

 private:
  Journal(AppendFile file, JournalContent before, Now now);
  void write(const JournalRecord& record);

  AppendFile file_;
  JournalContent before_;
  Now now_;
  std::optional<std::size_t> under_way_;
};

}  // namespace rehearse::real
