// Transcripts as files: every request and every answer goes there and back, whatever a file has suffered is told and
// never a crash, and what a killed run left behind can be read.
#include "model/steps/adapters/transcript_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>
#include <random>
#include <stdexcept>

#include "model/json_tree.hpp"
#include "model/steps/adapters/recording.hpp"
#include "model/steps/adapters/replaying.hpp"
#include "model/steps/call_json.hpp"
#include "model/steps/deployment.hpp"
#include "model/steps/perform.hpp"
#include "small_farm.hpp"
#include "test_designs.hpp"

namespace rehearse::steps {
namespace {

using testing::HasSubstr;

// ---- samples: two values of every field type, the second as nasty as the type allows

const std::string nasty =
    std::string("quote \" backslash \\ line\nend \x01 nul ") + '\0' + " \xE2\x80\x98\xF0\x9F\x98\x80";

template <class T>
struct Sample;
template <>
struct Sample<bool> {
  static bool of(bool second) { return second; }
};
template <>
struct Sample<int> {
  static int of(bool second) { return second ? std::numeric_limits<int>::min() : 8391; }
};
template <>
struct Sample<std::int64_t> {
  static std::int64_t of(bool second) { return second ? std::numeric_limits<std::int64_t>::max() : -1; }
};
template <>
struct Sample<std::string> {
  static std::string of(bool second) { return second ? nasty + std::string(2000, 'x') : ""; }
};
template <>
struct Sample<std::vector<std::string>> {
  static std::vector<std::string> of(bool second) {
    return second ? std::vector<std::string>{nasty, "", "SQL1"} : std::vector<std::string>{};
  }
};
template <>
struct Sample<Date> {
  static Date of(bool second) { return second ? Date::max() : Date(Duration(-1)); }
};
template <>
struct Sample<Duration> {
  static Duration of(bool second) { return second ? Duration::max() : -Duration(1); }
};
template <>
struct Sample<Secret> {
  static Secret of(bool second) { return second ? Secret(nasty, "planted-password") : Secret(); }
};
template <>
struct Sample<CertificateInfo> {
  static CertificateInfo of(bool second) {
    return CertificateInfo(std::string(40, 'A'), Sample<std::vector<std::string>>::of(second), Date::min(),
                           Sample<Date>::of(second), "Root", second);
  }
};
template <>
struct Sample<std::vector<CertificateInfo>> {
  static std::vector<CertificateInfo> of(bool second) {
    if (!second) return {};
    return {Sample<CertificateInfo>::of(false), Sample<CertificateInfo>::of(true)};
  }
};
template <>
struct Sample<model::MasterSettings> {
  static model::MasterSettings of(bool second) {
    using namespace std::chrono_literals;
    if (!second) return {};
    return {1, std::string(40, 'B'), "SQLFCI\\INST1", 1ns, 2us, 3ms, 4s};
  }
};
template <>
struct Sample<model::WorkerSettings> {
  static model::WorkerSettings of(bool second) {
    using namespace std::chrono_literals;
    if (!second) return {};
    return {"https://SQLFCI:8391", std::string(40, 'C'), std::string(40, 'D'), 1s, 2s, 3s, 4s, 5, nasty};
  }
};
template <class Enum>
requires std::is_enum_v<Enum>
struct Sample<Enum> {
  static Enum of(bool second) { return static_cast<Enum>(second ? 2 : 0); }
};

template <class Fields>
struct SampleFields;
template <class... Field>
struct SampleFields<std::tuple<Field...>> {
  static std::tuple<std::decay_t<Field>...> of([[maybe_unused]] bool second) {
    return {Sample<std::decay_t<Field>>::of(second)...};
  }
};

/// Two requests of every type.
std::vector<AnyRequest> sample_requests() {
  std::vector<AnyRequest> samples;
  const auto add_port = [&]<class... Request>(std::type_identity<std::variant<Request...>>) {
    const auto add = [&]<class One>(std::type_identity<One>, bool second) {
      using Fields = decltype(std::declval<const One&>().fields());
      samples.push_back(
          AnyRequest(std::variant<Request...>(std::make_from_tuple<One>(SampleFields<Fields>::of(second)))));
    };
    ((add(std::type_identity<Request>(), false), add(std::type_identity<Request>(), true)), ...);
  };
  const auto add_all = [&]<class... Port>(std::type_identity<std::variant<Port...>>) {
    (add_port(std::type_identity<Port>()), ...);
  };
  add_all(std::type_identity<AnyRequest>());
  return samples;
}

/// Two answers of every type, and one that has nothing to say.
std::vector<Answer> sample_answers() {
  std::vector<Answer> samples;
  const auto add = [&]<class T>(std::type_identity<T>) {
    samples.push_back(Answer(Sample<T>::of(false)));
    samples.push_back(Answer(Sample<T>::of(true)));
  };
  const auto add_all = [&]<class... T>(std::type_identity<std::variant<std::monostate, T...>>) {
    (add(std::type_identity<T>()), ...);
  };
  samples.emplace_back();
  add_all(std::type_identity<Answer::Value>());
  return samples;
}

std::vector<Failure> sample_failures() {
  std::vector<Failure> samples;
  for (int code = 0; code <= static_cast<int>(FailureCode::indeterminate); ++code) {
    samples.emplace_back(static_cast<FailureCode>(code), nasty, code % 2 == 0 ? "MoveRole" : "", "SQL1");
    if (code > 2) samples.back().attach_step("create_cluster");
  }
  return samples;
}

std::string told_by(const std::vector<model::Diagnostic>& diagnostics) {
  std::string told;
  for (const model::Diagnostic& diagnostic : diagnostics) told += model::to_text(diagnostic) + "\n";
  return told;
}

template <class Result>
std::optional<Result> read_back(const std::string& json, std::optional<Result> (*read)(const model::Value&)) {
  std::vector<model::Diagnostic> diagnostics;
  const auto document = model::parse_json(json, "f", diagnostics);
  std::optional<Result> result;
  if (document) result = read(model::Value(*document, document->root, "", diagnostics));
  EXPECT_EQ(told_by(diagnostics), "") << json;
  return result;
}

/// Every sample as a call: some overlap, some are abandoned, the last ones are under way.
Transcript sample_transcript() {
  Transcript transcript;
  const std::vector<Answer> answers = sample_answers();
  const std::vector<Failure> failures = sample_failures();
  std::vector<std::size_t> open;
  std::size_t count = 0;
  for (const AnyRequest& request : sample_requests()) {
    open.push_back(transcript.begin(request));
    ++count;
    if (count % 3 != 0) continue;
    transcript.end(open.back(), answers[count % answers.size()]);
    open.pop_back();
    if (count % 2 == 0)
      transcript.end(open.front(), failures[count % failures.size()]);
    else
      transcript.end(open.front(), Abandoned{});
    open.erase(open.begin());
  }
  EXPECT_FALSE(open.empty());
  return transcript;
}

TEST(CallJson, every_request_is_read_back_as_itself) {
  const std::vector<AnyRequest> requests = sample_requests();
  EXPECT_GE(requests.size(), 2U * 90U);
  for (const AnyRequest& request : requests) {
    const std::string json = request_json(request);
    EXPECT_EQ(json.find('\n'), json.npos);
    EXPECT_EQ(read_back<AnyRequest>(json, &read_request), request) << json;
  }
}

TEST(CallJson, every_answer_is_read_back_as_itself) {
  for (const Answer& answer : sample_answers()) {
    EXPECT_EQ(read_back<Answer>(answer_json(answer), &read_answer), answer) << answer_json(answer);
  }
}

TEST(CallJson, every_failure_is_read_back_with_all_that_it_knows) {
  for (const Failure& failure : sample_failures()) {
    EXPECT_EQ(read_back<Failure>(failure_json(failure), &read_failure), failure) << failure_json(failure);
  }
}

TEST(CallJson, is_what_people_expect) {
  EXPECT_EQ(request_json(ClusterRequest(cluster::MoveRole("SSIS", "SQL2", std::chrono::minutes(10)))),
            R"({"call":"Cluster.MoveRole","with":["SSIS","SQL2","10m"]})");
  EXPECT_EQ(request_json(CatalogRequest(catalog::Create(Secret("SSISDB master key", "planted-password")))),
            R"({"call":"Catalog.Create","with":[{"secret":"SSISDB master key"}]})");
  EXPECT_EQ(answer_json(Answer(Date())), R"({"date":"1970-01-01T00:00:00Z"})");
  EXPECT_EQ(answer_json(Answer(Secret("a", "planted-password"))), R"({"secret":"a"})");
  EXPECT_EQ(answer_json(Answer("bad \xFF byte")), "\"bad \xEF\xBF\xBD byte\"");
  EXPECT_EQ(failure_json(Failure(FailureCode::not_found, "gone")), R"({"code":"not found","message":"gone"})");
}

TEST(CallJson, secrets_come_back_without_their_texts) {
  const auto answer = read_back<Answer>(answer_json(Answer(Secret("a", "planted-password"))), &read_answer);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer->secret().reveal(), "");
}

TEST(TranscriptFile, is_read_back_as_the_same_transcript) {
  const Transcript transcript = sample_transcript();
  const std::string text = transcript_text(transcript);
  const TranscriptResult result = read_transcript(text, "t.jsonl");
  EXPECT_EQ(told_by(result.diagnostics), "");
  ASSERT_TRUE(result.transcript);
  EXPECT_EQ(*result.transcript, transcript);
  EXPECT_EQ(text.find("planted-password"), text.npos);
  EXPECT_EQ(transcript_text(*result.transcript), text);
}

TEST(TranscriptFile, a_deployment_that_was_recorded_line_by_line_replays_from_its_file) {
  const model::Design design = separate_design();
  const std::vector<StepPtr> steps = deployment_steps(design);
  SmallFarm farm(design);
  Transcript transcript;
  std::string text = transcript_header() + "\n";
  Recording recording(farm.platform(), transcript, [&](const std::string& line) { text += line + "\n"; });
  ASSERT_TRUE(run(farm.time, perform_all(steps, recording.platform(), {})).succeeded());
  EXPECT_EQ(text, transcript_text(transcript));

  const TranscriptResult read = read_transcript(text, "t.jsonl");
  ASSERT_TRUE(read.transcript) << told_by(read.diagnostics);
  Replaying replaying(*read.transcript);
  VirtualTime time;
  const Performance again = run(time, perform_all(steps, replaying.platform(), {}));
  EXPECT_TRUE(again.succeeded()) << to_text(again, steps);
  EXPECT_TRUE(replaying.finished());
}

TEST(TranscriptFile, a_run_killed_at_any_byte_leaves_the_transcript_up_to_its_last_whole_line) {
  Transcript transcript;
  const std::size_t first = transcript.begin(ClusterRequest(cluster::RoleOwner("\xC3\xA9")));
  const std::size_t second = transcript.begin(ClusterRequest(cluster::AddNode("SQL2")));
  transcript.end(second, Failure(FailureCode::refused, "no"));
  transcript.end(first, Answer("SQL1"));
  const std::string text = transcript_text(transcript);

  for (std::size_t size = 0; size <= text.size(); ++size) {
    const TranscriptResult result = read_transcript(text.substr(0, size), "t.jsonl");
    const auto lines = std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(size), '\n');
    ASSERT_EQ(result.transcript.has_value(), lines > 0) << size;
    const bool torn = size > 0 && text[size - 1] != '\n';
    EXPECT_EQ(result.diagnostics.size(), (torn ? 1U : 0U) + (lines == 0 ? 1U : 0U)) << told_by(result.diagnostics);
    if (lines == 0) continue;
    EXPECT_EQ(result.transcript->entries().size(), static_cast<std::size_t>(std::clamp<long>(lines - 1, 0, 2)));
    EXPECT_EQ(result.transcript->ended(), static_cast<std::size_t>(std::max<long>(lines - 3, 0)));
  }
}

