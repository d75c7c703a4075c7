#include "model/steps/adapters/transcript_file.hpp"

#include <fmt/format.h>

#include <stdexcept>
#include <utility>

#include "model/json_lines.hpp"
#include "model/reading.hpp"
#include "model/steps/call_json.hpp"
#include "model/whole_file.hpp"

namespace rehearse::steps {
namespace {

using model::Need;
using model::Object;
using model::Shape;
using model::Value;

constexpr std::int64_t version = 1;
constexpr std::size_t size_limit = std::size_t{1} << 30;

const Shape header_shape{"", {{"rehearse", Need::required}, {"version", Need::required}}};
const Shape begin_shape{"begin", {{"begin", Need::required}, {"call", Need::required}, {"with", Need::required}}};
const Shape end_shape{"end", {{"end", Need::required}, {"answer"}, {"failure"}, {"abandoned"}}};

class Reader {
 public:
  void read(const Value& line) {
    if (!header_read_) {
      header_read_ = true;
      read_header(line);
    } else if (line.node().find("end") != nullptr) {
      read_end(line);
    } else {
      read_begin(line);
    }
  }

  bool header_read() const { return header_read_; }
  Transcript take() { return std::move(transcript_); }

 private:
  static void read_header(const Value& line) {
    const std::optional<Object> object = line.object(header_shape);
    if (!object) return;
    const model::Choices<int> kinds = {{"transcript", 0}};
    if (const auto kind = object->find("rehearse")) kind->one_of(kinds);
    if (const auto number = object->find("version")) number->whole(version, version);
  }

  void read_begin(const Value& line) {
    const std::optional<Object> object = line.object(begin_shape);
    if (!object) return;
    const auto next = static_cast<std::int64_t>(transcript_.entries().size() + 1);
    const auto number = object->find("begin");
    if (number && !number->whole(next, next)) return;
    std::optional<AnyRequest> request = read_request(*object);
    if (number && request) transcript_.begin(std::move(*request));
  }

  void read_end(const Value& line) {
    const std::optional<Object> object = line.object(end_shape);
    if (!object) return;
    const Value number = *object->find("end");
    const auto begun = static_cast<std::int64_t>(transcript_.entries().size());
    const std::optional<std::int64_t> call = number.whole(1, std::max<std::int64_t>(begun, 1));
    std::optional<CallOutcome> outcome = read_outcome(*object);
    if (!call || !outcome) return;
    if (*call > begun) {
      number.error("no call has begun yet", "a call begins before it ends");
      return;
    }
    const auto index = static_cast<std::size_t>(*call - 1);
    if (transcript_.entries()[index].ended_as != 0) {
      number.error(fmt::format("call {} has ended already", *call), "a call ends once");
      return;
    }
    transcript_.end(index, std::move(*outcome));
  }

  static std::optional<CallOutcome> read_outcome(const Object& object) {
    const auto answer = object.find("answer");
    const auto failure = object.find("failure");
    const auto abandoned = object.find("abandoned");
    if (answer.has_value() + failure.has_value() + abandoned.has_value() != 1) {
      object.value().error("a call ends in one way", "write one of 'answer', 'failure' and 'abandoned'");
      return std::nullopt;
    }
    if (answer) {
      if (auto read = read_answer(*answer)) return CallOutcome(std::move(*read));
    } else if (failure) {
      if (auto read = read_failure(*failure)) return CallOutcome(std::move(*read));
    } else if (const auto word = abandoned->boolean()) {
      if (*word) return CallOutcome(Abandoned{});
      abandoned->error("\"abandoned\" is true or not there", "write true");
    }
    return std::nullopt;
  }

  bool header_read_ = false;
  Transcript transcript_;
};

}  // namespace

std::string transcript_header() {
  return fmt::format("{{\"rehearse\":\"transcript\",\"version\":{}}}", version);
}

std::string begin_line(std::size_t index, const AnyRequest& request) {
  return fmt::format("{{\"begin\":{},{}", index + 1, request_json(request).substr(1));
}

std::string end_line(std::size_t index, const CallOutcome& outcome) {
  std::string ending;
  if (const Answer* answer = std::get_if<Answer>(&outcome)) {
    ending = "\"answer\":" + answer_json(*answer);
  } else if (const Failure* failure = std::get_if<Failure>(&outcome)) {
    ending = "\"failure\":" + failure_json(*failure);
  } else if (std::holds_alternative<Abandoned>(outcome)) {
    ending = "\"abandoned\":true";
  } else {
    throw std::logic_error("a call that is under way has no end to write");
  }
  return fmt::format("{{\"end\":{},{}}}", index + 1, ending);
}

std::string transcript_text(const Transcript& transcript) {
  const auto& entries = transcript.entries();
  std::vector<std::size_t> by_rank(transcript.ended() + 1);
  for (std::size_t index = 0; index < entries.size(); ++index) by_rank[entries[index].ended_as] = index;
  std::string text = transcript_header() + "\n";
  std::size_t begun = 0;
  for (std::size_t ended = 0; ended <= transcript.ended(); ++ended) {
    if (ended > 0) text += end_line(by_rank[ended], entries[by_rank[ended]].outcome) + "\n";
    for (; begun < entries.size() && entries[begun].began_after == ended; ++begun) {
      text += begin_line(begun, entries[begun].request) + "\n";
    }
  }
  return text;
}

TranscriptResult read_transcript(std::string_view text, const std::string& file) {
  Reader reader;
  TranscriptResult result;
  model::read_json_lines(text, file, result.diagnostics, [&](const Value& line) { reader.read(line); });
  if (!reader.header_read() && !model::has_errors(result.diagnostics)) {
    result.diagnostics.push_back({model::Severity::error,
                                  file,
                                  {},
                                  "the file is no transcript: its first line is missing",
                                  "name a file that was written with --record"});
  }
  if (!model::has_errors(result.diagnostics)) result.transcript = reader.take();
  return result;
}

TranscriptResult read_transcript_file(const std::string& path) {
  std::string problem;
  const std::optional<std::string> text = model::read_whole_file(path, size_limit, problem);
  if (text) return read_transcript(*text, path);
  return {std::nullopt,
          {{model::Severity::error,
            path,
            {},
            "the transcript cannot be read: " + problem,
            "name a file that was written with --record"}}};
}

}  // namespace rehearse::steps
