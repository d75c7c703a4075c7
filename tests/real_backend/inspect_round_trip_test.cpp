// Every design that ships, exported as if it were built and inspected, is the same design again: of what an export can
// carry nothing is lost and nothing is invented.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "model/design_reader.hpp"
#include "tests/real_backend/carried.hpp"
#include "tests/real_backend/exported_deployment.hpp"
#include "tests/real_backend/inspecting.hpp"

namespace rehearse::real::testing {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> shipped_designs() {
  std::vector<std::string> paths;
  for (const char* folder : {"scenarios/designs", "scenarios/cluster/designs", "scenarios/scale_out/designs"}) {
    for (const auto& entry : fs::directory_iterator(fs::path(REHEARSE_SOURCE_DIR) / folder)) {
      if (entry.path().extension() == ".json") paths.push_back(entry.path().string());
    }
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

void expect_to_come_back(const model::Design& design) {
  const Inspection inspection = inspect_text(exported(design, certificates_for(design)).dump(1));
  std::string errors;
  const auto back = read_back(inspection, errors);
  ASSERT_TRUE(back) << errors << remarks_of(inspection);
  EXPECT_EQ(difference(design, *back), "");
  EXPECT_EQ(remarks_of(inspection), "");
}

TEST(InspectRoundTrip, every_shipped_design_comes_back_as_it_went_out) {
  int compared = 0;
  for (const std::string& path : shipped_designs()) {
    SCOPED_TRACE(path);
    const model::DesignResult read = model::read_design_file(path);
    ASSERT_TRUE(read.design) << errors_of(read.diagnostics);
    expect_to_come_back(*read.design);
    ++compared;
  }
  EXPECT_GT(compared, 80);
}

}  // namespace
}  // namespace rehearse::real::testing
