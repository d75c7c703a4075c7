#include "tests/far_side/world_file.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <cstdio>
#include <thread>

#include "tests/far_side/bare_farm.hpp"
#include "tests/support/files.hpp"

namespace far_side {
namespace {

class WorldFiles : public testing::Test {
 protected:
  const rehearse::tests::TemporaryFolder folder;
  const std::string path = folder.path("world.json");
};

TEST_F(WorldFiles, hold_a_world_with_bytes_that_are_no_text) {
  FarWorld world = bare_farm();
  world.machines.at("SQL1").files["C:\\Windows\\b"].bytes = std::string("\0\xFF\xFE", 3);
  WorldFile file(path);
  file.save(world);
  EXPECT_EQ(file.load().machines.at("SQL1").files.at("C:\\Windows\\b").bytes, std::string("\0\xFF\xFE", 3));
  EXPECT_EQ(to_json(file.load()), to_json(world));
}

TEST_F(WorldFiles, say_that_there_is_none) {
  const WorldFile file(path);
  EXPECT_THROW(file.load(), std::runtime_error);
}

TEST_F(WorldFiles, are_had_by_one_at_a_time) {
  std::atomic<bool> second{false};
  std::thread other;
  {
    WorldFile first(path);
    first.save(bare_farm());
    other = std::thread([&] {
      WorldFile waiting(path);
      second = waiting.load().machines.at("SQL1").missing_updates == 7;
    });
    FarWorld world = first.load();
    world.machines.at("SQL1").missing_updates = 7;
    first.save(world);  // the other one sees this, whenever it gets its turn
  }
  other.join();
  EXPECT_TRUE(second);
}

}  // namespace
}  // namespace far_side
