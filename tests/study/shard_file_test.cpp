// Files of shards, and what is refused of them by name.
#include "sim/study/shard_file.hpp"

#include <algorithm>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "model/steps/failure.hpp"
#include "sim/study/conduct.hpp"
#include "tests/study/fake_work.hpp"
#include "tests/support/files.hpp"

namespace rehearse::sim {
namespace {

using testing::AllOf;
using testing::AnyOf;
using testing::HasSubstr;

class ShardFile : public testing::Test {
 protected:
  std::string path(const std::string& name) const { return folder_.path(name); }

  StudyPart part_of(const ChunkedWork& work, std::uint64_t shard, std::uint64_t shards) const {
    return {work.identity(), work.most_chunks(), shard_range(work.most_chunks(), shard, shards), "fake.json"};
  }

  StudyShard done(const ChunkedWork& work, std::uint64_t shard, std::uint64_t shards) const {
    const StudyPart part = part_of(work, shard, shards);
    Gathered gathered(work, part.range);
    conduct(work, gathered, {});
    return {part, gathered.complete(), gathered.tally()};
  }

  /// In JSON, or as a checkpoint.
  NamedShard written(const ChunkedWork& work, std::uint64_t shard, std::uint64_t shards,
                     const std::string& name) const {
    const StudyShard made = done(work, shard, shards);
    if (name.ends_with(".json")) {
      std::ofstream(path(name)) << shard_text(made);
    } else {
      Gathered gathered(work, made.part.range);
      gathered.restore(made.complete, made.tally, {});
      Checkpoint(path(name), made.part).write(gathered);
    }
    return {path(name), read_shard(path(name))};
  }

  std::string told(const std::vector<NamedShard>& shards) const {
    std::string text;
    for (const model::Diagnostic& problem : problems_of(shards)) text += model::to_text(problem) + "\n";
    return text;
  }

  std::string refused(const std::string& name) const {
    try {
      read_shard(path(name));
    } catch (const steps::Failure& failure) {
      EXPECT_THAT(failure.message(), HasSubstr(path(name)));
      return failure.message();
    }
    ADD_FAILURE() << name << " was read";
    return {};
  }

