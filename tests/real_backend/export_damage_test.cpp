// Whatever becomes of an export on its way, it ends in diagnostics, or in a design that the reader of designs accepts:
// never in a crash, and never in a design that is none.
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <random>

#include "model/design_reader.hpp"
#include "tests/real_backend/exported_deployment.hpp"
#include "tests/real_backend/inspecting.hpp"

namespace rehearse::real::testing {
namespace {

using Json = nlohmann::ordered_json;

model::Design shipped(const std::string& path) {
  return model::read_design_file(REHEARSE_SOURCE_DIR "/scenarios/" + path).design.value();
}

Json export_of(const std::string& path) {
  const model::Design design = shipped(path);
  return exported(design, certificates_for(design));
}

enum class End : unsigned char { diagnostics, no_design, design };

/// How it ends; a design that its reader refuses is a failure of the test.
End end_of(const std::string& text) {
  const ExportResult read = read_export({{"export.json", text}});
  if (!read.exported) {
    EXPECT_NE(errors_of(read.diagnostics), "");
    return End::diagnostics;
  }
  const Inspection inspection = inspect(*read.exported, "inspected.artefacts");
  std::string errors;
  const auto back = read_back(inspection, errors);
  EXPECT_EQ(errors, "") << *inspection.design;
  if (!inspection.design) {
    EXPECT_NE(remarks_of(inspection), "") << "there is no design, and nothing says why";
  }
  return back ? End::design : End::no_design;
}

/// Pointers to all values below.
void collect(const Json& value, const Json::json_pointer& at, std::vector<Json::json_pointer>& all) {
  if (!at.empty()) all.push_back(at);
  if (!value.is_structured()) return;
  for (const auto& [key, member] : value.items()) {
    collect(member, value.is_array() ? at / static_cast<std::size_t>(std::stoul(key)) : at / key, all);
  }
}

TEST(ExportDamage, a_file_that_ends_too_early_is_told) {
  const std::string text = export_of("designs/reference.json").dump(1);
  for (std::size_t length = 0; length + 2 < text.size(); length += 2003) {
    EXPECT_EQ(end_of(text.substr(0, length)), End::diagnostics) << length;
  }
}

TEST(ExportDamage, a_value_of_another_type_or_none_is_told_or_harmless) {
  const Json whole = export_of("designs/separate.json");
  std::vector<Json::json_pointer> all;
  collect(whole, Json::json_pointer(), all);
  const std::vector<Json> others = {nullptr, 5,  "x",         true, Json::array(), Json::object(),
                                    1.5,     -1, 4294967295U, "",   "a\tb"};
  std::mt19937 draw(7);
  int told = 0, harmless = 0;
  for (int i = 0; i < 150; ++i) {
    Json damaged = whole;
    const Json::json_pointer& at = all[draw() % all.size()];
    damaged[at] = others[draw() % others.size()];
    SCOPED_TRACE(at.to_string() + " = " + damaged[at].dump());
    (end_of(damaged.dump()) == End::diagnostics ? told : harmless) += 1;
  }
  EXPECT_GT(told, 50);
  EXPECT_GT(harmless, 5);
}

TEST(ExportDamage, values_that_change_places_never_make_a_design_that_is_none) {
  std::mt19937 draw(11);
  for (const char* name :
       {"designs/reference.json", "cluster/designs/two_roles.json", "scale_out/designs/separate_two_subnets.json",
        "scale_out/designs/availability_group.json"}) {
    const Json whole = export_of(name);
    std::vector<Json::json_pointer> all, leaves;
    collect(whole, Json::json_pointer(), all);
    for (const Json::json_pointer& at : all) {
      if (!whole[at].is_structured()) leaves.push_back(at);
    }
    for (int i = 0; i < 30; ++i) {
      Json damaged = whole;
      // Two or three at once: one alone is often told by the reader.
      for (int change = 0; change < 1 + i % 3; ++change) {
        const Json::json_pointer& to = leaves[draw() % leaves.size()];
        const Json::json_pointer& from = leaves[draw() % leaves.size()];
        if (whole[from].type() == whole[to].type()) damaged[to] = whole[from];
      }
      SCOPED_TRACE(std::string(name) + " " + std::to_string(i));
      end_of(damaged.dump());
    }
  }
}

TEST(ExportDamage, parts_that_are_not_there_are_missing_and_not_guessed) {
  std::mt19937 draw(13);
  const Json whole = export_of("cluster/designs/two_roles.json");
  std::vector<Json::json_pointer> all, members;
  collect(whole, Json::json_pointer(), all);
  for (const Json::json_pointer& at : all) {
    if (whole[at.parent_pointer()].is_array()) members.push_back(at);
  }
  for (int i = 0; i < 80; ++i) {
    Json damaged = whole;
    const Json::json_pointer& at = members[draw() % members.size()];
    damaged[at.parent_pointer()].erase(std::stoul(at.back()));
    SCOPED_TRACE(at.to_string());
    end_of(damaged.dump());
  }
}

}  // namespace
}  // namespace rehearse::real::testing
