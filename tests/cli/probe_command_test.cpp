// `rehearse probe` as users meet it, at a real server.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/ssl.h>

#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>

#include "tests/cli/run_program.hpp"
#include "tests/real_backend/loopback_servers.hpp"
#include "tests/support/files.hpp"

namespace rehearse::cli {
namespace {

using nlohmann::json;
using real::loopback::Nginx;
using real::loopback::self_signed;
using real::loopback::SocketServer;
using real::loopback::TestCertificate;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

const std::string password = "Pl4nted-secret";
const std::string welcome =
    "HTTP/1.1 405 Method Not Allowed\r\nServer: Microsoft-HTTPAPI/2.0\r\nContent-Length: 0\r\n\r\n";
const std::string refusal = "HTTP/1.1 403 Forbidden\r\nServer: Microsoft-HTTPAPI/2.0\r\nContent-Length: 0\r\n\r\n";

class ProbeCommand : public testing::Test {
 protected:
  void SetUp() override {
    const TestCertificate other = self_signed({{"SQLFCI"}});
    write("master.cer", master_.certificate_pem);
    write("other.cer", other.certificate_pem);
    write("worker.cer", worker_.certificate_pem);
    write("worker.pem", worker_.certificate_pem + worker_.key_pem);
    const std::string export_it = "cd '" + folder() + "' && PFX=" + password +
                                  " openssl pkcs12 -export -in worker.pem -out worker.pfx -passout env:PFX";
    ASSERT_EQ(std::system(export_it.c_str()), 0);
    write("WorkerSettings.config", json{{"MasterEndpoint", "https://SQLFCI:8391"},
                                        {"MasterHttpsCertThumbprint", master_.facts().thumbprint},
                                        {"WorkerHttpsCertThumbprint", worker_.facts().thumbprint}}
                                       .dump());
    write_design();
  }

  /// The reference design with the certificates of this test.
  void write_design() {
    std::ifstream shipped(REHEARSE_SOURCE_DIR "/scenarios/designs/reference.json");
    json design = json::parse(shipped, nullptr, true, true);
    design["certificates"]["master"]["file"] = path("master.cer");
    design["certificates"]["worker"]["file"] = path("worker.cer");
    design["scale_out"]["master"].erase("settings_file");
    design["scale_out"]["workers"][0].erase("settings_file");
    write("design.json", design.dump(2));
  }

  std::string folder() const { return folder_.path(""); }
  std::string path(const std::string& name) const { return folder_.path(name); }
  void write(const std::string& name, const std::string& text) const {
    std::ofstream(path(name), std::ios::binary) << text;
  }

  Ended probe(const std::string& arguments, const std::string& before = "") const {
    return run_program(folder(), "probe " + arguments, before);
  }
  /// With everything that a worker has, at a server on this port.
  std::string at(int port) const {
    return path("design.json") + " --no-sql --worker-certificate " + path("worker.pem") + " --trusted " +
           path("master.cer") + " --connect SQLFCI:8391=127.0.0.1:" + std::to_string(port) + " ";
  }
  SocketServer server(const TestCertificate& trusted) const {
    return real::loopback::http_sys_like(master_, trusted.certificate_pem, TLS1_2_VERSION, welcome, refusal);
  }

