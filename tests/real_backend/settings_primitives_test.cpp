// Settings files: a write is an exchange of two scripts, and what is between them happens here.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>

#include "machine_requests.hpp"
#include "model/artefacts/settings_file.hpp"
#include "model/steps/failure.hpp"
#include "real_backend/base64.hpp"
#include "real_backend/powershell/primitives.hpp"

namespace rehearse::real {
namespace {

namespace host = steps::host;
using steps::Failure;
using steps::FailureCode;
using testing::HasSubstr;

const std::string file_of_setup = "\xEF\xBB\xBF{\r\n  \"PortNumber\": 8391, // ours\r\n  \"SSLCertThumbprint\": \"" +
                                  a_thumbprint + "\",\r\n  \"SqlServerName\": \"SQL1\",\r\n  \"Later\": null\r\n}\r\n";

std::string line_with(const std::string& bytes) {
  return nlohmann::json{{"ok", true}, {"value", to_base64(bytes)}}.dump();
}

Primitive write_master(const model::MasterSettings& settings) {
  const Site site = usual_site();
  return primitive_of(steps::HostRequest(host::WriteMasterSettings("SQL1", master_service, settings)),
                      Surroundings{reference_design(), site});
}

model::MasterSettings settings_of_setup() {
  return *model::read_master_settings(file_of_setup, "f").settings;
}

TEST(SettingsPrimitives, a_write_reads_first_and_puts_back_if_nothing_has_changed_meanwhile) {
  model::MasterSettings wanted = settings_of_setup();
  wanted.sql_server_name = "SQLFCI\\INST1";
  const Primitive first = write_master(wanted);
  ASSERT_TRUE(first.next);
  const Primitive second = first.next(line_with(file_of_setup));
  EXPECT_FALSE(second.next);
  EXPECT_EQ(second.host, "SQL1");
  std::string expected = file_of_setup;
  expected.replace(expected.find("SQL1\""), 5, "SQLFCI\\\\INST1\"");
  const std::string script = to_text(second.script);
  EXPECT_THAT(script, HasSubstr("CompareOrdinal($Bytes, '" + to_base64(file_of_setup) + "') -ne 0"));
  EXPECT_THAT(script,
              HasSubstr("WriteAllBytes($Fresh, [System.Convert]::FromBase64String('" + to_base64(expected) + "'))"));
  EXPECT_THAT(script, HasSubstr("[System.IO.File]::Replace($Fresh, $Path, "));
}

TEST(SettingsPrimitives, a_file_that_says_it_already_is_left_alone) {
  EXPECT_TRUE(write_master(settings_of_setup()).next(line_with(file_of_setup)).script.empty());
}

TEST(SettingsPrimitives, what_comes_back_from_the_first_script_can_fail_the_write) {
  const Primitive write = write_master(settings_of_setup());
  const auto code_after = [&](const std::string& line) {
    try {
      write.next(line);
    } catch (const Failure& failure) {
      return failure.code();
    }
    return FailureCode::cancelled;
  };
  EXPECT_EQ(code_after("garbage"), FailureCode::indeterminate);
  EXPECT_EQ(code_after(R"({"ok":true,"value":null})"), FailureCode::indeterminate);
  EXPECT_EQ(code_after(R"({"ok":true,"value":"not base64"})"), FailureCode::indeterminate);
  EXPECT_EQ(code_after(R"({"ok":false,"code":"not found","message":"no file"})"), FailureCode::not_found);
  EXPECT_EQ(code_after(line_with("{\"PortNumber\": \"high\"}")), FailureCode::refused);
}

TEST(SettingsPrimitives, the_path_follows_the_service_s_version) {
  Site site = usual_site();
  site.program_files = "D:\\Apps";
  const Primitive read = primitive_of(steps::HostRequest(host::ReadWorkerSettings("WRK1", "SSISScaleOutWorker160")),
                                      Surroundings{reference_design(), site});
  EXPECT_THAT(to_text(read.script),
              HasSubstr("'D:\\Apps\\Microsoft SQL Server\\160\\DTS\\Binn\\WorkerSettings.config'"));
}

}  // namespace
}  // namespace rehearse::real
