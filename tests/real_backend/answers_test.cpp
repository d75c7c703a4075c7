#include "real_backend/powershell/answers.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "real_backend/base64.hpp"
#include "real_backend/powershell/primitives.hpp"

namespace rehearse::real {
namespace {

namespace catalog = steps::catalog;
namespace certificate_store = steps::certificate_store;
namespace cluster = steps::cluster;
namespace host = steps::host;
using steps::Answer;
using steps::AnyRequest;
using steps::CatalogRequest;
using steps::CertificateRequest;
using steps::ClusterRequest;
using steps::Effect;
using steps::Failure;
using steps::FailureCode;
using steps::HostRequest;
using testing::HasSubstr;
using testing::SizeIs;

const AnyRequest is_installed = HostRequest(host::FeatureInstalled("SQL1", "Failover-Clustering"));
const AnyRequest start_service = HostRequest(host::StartService("SQL1", "SSISScaleOutMaster150"));
const AnyRequest query_service = HostRequest(host::QueryService("SQL1", "SSISScaleOutMaster150"));

std::string success(const nlohmann::json& value) {
  return nlohmann::json{{"ok", true}, {"value", value}}.dump();
}

Failure failure_in(const AnyRequest& request, const std::string& line) {
  try {
    const Answer answer = read_answer(request, line);
    return Failure(FailureCode::cancelled, "no failure, but: " + to_text(answer));
  } catch (const Failure& failure) {
    return failure;
  }
}

FailureCode code_of(ScriptError error, Effect effect = Effect::query) {
  return failure_of(error, effect).code();
}

ScriptError with_category(std::string category, std::string id = "Some,Id") {
  ScriptError error;
  error.message = "no";
  error.category = std::move(category);
  error.id = std::move(id);
  return error;
}

ScriptError with_hresult(std::int64_t hresult) {
  ScriptError error = with_category("NotSpecified");
  error.hresult = hresult;
  return error;
}

ScriptError with_number(std::int64_t number) {
  ScriptError error = with_hresult(-2146232060);  // of every SqlException
  error.number = number;
  return error;
}

TEST(Failures, categories_of_powershell_are_read) {
  EXPECT_EQ(code_of(with_category("ObjectNotFound")), FailureCode::not_found);
  EXPECT_EQ(code_of(with_category("ResourceExists")), FailureCode::conflict);
  EXPECT_EQ(code_of(with_category("PermissionDenied")), FailureCode::refused);
  EXPECT_EQ(code_of(with_category("OperationTimeout")), FailureCode::timed_out);
  EXPECT_EQ(code_of(with_category("ConnectionError")), FailureCode::unreachable);
  EXPECT_EQ(code_of(with_category("")), FailureCode::refused);
}

TEST(Failures, a_missing_cmdlet_is_not_taken_for_a_missing_object) {
  EXPECT_EQ(code_of(with_category("ObjectNotFound", "CommandNotFoundException")), FailureCode::refused);
}

TEST(Failures, a_windows_error_number_says_more_than_the_category) {
  EXPECT_EQ(code_of(with_hresult(-2147024891)), FailureCode::refused);   // 0x80070005
  EXPECT_EQ(code_of(with_hresult(0x80070424)), FailureCode::not_found);  // 1060
  EXPECT_EQ(code_of(with_hresult(0x80071392)), FailureCode::conflict);   // 5010
  EXPECT_EQ(code_of(with_hresult(0x80092004)), FailureCode::not_found);
  ScriptError denied = with_hresult(0x80070005);
  denied.category = "ObjectNotFound";
  EXPECT_EQ(code_of(denied), FailureCode::refused);
}

TEST(Failures, a_win32_error_inside_another_is_read_by_its_own_number) {
  ScriptError error = with_hresult(0x80004005);  // of every Win32Exception
  error.win32 = 5010;
  EXPECT_EQ(code_of(error), FailureCode::conflict);
  error.win32 = 1722;
  EXPECT_EQ(code_of(error), FailureCode::unreachable);
  error.win32 = 1;
  EXPECT_EQ(code_of(error), FailureCode::refused);
}

TEST(Failures, who_does_not_answer_a_change_that_began_leaves_it_open) {
  EXPECT_EQ(code_of(with_hresult(0x800706BA), Effect::query), FailureCode::unreachable);
  EXPECT_EQ(code_of(with_hresult(0x800706BA), Effect::change), FailureCode::indeterminate);
  ScriptError ours;
  ours.code = "unreachable";
  EXPECT_EQ(code_of(ours, Effect::change), FailureCode::unreachable);  // the script knows that it began nothing
}

TEST(Failures, numbers_of_sql_server_are_read) {
  EXPECT_EQ(code_of(with_number(27243)), FailureCode::not_found);
  EXPECT_EQ(code_of(with_number(27261)), FailureCode::refused);
  EXPECT_EQ(code_of(with_number(18456)), FailureCode::refused);
  EXPECT_EQ(code_of(with_number(922)), FailureCode::unreachable);
  EXPECT_EQ(code_of(with_number(-2)), FailureCode::timed_out);
  EXPECT_EQ(code_of(with_number(15025)), FailureCode::conflict);
}

TEST(Failures, the_script_s_own_code_wins_and_an_unknown_one_decides_nothing) {
  ScriptError error = with_hresult(0x80070005);
  for (const char* code : {"refused", "not found", "conflict", "unreachable", "timed out", "indeterminate"}) {
    error.code = code;
    EXPECT_EQ(steps::to_text(code_of(error)), code);
  }
  error.code = "nonsense";
  EXPECT_EQ(code_of(error), FailureCode::indeterminate);
  error.code = elsewhere;
  EXPECT_EQ(code_of(error), FailureCode::refused);
}

TEST(Failures, the_message_is_windows_own_on_one_line_and_bounded) {
  ScriptError error = with_category("PermissionDenied");
  error.message = "  Access is\r\n\tdenied.\n";
  error.cmdlet = "Stop-Service";
  EXPECT_EQ(failure_of(error, Effect::query).message(), "Access is denied. (Stop-Service)");
  error.message.clear();
  for (int i = 0; i < 5000; ++i) error.message += "é";
  const std::string cut = failure_of(error, Effect::query).message();
  EXPECT_LT(cut.size(), 4100u);
  EXPECT_THAT(cut, HasSubstr("é..."));
  EXPECT_EQ(failure_of(ScriptError(), Effect::query).message(), "no message came with it");
}

TEST(Answers, a_failure_is_told_with_its_words) {
  const std::string line =
      R"({"ok":false,"code":"","message":"Cannot find any service with service name 'X'.","category":"ObjectNotFound",)"
      R"("id":"NoServiceFoundForGivenName","hresult":-2146233088,"cmdlet":"Start-Service","number":null})";
  const Failure failure = failure_in(start_service, line);
  EXPECT_EQ(failure.code(), FailureCode::not_found);
  EXPECT_EQ(failure.message(), "Cannot find any service with service name 'X'. (Start-Service)");
}

TEST(Answers, a_line_that_is_no_answer_leaves_everything_open) {
  for (const std::string line :
       {"", "null", "true", "[]", "{}", "{\"ok\":true}", "{\"ok\":\"true\",\"value\":true}", "{\"ok\":true,\"value\":",
        "PS C:\\>", "{\"ok\":true,\"value\":true}{\"ok\":true,\"value\":true}", "\xFF\xFE", "{\"value\":true}"}) {
    EXPECT_EQ(failure_in(is_installed, line).code(), FailureCode::indeterminate) << line;
    EXPECT_EQ(failure_in(start_service, line).code(), FailureCode::indeterminate) << line;
  }
  EXPECT_EQ(failure_in(is_installed, std::string(1000000, '[')).code(), FailureCode::indeterminate);
}

TEST(Answers, a_value_of_another_type_leaves_everything_open) {
  const std::vector<AnyRequest> requests = {
      is_installed,
      start_service,
      query_service,
      HostRequest(host::QueryStartType("SQL1", "S")),
      HostRequest(host::ReadMasterSettings("SQL1", "S")),
      HostRequest(host::QueryPatches("SQL1")),
      CertificateRequest(certificate_store::List("SQL1")),
      CertificateRequest(certificate_store::Binding("SQL1", 8391)),
      CertificateRequest(certificate_store::Create("SQL1", {"SQL1"}, Date(), Date())),
      ClusterRequest(cluster::Nodes()),
      ClusterRequest(cluster::Property("SameSubnetThreshold")),
      ClusterRequest(cluster::QueryNode("SQL1")),
      ClusterRequest(cluster::QueryRole("R")),
      ClusterRequest(cluster::QueryResource("R")),
      ClusterRequest(cluster::RoleOwner("R")),
      ClusterRequest(cluster::Dependencies("R")),
      CatalogRequest(catalog::MasterLastOnline()),
  };
  for (const AnyRequest& request : requests) {
    for (const nlohmann::json& value :
         {nlohmann::json(1.5), nlohmann::json(nlohmann::json::object()), nlohmann::json({1, 2}),
          nlohmann::json({{{"store", 1}}}), nlohmann::json(18446744073709551615U)}) {
      EXPECT_EQ(failure_in(request, success(value)).code(), FailureCode::indeterminate)
          << to_text(request) << " took " << value.dump();
    }
  }
}

TEST(Answers, a_change_that_is_done_says_nothing) {
  EXPECT_EQ(read_answer(start_service, success(nullptr)), Answer());
  EXPECT_EQ(read_answer(HostRequest(host::RestartMachine("SQL1", std::chrono::minutes(1))), success("2027-03-01")),
            Answer());
  EXPECT_EQ(failure_in(start_service, success("2027-03-01")).code(), FailureCode::indeterminate);
}

TEST(Answers, what_the_service_control_manager_says_becomes_a_service_state) {
  EXPECT_EQ(read_answer(query_service, success(nullptr)).text(), "absent");
  EXPECT_EQ(read_answer(query_service, success("Stopped")).text(), "stopped");
  EXPECT_EQ(read_answer(query_service, success("Running")).text(), "running");
  EXPECT_EQ(read_answer(query_service, success("Stop Pending")).text(), "running");
  EXPECT_EQ(failure_in(query_service, success("Unknown")).code(), FailureCode::indeterminate);
  const AnyRequest start_type = HostRequest(host::QueryStartType("SQL1", "S"));
  EXPECT_EQ(read_answer(start_type, success("Auto")).text(), "automatic");
  EXPECT_EQ(read_answer(start_type, success("Manual")).text(), "manual");
  EXPECT_EQ(failure_in(start_type, success("Boot")).code(), FailureCode::indeterminate);
}

TEST(Answers, windows_words_for_states_of_the_cluster_become_the_model_s) {
  const AnyRequest node = ClusterRequest(cluster::QueryNode("SQL1"));
  const AnyRequest role = ClusterRequest(cluster::QueryRole("R"));
  const AnyRequest resource = ClusterRequest(cluster::QueryResource("R"));
  EXPECT_EQ(read_answer(node, success("Up")).text(), "up");
  EXPECT_EQ(read_answer(node, success("quarantined")).text(), "quarantined");
  EXPECT_EQ(read_answer(role, success("PartialOnline")).text(), "partially online");
  EXPECT_EQ(read_answer(role, success("partially online")).text(), "partially online");
  EXPECT_EQ(read_answer(resource, success("OnlinePending")).text(), "online pending");
  EXPECT_EQ(failure_in(resource, success("Inherited")).code(), FailureCode::indeterminate);
}

TEST(Answers, dependencies_come_as_windows_writes_them) {
  const AnyRequest dependencies = ClusterRequest(cluster::Dependencies("R"));
  const auto read = [&](const nlohmann::json& value) { return read_answer(dependencies, success(value)).list(); };
  EXPECT_EQ(read("([SQL Server]) and ([Name] or [IP 1])"), (std::vector<std::string>{"IP 1", "Name", "SQL Server"}));
  EXPECT_EQ(read(""), std::vector<std::string>());
  EXPECT_EQ(read({"b", "a", "b"}), (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(failure_in(dependencies, success("SQL Server")).code(), FailureCode::indeterminate);
}

TEST(Answers, dates_are_read_and_no_date_is_the_epoch) {
  const AnyRequest last_online = CatalogRequest(catalog::MasterLastOnline());
  EXPECT_EQ(read_answer(last_online, success(nullptr)).date(), Date());
  EXPECT_EQ(read_answer(last_online, success("2027-03-01T00:30:00Z")).date(),
            *model::parse_date("2027-03-01T00:30:00Z"));
}

TEST(Answers, a_binding_is_told_as_the_model_spells_it) {
  const AnyRequest binding = CertificateRequest(certificate_store::Binding("SQL1", 8391));
  const auto read = [&](const nlohmann::json& value) { return read_answer(binding, success(value)).list(); };
  EXPECT_EQ(read(nlohmann::json::array()), std::vector<std::string>());
  EXPECT_EQ(read({std::string(40, 'a'), "MY"}), (std::vector<std::string>{std::string(40, 'A'), "My"}));
  EXPECT_EQ(read({std::string(40, 'A'), "root"}), (std::vector<std::string>{std::string(40, 'A'), "Root"}));
  EXPECT_EQ(failure_in(binding, success({"xyz", "Root"})).code(), FailureCode::indeterminate);
}

TEST(Answers, settings_are_read_by_the_reader_of_settings_files) {
  const AnyRequest read = HostRequest(host::ReadMasterSettings("SQL1", "SSISScaleOutMaster150"));
  const std::string file = R"({"PortNumber": 8391, "SSLCertThumbprint": "", "SqlServerName": "SQLFCI\\INST1"})";
  EXPECT_EQ(read_answer(read, success(to_base64(file))).master_settings().sql_server_name, "SQLFCI\\INST1");
  const Failure broken = failure_in(read, success(to_base64(R"({"PortNumber": "high"})")));
  EXPECT_EQ(broken.code(), FailureCode::refused);
  EXPECT_THAT(broken.message(), HasSubstr("MasterSettings.config on SQL1"));
}

TEST(Answers, a_certificate_that_names_nobody_is_left_out) {
  const AnyRequest list = CertificateRequest(certificate_store::List("SQL1"));
  const std::string raw = to_base64("no certificate");
  EXPECT_THAT(read_answer(list, success({{{"store", "Root"}, {"raw", raw}, {"key", false}}})).certificates(),
              SizeIs(0));
}

TEST(Answers, a_script_that_ran_on_the_wrong_node_names_the_right_one) {
  EXPECT_EQ(sent_elsewhere(R"({"ok":false,"code":"elsewhere","message":"SQL2"})"), "SQL2");
  EXPECT_EQ(sent_elsewhere(R"({"ok":false,"code":"refused","message":"SQL2"})"), std::nullopt);
  EXPECT_EQ(sent_elsewhere("garbage"), std::nullopt);
  EXPECT_EQ(sent_elsewhere(""), std::nullopt);
}

TEST(Answers, the_text_of_an_exchange_s_first_script) {
  EXPECT_EQ(text_in(success("abc"), Effect::change), "abc");
  EXPECT_EQ(text_in(success(nullptr), Effect::change), std::nullopt);
  EXPECT_THROW(text_in(success(1), Effect::change), Failure);
}

}  // namespace
}  // namespace rehearse::real
