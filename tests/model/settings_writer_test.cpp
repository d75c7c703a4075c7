#include "model/artefacts/settings_writer.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "model/artefacts/encoded_text.hpp"
#include "model/artefacts/settings_file.hpp"

namespace rehearse::model {
namespace {

using testing::HasSubstr;
using testing::Not;

const std::string print_1(40, 'A');
const std::string print_2(40, 'b');

const std::string master_json =
    "{\r\n  // as setup wrote it\r\n  \"PortNumber\": 8391,\r\n  \"SSLCertThumbprint\": \"" + print_2 +
    "\",\r\n  \"SqlServerName\": \"SQL1\\INST1\", /* by hand */\r\n  \"Unknown\": { \"a\": [1, \"}\", {}] },\r\n"
    "  \"DealWithExpiredTasksIntervalInMs\": \"300000\"\r\n}\r\n";

const std::string worker_xml =
    "<?xml version=\"1.0\"?>\n<settings>\n  <!-- <add key=\"MaxTaskCount\" value=\"99\"/> -->\n"
    "  <add key='MasterEndpoint' value='https://SQL1:8391' />\n  <add key=\"MasterHttpsCertThumbprint\" value=\"" +
    print_1 + "\"/>\n  <add key=\"WorkerHttpsCertThumbprint\" value=\"" + print_2 +
    "\"/>\n  <add key=\"HeartbeatErrorTolerance\" value=\"00:10:00\"/>\n</settings>\n";

MasterSettings master_of(const std::string& bytes) {
  const SettingsFile<MasterSettings> file = read_master_settings(bytes, "f");
  return file.settings.value_or(MasterSettings());
}

WorkerSettings worker_of(const std::string& bytes) {
  const SettingsFile<WorkerSettings> file = read_worker_settings(bytes, "f");
  return file.settings.value_or(WorkerSettings());
}

std::string rewritten(const std::string& bytes, const MasterSettings& settings) {
  return rewrite_settings(bytes, "f", settings).bytes.value_or("not written");
}

TEST(SettingsWriter, values_that_stay_keep_every_byte) {
  EXPECT_EQ(rewritten(master_json, master_of(master_json)), master_json);
  EXPECT_EQ(rewrite_settings(worker_xml, "f", worker_of(worker_xml)).bytes, worker_xml);
}

TEST(SettingsWriter, only_the_values_that_change_are_replaced) {
  MasterSettings wanted = master_of(master_json);
  wanted.port = 8399;
  wanted.certificate_thumbprint = print_1;
  std::string expected = master_json;
  expected.replace(expected.find("8391"), 4, "8399");
  expected.replace(expected.find(print_2), 40, print_1);
  EXPECT_EQ(rewritten(master_json, wanted), expected);
}

TEST(SettingsWriter, a_number_in_quotes_stays_in_quotes) {
  MasterSettings wanted = master_of(master_json);
  wanted.sweep_interval = std::chrono::seconds(1);
  EXPECT_THAT(rewritten(master_json, wanted), HasSubstr("\"DealWithExpiredTasksIntervalInMs\": \"1000\""));
}

TEST(SettingsWriter, backslashes_and_quotes_are_written_as_json_wants_them) {
  for (const char* name : {"SQLFCI\\INST1", "a\"b", "été,1433"}) {
    MasterSettings wanted = master_of(master_json);
    wanted.sql_server_name = name;
    EXPECT_EQ(master_of(rewritten(master_json, wanted)).sql_server_name, name);
  }
  MasterSettings wanted = master_of(master_json);
  wanted.sql_server_name = "SQLFCI\\INST1";
  EXPECT_THAT(rewritten(master_json, wanted), HasSubstr(R"("SqlServerName": "SQLFCI\\INST1", /* by hand */)"));
}

TEST(SettingsWriter, a_key_that_is_missing_is_added_beside_the_others_only_where_it_is_needed) {
  MasterSettings wanted = master_of(master_json);
  wanted.heartbeat_interval = std::chrono::seconds(5);
  wanted.sql_connection_timeout = std::chrono::seconds(20);
  const std::string bytes = rewritten(master_json, wanted);
  EXPECT_EQ(master_of(bytes), wanted);
  EXPECT_THAT(bytes, HasSubstr("\"300000\",\r\n  \"MasterHeartbeatIntervalInMs\": 5000,\r\n"
                               "  \"SqlConnectionTimeoutInSecs\": 20\r\n}\r\n"));
  EXPECT_THAT(bytes, Not(HasSubstr("CleanupCompletedJobsIntervalInMs")));
}

TEST(SettingsWriter, xml_keeps_its_comments_and_spellings) {
  WorkerSettings wanted = worker_of(worker_xml);
  wanted.endpoint = "https://SQLFCI:8391";
  wanted.heartbeat_error_tolerance = std::chrono::hours(25);
  wanted.max_task_count = 4;
  const RewrittenSettings result = rewrite_settings(worker_xml, "f", wanted);
  ASSERT_TRUE(result.bytes);
  EXPECT_EQ(worker_of(*result.bytes), wanted);
  EXPECT_THAT(*result.bytes, HasSubstr("<!-- <add key=\"MaxTaskCount\" value=\"99\"/> -->"));
  EXPECT_THAT(*result.bytes, HasSubstr("<add key='MasterEndpoint' value=\"https://SQLFCI:8391\" />"));
  EXPECT_THAT(*result.bytes, HasSubstr("<add key=\"HeartbeatErrorTolerance\" value=\"1.01:00:00\"/>\n</settings>"));
  EXPECT_THAT(*result.bytes, HasSubstr("\n  <add key=\"MaxTaskCount\" value=\"4\"/>\n  <add key=\"Heartbeat"));
}

TEST(SettingsWriter, lengths_of_time_come_back_to_the_tick) {
  using namespace std::chrono;
  for (const Duration length :
       {Duration(milliseconds(1)), Duration(milliseconds(1500)), Duration(seconds(59)),
        Duration(hours(23) + minutes(59)), Duration(hours(24 * 7)), Duration(hours(240) + seconds(1))}) {
    WorkerSettings wanted = worker_of(worker_xml);
    wanted.lease_interval = length;
    const RewrittenSettings result = rewrite_settings(worker_xml, "f", wanted);
    ASSERT_TRUE(result.bytes);
    EXPECT_EQ(worker_of(*result.bytes).lease_interval, length);
  }
}

TEST(SettingsWriter, the_encoding_stays) {
  MasterSettings wanted = master_of(master_json);
  wanted.sql_server_name = "é\U0001F600";
  const std::string plain = rewritten(master_json, wanted);
  for (const std::string mark : {"\xEF\xBB\xBF", "\xFF\xFE", "\xFE\xFF"}) {
    const std::string before = encoded_like(mark, master_json);
    ASSERT_EQ(utf8_of(before), master_json);
    const std::string after = rewritten(before, wanted);
    EXPECT_TRUE(after.starts_with(mark));
    EXPECT_EQ(utf8_of(after), plain);
  }
}

TEST(SettingsWriter, a_file_that_cannot_be_read_is_not_written) {
  for (const char* bytes : {"", "{}", "{", "\xFF\xFEx", "{\"PortNumber\": \"high\"}", "<add key=\"PortNumber\"/>"}) {
    const RewrittenSettings result = rewrite_settings(bytes, "f", MasterSettings());
    EXPECT_FALSE(result.bytes) << bytes;
    EXPECT_TRUE(has_errors(result.diagnostics)) << bytes;
  }
}

TEST(SettingsWriter, what_a_file_cannot_hold_is_told) {
  WorkerSettings worker = worker_of(worker_xml);
  worker.lease_interval = Duration(50);  // half a tick
  EXPECT_TRUE(has_errors(rewrite_settings(worker_xml, "f", worker).diagnostics));
  const std::string escaped = "{\"\\u0050ortNumber\": 1, \"SSLCertThumbprint\": \"\", \"SqlServerName\": \"a\"}";
  MasterSettings master = master_of(escaped);
  ASSERT_EQ(master.port, 1);
  master.port = 2;
  EXPECT_TRUE(has_errors(rewrite_settings(escaped, "f", master).diagnostics));
}

}  // namespace
}  // namespace rehearse::model