  tests::TemporaryFolder folder_;
  FakeWork work_{23};
};

TEST_F(ShardFile, merge_in_any_order_to_the_bytes_of_one_run) {
  std::vector<NamedShard> shards;
  for (std::uint64_t shard = 1; shard <= 7; ++shard) {
    shards.push_back(written(work_, shard, 7, std::to_string(shard) + (shard % 3 == 0 ? ".sqlite" : ".json")));
  }
  const std::string whole = FakeWork::first(23).bytes();
  for (int order = 0; order < 50; ++order) {
    ASSERT_EQ(told(shards), "");
    ASSERT_TRUE(merged(shards).tally.bytes() == whole);
    std::next_permutation(shards.rbegin(), shards.rend(),
                          [](const NamedShard& a, const NamedShard& b) { return a.file < b.file; });
    std::rotate(shards.begin(), shards.begin() + 3, shards.end());
  }
  EXPECT_TRUE(merged(shards).finished());
}

TEST_F(ShardFile, may_be_more_than_there_are_chunks) {
  const FakeWork small(2);
  std::vector<NamedShard> shards;
  for (std::uint64_t shard = 1; shard <= 5; ++shard) {
    shards.push_back(written(small, shard, 5, std::to_string(shard) + ".json"));
  }
  EXPECT_EQ(told(shards), "");
  EXPECT_EQ(merged(shards).tally, FakeWork::first(2));
}

TEST_F(ShardFile, that_is_named_twice_is_refused_by_name) {
  const NamedShard first = written(work_, 1, 2, "a.json"), second = written(work_, 2, 2, "b.json");
  NamedShard copy = first;
  copy.file = path("copy.json");
  const std::string text = told({first, second, copy});
  EXPECT_THAT(text, AllOf(HasSubstr("copy.json"), HasSubstr("chunks 1 to 11 is in " + path("a.json"))));
  EXPECT_THROW(merged({first, second, copy}), std::logic_error);
}

TEST_F(ShardFile, of_another_cutting_is_refused_where_chunks_are_there_twice) {
  EXPECT_THAT(
      told({written(work_, 1, 2, "half.json"), written(work_, 2, 3, "third.json"), written(work_, 3, 3, "last.json")}),
      AllOf(HasSubstr("third.json"), HasSubstr("chunks 8 to 11")));
}

TEST_F(ShardFile, that_is_missing_is_told_by_its_chunks) {
  EXPECT_THAT(told({written(work_, 1, 7, "1.json"), written(work_, 3, 7, "3.json"), written(work_, 7, 7, "7.json")}),
              AllOf(HasSubstr("no file has chunks 4 to 6 of 23"), HasSubstr("no file has chunks 10 to 19 of 23")));
  EXPECT_THAT(told({written(work_, 1, 2, "only.json")}), HasSubstr("no file has chunks 12 to 23"));
}

TEST_F(ShardFile, of_another_study_is_refused_by_name) {
  EXPECT_THAT(told({written(work_, 1, 2, "mine.json"), written(FakeWork(23, "other"), 2, 2, "other.json")}),
              AllOf(HasSubstr("other.json"), HasSubstr("of another study")));
}

TEST_F(ShardFile, that_is_not_finished_is_refused_by_name) {
  const StudyPart part = part_of(work_, 1, 1);
  Gathered gathered(work_, part.range);
  gathered.add(0, fake_tally(0));
  Checkpoint(path("begun.sqlite"), part).write(gathered);
  EXPECT_THAT(told({{path("begun.sqlite"), read_shard(path("begun.sqlite"))}}),
              AllOf(HasSubstr("begun.sqlite"), HasSubstr("1 of its 23 chunks")));
}

TEST_F(ShardFile, that_is_damaged_or_something_else_is_refused_by_name) {
  const std::string text = shard_text(done(work_, 1, 2));
  const auto damage = [&](const std::string& name, std::string changed) { std::ofstream(path(name)) << changed; };
  damage("cut.json", text.substr(0, text.size() / 2));
  EXPECT_THAT(refused("cut.json"), HasSubstr("damaged"));

  std::string digit = text;
  char& last = digit.at(digit.rfind('"') - 1);
  last = last == '0' ? '1' : '0';
  damage("digit.json", digit);
  EXPECT_THAT(refused("digit.json"), HasSubstr("damaged"));

  std::string moved = text;
  moved.replace(moved.find("\"first\": 0"), 10, "\"first\": 1");
  damage("moved.json", moved);
  EXPECT_THAT(refused("moved.json"), HasSubstr("damaged"));

  std::string later = text;
  later.replace(later.find("\"version\": 1"), 12, "\"version\": 9");
  damage("later.json", later);
  EXPECT_THAT(refused("later.json"), HasSubstr("later version"));

  // As 32 bits this would be version 1, and neither a fraction nor a number below 0 is a chunk.
  for (const char* version : {"4294967297", "1.0", "1e300", "-1"}) {
    std::string wrong = text;
    wrong.replace(wrong.find("\"version\": 1") + 11, 1, version);
    damage("version.json", wrong);
    EXPECT_THAT(refused("version.json"), AnyOf(HasSubstr("later version"), HasSubstr("damaged"))) << version;
  }
  for (const char* first : {"1e300", "0.0", "-1", "\"0\""}) {
    std::string wrong = text;
    wrong.replace(wrong.find("\"first\": 0") + 9, 1, first);
    damage("first.json", wrong);
    EXPECT_THAT(refused("first.json"), HasSubstr("damaged")) << first;
  }

  damage("other.json", "{ \"format\": \"rehearse-faults\" }");
  EXPECT_THAT(refused("other.json"), HasSubstr("no shard of a study"));
  damage("empty.json", "");
  EXPECT_THAT(refused("empty.json"), HasSubstr("no shard of a study"));
  EXPECT_THAT(refused("nowhere.json"), HasSubstr("does not exist"));
}

TEST_F(ShardFile, in_which_any_byte_changed_is_never_merged_as_if_nothing_had_happened) {
  const StudyShard made = done(work_, 1, 1);
  const std::string text = shard_text(made);
  for (std::size_t place = 0; place < text.size(); place += 7) {
    std::string changed = text;
    changed[place] = static_cast<char>(changed[place] ^ 1);
    std::ofstream(path("changed.json")) << changed;
    try {
      const StudyShard read = read_shard(path("changed.json"));
      // Only what it says of where it is from is not sealed.
      ASSERT_EQ(read.tally, made.tally) << "byte " << place;
      ASSERT_EQ(read.part.identity, made.part.identity) << "byte " << place;
      ASSERT_EQ(read.part.range, made.part.range) << "byte " << place;
    } catch (const steps::Failure&) {
    }
  }
}

}  // namespace
}  // namespace rehearse::sim