TEST(TranscriptFile, damage_anywhere_is_told_with_its_line_or_reads_as_another_transcript) {
  const std::string text = transcript_text(sample_transcript());
  std::mt19937 random(7);
  std::size_t told = 0;
  for (int round = 0; round < 300; ++round) {
    std::string damaged = text.substr(0, 1 + random() % text.size());
    const std::size_t at = random() % damaged.size();
    switch (random() % 4) {
      case 0: damaged[at] = static_cast<char>(damaged[at] ^ (1 << random() % 8)); break;
      case 1: damaged.erase(at, 1 + random() % 40); break;
      case 2: damaged.insert(at, 1, static_cast<char>(random() % 256)); break;
      default: damaged.insert(at, damaged.substr(random() % damaged.size(), random() % 200)); break;
    }
    const TranscriptResult result = read_transcript(damaged, "t.jsonl");
    EXPECT_EQ(result.transcript.has_value(), !model::has_errors(result.diagnostics));
    for (const model::Diagnostic& diagnostic : result.diagnostics) {
      EXPECT_TRUE(diagnostic.place.line >= 1 || diagnostic.what.ends_with("missing")) << model::to_text(diagnostic);
      EXPECT_NE(diagnostic.remedy, "");
      ++told;
    }
  }
  EXPECT_GT(told, 100U);
}

