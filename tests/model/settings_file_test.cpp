#include "model/artefacts/settings_file.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace rehearse::model {
namespace {

using std::chrono::minutes;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::IsEmpty;

const std::string print_1(40, 'A');
const std::string print_2(40, 'B');

std::string master_json() {
  return "{ \"PortNumber\": 8391, \"SSLCertThumbprint\": \"" + std::string(40, 'a') +
         "\", \"SqlServerName\": \"SQLFCI\\\\INST1\", \"DealWithExpiredTasksIntervalInMs\": 60000 }";
}

std::string worker_json(const std::string& more = "") {
  return "{ \"MasterEndpoint\": \"https://SQLFCI:8391\", \"MasterHttpsCertThumbprint\": \"" + print_1 +
         "\", \"WorkerHttpsCertThumbprint\": \"" + print_2 + "\"" + more + " }";
}

std::string utf16(const std::string& ascii, bool little) {
  std::string bytes = little ? "\xFF\xFE" : "\xFE\xFF";
  for (const char c : ascii) {
    if (!little) bytes += '\0';
    bytes += c;
    if (little) bytes += '\0';
  }
  return bytes;
}

void expect_master(const SettingsFile<MasterSettings>& file) {
  ASSERT_TRUE(file.settings);
  EXPECT_THAT(file.diagnostics, IsEmpty());
  EXPECT_EQ(file.settings->port, 8391);
  EXPECT_EQ(file.settings->certificate_thumbprint, print_1);
  EXPECT_EQ(file.settings->sql_server_name, "SQLFCI\\INST1");
  EXPECT_EQ(file.settings->sweep_interval, Duration(minutes(1)));
  EXPECT_EQ(file.settings->heartbeat_interval, Duration(seconds(30)));  // absent: the documented default
  EXPECT_EQ(file.stated.size(), 4u);
}

TEST(SettingsFiles, json_is_read_in_every_encoding_that_windows_writes) {
  expect_master(read_master_settings(master_json(), "f"));
  expect_master(read_master_settings("\xEF\xBB\xBF" + master_json(), "f"));
  expect_master(read_master_settings(utf16(master_json(), true), "f"));
  expect_master(read_master_settings(utf16(master_json(), false), "f"));
}

TEST(SettingsFiles, characters_beyond_the_basic_plane_survive_utf_16) {
  const std::string before = "{ \"PortNumber\": 1, \"SSLCertThumbprint\": \"\", \"SqlServerName\": \"";
  std::string bytes = utf16(before, true);
  bytes += "\xE9";  // U+00E9
  bytes += '\0';
  bytes += std::string("\x3D\xD8\x00\xDE", 4);  // U+1F600
  bytes += utf16("\" }", true).substr(2);
  const auto file = read_master_settings(bytes, "f");
  ASSERT_TRUE(file.settings);
  EXPECT_EQ(file.settings->sql_server_name, "\xC3\xA9\xF0\x9F\x98\x80");
  EXPECT_FALSE(read_master_settings(bytes.substr(0, bytes.size() - 1), "f").settings) << "half a unit";
}

TEST(SettingsFiles, xml_says_the_same) {
  expect_master(
      read_master_settings("<?xml version=\"1.0\"?>\n<configuration><!-- <add key='x' --><appSettings>\n"
                           "<add key=\"PortNumber\" value=\"8391\"/>\n"
                           "<add value='" +
                               print_1 +
                               "' key='SSLCertThumbprint' />\n"
                               "<add key=\"SqlServerName\" value=\"SQLFCI&#92;INST1\"></add>\n"
                               "<add key=\"DealWithExpiredTasksIntervalInMs\" value=\"60000\"/>\n"
                               "</appSettings></configuration>\n",
                           "f"));
}

TEST(SettingsFiles, timespans_are_those_of_dot_net) {
  const auto file = read_worker_settings(
      worker_json(
          ", \"LeaseInternval\": \"00:02:30\", \"HeartbeatErrorTollerance\": \"7.00:00:00\", \"MaxTaskCount\": 4"),
      "f");
  ASSERT_TRUE(file.settings);
  EXPECT_THAT(file.diagnostics, IsEmpty());
  EXPECT_EQ(file.settings->lease_interval, Duration(seconds(150)));
  EXPECT_EQ(file.settings->heartbeat_error_tolerance, Duration(std::chrono::days(7)));
  EXPECT_EQ(file.settings->max_task_count, 4);
  EXPECT_FALSE(read_worker_settings(worker_json(", \"LeaseInternval\": \"1m\""), "f").settings);
  EXPECT_FALSE(read_worker_settings(worker_json(", \"LeaseInternval\": \"00:00:00\""), "f").settings);
}

TEST(SettingsFiles, both_spellings_are_read_and_a_mix_is_worth_a_warning) {
  for (const char* tolerance : {"HeartbeatErrorTollerance", "HeartbeatErrorTolerance"}) {
    for (const char* lease : {"LeaseInternval", "LeaseInterval"}) {
      const auto file = read_worker_settings(
          worker_json(std::string(", \"") + tolerance + "\": \"00:05:00\", \"" + lease + "\": \"00:00:30\""), "f");
      ASSERT_TRUE(file.settings);
      EXPECT_EQ(file.settings->heartbeat_error_tolerance, Duration(minutes(5)));
      EXPECT_EQ(file.settings->lease_interval, Duration(seconds(30)));
      const bool mix = std::string(tolerance) == "HeartbeatErrorTollerance" ? std::string(lease) == "LeaseInterval"
                                                                            : std::string(lease) == "LeaseInternval";
      EXPECT_EQ(file.diagnostics.size(), mix ? 1u : 0u) << tolerance << " " << lease;
    }
  }
  const auto twice =
      read_worker_settings(worker_json(", \"LeaseInternval\": \"00:01:00\", \"LeaseInterval\": \"00:02:00\""), "f");
  EXPECT_FALSE(twice.settings);
}

/// The one diagnostic, whose words are checked by the caller.
template <class Settings>
std::string told(const SettingsFile<Settings>& file) {
  std::string text;
  for (const Diagnostic& diagnostic : file.diagnostics) text += to_text(diagnostic) + "\n";
  return text;
}

TEST(SettingsFiles, oddities_are_read_with_a_warning) {
  const std::string rest = ", \"PortNumber\": 8391, \"SSLCertThumbprint\": \"\" }";
  const auto single = read_master_settings("{ \"SqlServerName\": \"SQLFCI\\named\"" + rest, "f");
  ASSERT_TRUE(single.settings);
  EXPECT_EQ(single.settings->sql_server_name, "SQLFCI\\named");
  EXPECT_THAT(told(single), HasSubstr("f:1:27: warning: a single backslash"));

  const auto slashes = read_master_settings("{ \"SqlServerName\": \"SQLFCI//INST1\"" + rest, "f");
  ASSERT_TRUE(slashes.settings);
  EXPECT_THAT(told(slashes), HasSubstr("warning: the server name holds '//'"));

  const auto unknown = read_master_settings("{ \"SqlServerName\": \"SQLFCI\", \"PortNummer\": 1" + rest, "f");
  ASSERT_TRUE(unknown.settings);
  EXPECT_THAT(told(unknown), HasSubstr("warning: unknown setting 'PortNummer'"));
  EXPECT_THAT(told(unknown), HasSubstr("did you mean 'PortNumber'?"));

  const auto quoted =
      read_master_settings("{ \"SqlServerName\": \"A\", \"SSLCertThumbprint\": \"\", \"PortNumber\": \"8392\" }", "f");
  ASSERT_TRUE(quoted.settings);
  EXPECT_EQ(quoted.settings->port, 8392);
  EXPECT_THAT(told(quoted), HasSubstr("warning: a number in quotes"));

  const auto absent = read_master_settings("{ \"PortNumber\": 8391 }", "f");
  ASSERT_TRUE(absent.settings);
  EXPECT_THAT(told(absent), HasSubstr("warning: 'SqlServerName' is missing"));
}

TEST(SettingsFiles, what_cannot_be_meant_is_an_error) {
  for (const std::string& text :
       std::vector<std::string>{"",
                                "[]",
                                "{}",
                                "{ \"PortNumber\": 0 }",
                                "{ \"PortNumber\": 65536 }",
                                "{ \"PortNumber\": \"x\" }",
                                "{ \"PortNumber\": 1.5 }",
                                "{ \"PortNumber\": 1, \"PortNumber\": 2 }",
                                "{ \"SSLCertThumbprint\": \"AB\" }",
                                "{ \"SSLCertThumbprint\": \"" + std::string(39, 'A') + "G\" }",
                                "{ \"SqlServerName\": \"\" }",
                                "{ \"CleanupCompletedJobsIntervalInMs\": 0 }",
                                "{ \"SqlConnectionTimeoutInSecs\": -1 }",
                                "\xFF\xFE{",
                                "<",
                                "<a>",
                                "<!DOCTYPE x>",
                                "<add key=\"PortNumber\"/>",
                                "<add key=\"PortNumber\" value=8391/>",
                                "<add key=\"PortNumber\" value=\"1\"/><add key=\"PortNumber\" value=\"1\"/>",
                                "<add key=\"SqlServerName\" value=\"a&b;\"/>",
                                "<add key=\"SqlServerName\" value=\"&#0;\"/>",
                                "<add key=\"PortNumber\" value=\"1",
                                "<!-- ",
                                "<add key=\"PortNumber\" value=\"99999999999999999999\"/>"}) {
    const auto file = read_master_settings(text, "f");
    EXPECT_FALSE(file.settings) << text;
    EXPECT_TRUE(has_errors(file.diagnostics)) << text;
  }
  for (const char* more : {", \"AgentId\": \"1\"", ", \"AgentId\": \"11111111-1111-1111-1111-111111111111\"",
                           ", \"MaxTaskCount\": 0", ", \"TaskRequestMaxCPU\": 101", ", \"TaskLogEnabled\": \"perhaps\"",
                           ", \"TaskLogLevel\": 128", ", \"Description\": 5"}) {
    EXPECT_FALSE(read_worker_settings(worker_json(more), "f").settings) << more;
  }
}

TEST(SettingsFiles, every_beginning_of_an_xml_file_ends_in_an_answer) {
  const std::string text =
      "<?xml?><a><!-- c --><add key=\"PortNumber\" value='8391' /><add value=\"&amp;\" key=\"k\"/></a>";
  ASSERT_TRUE(read_master_settings(text, "f").settings);
  for (std::size_t size = 0; size < text.size(); ++size) {
    const auto file = read_master_settings(std::string_view(text).substr(0, size), "f");
    EXPECT_EQ(file.settings.has_value(), !has_errors(file.diagnostics)) << size;
  }
}

}  // namespace
}  // namespace rehearse::model