  const TestCertificate master_ = self_signed({{"SQLFCI"}}), worker_ = self_signed({{"WRK1"}});
  tests::TemporaryFolder folder_;
};

TEST_F(ProbeCommand, ends_with_0_where_a_worker_would_be_let_in) {
  const SocketServer master = server(worker_);
  const Ended ended = probe(at(master.port()));
  EXPECT_EQ(ended.exit, 0) << ended.out << ended.err;
  EXPECT_THAT(ended.out, AllOf(HasSubstr("https://SQLFCI:8391 at 127.0.0.1"), HasSubstr("WRK1, WRK2, WRK3"),
                               HasSubstr("works, as far as can be seen from here"), HasSubstr("364 day(s) left"),
                               HasSubstr("the same as MasterHttpsCertThumbprint")));
}

TEST_F(ProbeCommand, ends_with_1_and_the_remedies_where_a_worker_would_be_refused) {
  const SocketServer master = server(self_signed({{"somebody"}}));
  const Ended ended = probe(at(master.port()));
  EXPECT_EQ(ended.exit, 1) << ended.out << ended.err;
  EXPECT_THAT(ended.out,
              AllOf(HasSubstr("cannot be told apart"), HasSubstr("the node does not trust the worker's certificate"),
                    HasSubstr("(403) Forbidden"),
                    HasSubstr("Import the worker's certificate into LocalMachine\\Root of every node")));
}

TEST_F(ProbeCommand, ends_with_2_where_it_cannot_be_told) {
  const SocketServer master = server(worker_);
  const std::string connect = " --no-sql --connect SQLFCI:8391=127.0.0.1:" + std::to_string(master.port());
  const Ended ended = probe(path("design.json") + connect);
  EXPECT_EQ(ended.exit, 2) << ended.out << ended.err;
  EXPECT_THAT(ended.out, HasSubstr("unknown"));
}

TEST_F(ProbeCommand, probes_the_endpoint_of_a_real_settings_file_without_a_design) {
  const SocketServer master = server(worker_);
  const Ended ended =
      probe("--settings " + path("WorkerSettings.config") + " --worker-certificate " + path("worker.pem") +
            " --trusted " + path("master.cer") + " --connect SQLFCI:8391=127.0.0.1:" + std::to_string(master.port()));
  EXPECT_EQ(ended.exit, 0) << ended.out << ended.err;
}

TEST_F(ProbeCommand, writes_json_with_certificates_outcomes_and_what_is_out_of_sight) {
  const Nginx master(master_, worker_.certificate_pem);
  const Ended ended = probe(at(master.port()) + "--format json");
  const json report = json::parse(ended.out);
  EXPECT_EQ(report["conclusion"], "unknown");  // nginx is no Scale Out Master
  const json& endpoint = report["endpoints"][0];
  EXPECT_EQ(endpoint["possible"][0]["outcome"], "accepted");
  EXPECT_EQ(endpoint["master_certificate"]["thumbprint"], master_.facts().thumbprint);
  EXPECT_EQ(endpoint["worker_certificate"]["days_left"], 364);
  EXPECT_THAT(endpoint["doubts"][0].get<std::string>(), HasSubstr("nginx"));
  EXPECT_FALSE(report["out_of_sight"].empty());
}

TEST_F(ProbeCommand, takes_the_password_from_the_environment_and_shows_it_nowhere) {
  const SocketServer master = server(worker_);
  const std::string arguments = path("design.json") + " --no-sql --worker-certificate " + path("worker.pfx") +
                                " --password-env PFX --trusted " + path("master.cer") +
                                " --connect SQLFCI:8391=127.0.0.1:" + std::to_string(master.port());
  for (const std::string format : {"text", "json"}) {
    const Ended ended = probe(arguments + " --format " + format, "PFX=" + password);
    EXPECT_EQ(ended.exit, 0) << ended.out << ended.err;
    EXPECT_THAT(ended.out + ended.err, Not(HasSubstr(password)));
  }
  const Ended wrong = probe(arguments, "PFX=" + password + "x");
  EXPECT_EQ(wrong.exit, 64);
  EXPECT_THAT(wrong.err, AllOf(HasSubstr("password"), Not(HasSubstr(password))));
}

TEST_F(ProbeCommand, tells_everything_that_is_wrong_with_what_it_was_given_at_once) {
  const Ended ended = probe(path("design.json") + " --timeout 3 --password-env NO_SUCH_VARIABLE --worker-certificate " +
                            path("design.json") + " --trusted nowhere.cer --connect here");
  EXPECT_EQ(ended.exit, 64);
  EXPECT_EQ(ended.out, "");
  for (const std::string part :
       {"--timeout '3'", "NO_SUCH_VARIABLE", "design.json: it is text", "nowhere.cer", "--connect 'here'"}) {
    EXPECT_THAT(ended.err, HasSubstr(part));
  }
  EXPECT_EQ(probe("").exit, 64);
  EXPECT_EQ(probe(path("design.json") + " --no-sql --connect SQLFCI:1=127.0.0.1:1").exit, 64);
}

TEST_F(ProbeCommand, says_that_its_output_cannot_be_written) {
  const Ended ended = run_program(folder(), "probe " + at(real::free_port()) + " >/dev/full; exit $?; true");
  EXPECT_EQ(ended.exit, 74);
}

}  // namespace
}  // namespace rehearse::cli