TEST(TranscriptFile, says_what_is_wrong_and_where) {
  const std::string header = transcript_header() + "\n";
  const std::string begin = R"({"begin":1,"call":"Cluster.AddNode","with":["SQL2"]})"
                            "\n";
  const auto told = [](const std::string& text) { return told_by(read_transcript(text, "t").diagnostics); };
  EXPECT_THAT(told(""), HasSubstr("its first line is missing"));
  EXPECT_THAT(told("{\"rehearse\":\"journal\",\"version\":1}\n"), HasSubstr("t:1:13: error: \"journal\" is not known"));
  EXPECT_THAT(told("{\"rehearse\":\"transcript\",\"version\":2}\n"), HasSubstr("2 is out of range"));
  EXPECT_THAT(told(header + "\n"), HasSubstr("t:2:1: error: the line is empty"));
  EXPECT_THAT(told(header + R"({"begin":1,"call":"Cluster.AdNode","with":[]})"
                            "\n"),
              HasSubstr("did you mean 'Cluster.AddNode'?"));
  EXPECT_THAT(told(header + R"({"begin":1,"call":"Cluster.AddNode","with":[]})"
                            "\n"),
              HasSubstr("exactly 1 are wanted"));
  EXPECT_THAT(told(header + R"({"begin":1,"call":"Cluster.AddNode","with":[5]})"
                            "\n"),
              HasSubstr("found the number 5"));
  EXPECT_THAT(told(header + R"({"begin":2,"call":"Cluster.AddNode","with":["SQL2"]})"
                            "\n"),
              HasSubstr("2 is out of range"));
  EXPECT_THAT(told(header + "{\"end\":1,\"answer\":null}\n"), HasSubstr("no call has begun yet"));
  EXPECT_THAT(told(header + begin + "{\"end\":1}\n"), HasSubstr("a call ends in one way"));
  EXPECT_THAT(told(header + begin + "{\"end\":1,\"abandoned\":false}\n"), HasSubstr("write true"));
  EXPECT_THAT(told(header + begin + "{\"end\":1,\"answer\":{}}\n"), HasSubstr("has one key"));
  EXPECT_THAT(told(header + begin + "{\"end\":1,\"answer\":1.5}\n"), HasSubstr("a whole number"));
  EXPECT_THAT(told(header + begin + "{\"end\":1,\"answer\":null}\n{\"end\":1,\"answer\":null}\n"),
              HasSubstr("t:4:8: error: call 1 has ended already"));
  EXPECT_THAT(told_by(read_transcript_file("/there/is/no/such/file").diagnostics), HasSubstr("cannot be read"));
}

