#include "real_backend/journal.hpp"

#include <unistd.h>

#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

#include "model/json_lines.hpp"
#include "model/reading.hpp"
#include "model/steps/call_json.hpp"
#include "model/steps/field_json.hpp"
#include "model/whole_file.hpp"

namespace rehearse::real {
namespace {

using model::Need;
using model::Object;
using model::Shape;
using model::Value;
using steps::Json;
using Kind = steps::StepOutcome::Kind;

constexpr std::int64_t version = 1;
constexpr std::int64_t most_steps = 1'000'000;
constexpr std::size_t size_limit = std::size_t{256} << 20;
constexpr const char* what = "journal";

std::string on_one_line(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

std::string header_line(const JournalHeader& header) {
  return on_one_line({{"rehearse", "journal"},
                      {"version", version},
                      {"plan", header.plan},
                      {"design", header.design},
                      {"program", header.program},
                      {"started", steps::json_of(header.started)}});
}

struct RecordJson {
  Json& json;
  void operator()(const JournalOpened& opened) const { json["opened"] = opened.process; }
  void operator()(const StepBegan& began) const {
    json["began"] = began.index;
    json["title"] = began.title;
  }
  void operator()(const StepEnded& ended) const {
    json["ended"] = ended.index;
    json["outcome"] = steps::to_text(ended.kind);
    if (ended.failure) json["failure"] = Json::parse(steps::failure_json(*ended.failure));
  }
  void operator()(const Note& note) const { json["note"] = note.text; }
};

std::string entry_line(const JournalEntry& entry) {
  Json json = {{"at", steps::json_of(entry.at)}};
  std::visit(RecordJson{json}, entry.record);
  return on_one_line(json);
}

/// A required member of any type that requests have; nothing after a diagnostic.
template <class T>
std::optional<T> member_of(const Object& object, std::string_view key) {
  std::optional<T> result;
  if (const auto value = object.find(key)) steps::read_field(*value, result);
  return result;
}

class Reader {
 public:
  void read(const Value& line) {
    if (header_) {
      read_entry(line);
    } else {
      read_header(line);
    }
  }

  std::optional<JournalContent> take() {
    if (!header_) return std::nullopt;
    return JournalContent{std::move(*header_), std::move(entries_)};
  }

 private:
  void read_header(const Value& line) {
    static const Shape shape{"",
                             {{"rehearse", Need::required},
                              {"version", Need::required},
                              {"plan", Need::required},
                              {"design", Need::required},
                              {"program", Need::required},
                              {"started", Need::required}}};
    static const model::Choices<bool> kinds = {{"journal", true}};
    const std::optional<Object> object = line.object(shape);
    if (!object) return;
    const auto word = object->find("rehearse");
    const bool right_kind = word && word->one_of(kinds);
    const auto number = object->find("version");
    const bool right_version = number && number->whole(version, version);
    auto plan = member_of<std::string>(*object, "plan");
    auto design = member_of<std::string>(*object, "design");
    auto program = member_of<std::string>(*object, "program");
    const auto started = member_of<Date>(*object, "started");
    if (right_kind && right_version && plan && design && program && started) {
      header_ = JournalHeader{std::move(*plan), std::move(*design), std::move(*program), *started};
    }
  }

  void read_entry(const Value& line) {
    static const Shape opened{"opened", {{"at", Need::required}, {"opened", Need::required}}};
    static const Shape began{"began", {{"at", Need::required}, {"began", Need::required}, {"title", Need::required}}};
    static const Shape ended{
        "ended", {{"at", Need::required}, {"ended", Need::required}, {"outcome", Need::required}, {"failure"}}};
    static const Shape note{"note", {{"at", Need::required}, {"note", Need::required}}};
    const auto says = [&](const char* key) { return line.node().find(key) != nullptr; };
    const Shape& shape = says("opened") ? opened : says("began") ? began : says("ended") ? ended : note;
    const std::optional<Object> object = line.object(shape);
    if (!object) return;
    const auto at = member_of<Date>(*object, "at");
    std::optional<JournalRecord> record = &shape == &opened  ? read_opened(*object)
                                          : &shape == &began ? read_began(*object)
                                          : &shape == &ended ? read_ended(*object)
                                                             : read_note(*object);
    if (at && record) entries_.push_back({*at, std::move(*record)});
  }

  static std::optional<JournalRecord> read_opened(const Object& object) {
    const auto process = member_of<std::int64_t>(object, "opened");
    if (!process) return std::nullopt;
    return JournalOpened{*process};
  }

  static std::optional<JournalRecord> read_note(const Object& object) {
    auto text = member_of<std::string>(object, "note");
    if (!text) return std::nullopt;
    return Note{std::move(*text)};
  }

  std::optional<JournalRecord> read_began(const Object& object) {
    const auto index = object.find("began")->whole(0, most_steps);
    auto title = member_of<std::string>(object, "title");
    if (!index || !title) return std::nullopt;
    under_way_ = static_cast<std::size_t>(*index);
    return StepBegan{*under_way_, std::move(*title)};
  }

  std::optional<JournalRecord> read_ended(const Object& object) {
    static const model::Choices<Kind> outcomes = {{steps::to_text(Kind::already_satisfied), Kind::already_satisfied},
                                                  {steps::to_text(Kind::done), Kind::done},
                                                  {steps::to_text(Kind::failed), Kind::failed}};
    const Value number = *object.find("ended");
    const auto index = number.whole(0, most_steps);
    const auto outcome = object.find("outcome");
    const auto kind = outcome ? outcome->one_of(outcomes) : std::nullopt;
    const auto told = object.find("failure");
    std::optional<steps::Failure> failure = told ? steps::read_failure(*told) : std::nullopt;
    if (!index || !kind || told.has_value() != failure.has_value()) return std::nullopt;
    if ((*kind == Kind::failed) != failure.has_value()) {
      outcome->error("the outcome and the failure do not fit together",
                     "a step that failed has a failure, no other has");
      return std::nullopt;
    }
    if (under_way_ != static_cast<std::size_t>(*index)) {
      number.error("this step was not under way", "a step begins before it ends, and ends once");
      return std::nullopt;
    }
    under_way_.reset();
    return StepEnded{static_cast<std::size_t>(*index), *kind, std::move(failure)};
  }

  std::optional<JournalHeader> header_;
  std::vector<JournalEntry> entries_;
  std::optional<std::size_t> under_way_;
};

}  // namespace

std::optional<StepBegan> JournalContent::under_way() const {
  std::optional<StepBegan> last;
  for (const JournalEntry& entry : entries) {
    if (const auto* began = std::get_if<StepBegan>(&entry.record)) last = *began;
    if (std::holds_alternative<StepEnded>(entry.record)) last.reset();
  }
  return last;
}

JournalResult read_journal(std::string_view text, const std::string& file) {
  JournalResult result;
  Reader reader;
  result.whole_size =
      model::read_json_lines(text, file, result.diagnostics, [&](const Value& line) { reader.read(line); });
  if (result.whole_size == 0 && !model::has_errors(result.diagnostics)) {
    result.diagnostics.push_back({model::Severity::error,
                                  file,
                                  {},
                                  "the file is no journal: its first line is missing",
                                  "name a journal that apply wrote, or begin with a new one"});
  }
  if (!model::has_errors(result.diagnostics)) result.content = reader.take();
  return result;
}

JournalResult read_journal_file(const std::string& path) {
  std::string problem;
  const std::optional<std::string> text = model::read_whole_file(path, size_limit, problem);
  if (text) return read_journal(*text, path);
  return {std::nullopt,
          {{model::Severity::error,
            path,
            {},
            "the journal cannot be read: " + problem,
            "name a journal that apply wrote, or begin with a new one"}},
          0};
}

Journal::Journal(AppendFile file, JournalContent before, Now now)
    : file_(std::move(file)), before_(std::move(before)), now_(std::move(now)) {
  write(JournalOpened{::getpid()});
}

Journal Journal::create(const std::string& path, const JournalHeader& header, Now now) {
  AppendFile file = AppendFile::create(path, what);
  file.append(header_line(header));
  return {std::move(file), {header, {}}, std::move(now)};
}

Journal Journal::resume(const std::string& path, Now now) {
  JournalResult read;
  AppendFile file = AppendFile::resume(path, what, [&](std::string_view text) {
    read = read_journal(text, path);
    if (read.content) return read.whole_size;
    std::string told = "the file is no journal that can be gone on with:";
    for (const model::Diagnostic& diagnostic : read.diagnostics) told += "\n" + model::to_text(diagnostic);
    throw steps::Failure(steps::FailureCode::conflict, told);
  });
  return {std::move(file), std::move(*read.content), std::move(now)};
}

void Journal::step_began(std::size_t index, const std::string& title) {
  write(StepBegan{index, title});
  under_way_ = index;
}

void Journal::step_ended(std::size_t index, const steps::StepOutcome& outcome) {
  if (under_way_ != index) throw std::logic_error("a step ends in the journal that was not under way");
  write(StepEnded{index, outcome.kind, outcome.failure});
  under_way_.reset();
}

void Journal::note(const std::string& text) {
  write(Note{text});
}

void Journal::write(const JournalRecord& record) {
  file_.append(entry_line({now_(), record}));
}

}  // namespace rehearse::real