/// A platform whose every call answers at once.
class Answering final : public AnyPort {
 public:
  std::size_t calls = 0;
  Awaitable<Answer> call(AnyRequest) override {
    ++calls;
    co_return Answer(true);
  }
};

TEST(Recording, a_transcript_that_cannot_be_written_stops_the_calls) {
  Answering inner;
  Transcript transcript;
  std::size_t room = 3;  // lines that still find a place
  Recording recording(inner.platform(), transcript, [&](const std::string&) {
    if (room == 0) throw std::runtime_error("no space left");
    --room;
  });
  VirtualTime time;
  const auto ask = [&] { return run(time, recording.call(ClusterRequest(cluster::Answers()))); };
  EXPECT_EQ(ask(), Answer(true));
  try {
    ask();
    FAIL() << "the end of the second call was not written";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.code(), FailureCode::indeterminate);
    EXPECT_THAT(failure.what(), HasSubstr("no space left"));
  }
  EXPECT_EQ(inner.calls, 2U);
  try {
    ask();
    FAIL() << "the third call was not written down";
  } catch (const Failure& failure) {
    EXPECT_EQ(failure.code(), FailureCode::refused);
  }
  EXPECT_EQ(inner.calls, 2U);
}

}  // namespace
}  // namespace rehearse::steps
