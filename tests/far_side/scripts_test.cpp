// Every script that can be generated, read by the independent parser.
#include <gtest/gtest.h>

#include <fstream>
#include <string>
#include <variant>
#include <vector>

#include "model/steps/failure.hpp"
#include "model/steps/requests.hpp"
#include "real_backend/base64.hpp"
#include "real_backend/powershell/primitives.hpp"
#include "real_backend/powershell/script.hpp"
#include "real_backend/powershell/second_hop.hpp"
#include "real_backend/transport/bootstrap.hpp"
#include "tests/far_side/sample_requests.hpp"
#include "tests/far_side/syntax.hpp"
#include "tests/real_backend/asking.hpp"

namespace far_side {
namespace {

namespace steps = rehearse::steps;
namespace real = rehearse::real;

struct Script {
  std::string name;
  std::string text;
};

bool is_for_a_machine(const steps::AnyRequest& request) {
  return !std::holds_alternative<steps::ClockRequest>(request) &&
         !std::holds_alternative<steps::OperatorRequest>(request);
}

real::Primitive primitive_for(const steps::AnyRequest& request, const real::Surroundings& around) {
  if (const auto* of_host = std::get_if<steps::HostRequest>(&request)) return real::primitive_of(*of_host, around);
  if (const auto* of_store = std::get_if<steps::CertificateRequest>(&request)) {
    return real::primitive_of(*of_store, around);
  }
  if (const auto* of_cluster = std::get_if<steps::ClusterRequest>(&request)) {
    return real::primitive_of(*of_cluster, around);
  }
  return real::primitive_of(std::get<steps::CatalogRequest>(request), around);
}

/// What the first script of an exchange could answer: bytes of a settings file, or of anything else.
std::string answer_for(const steps::AnyRequest& request) {
  const bool of_master = steps::name_of(request) == "Host.WriteMasterSettings";
  const std::string bytes =
      of_master ? R"({"PortNumber":8391,"SqlServerName":"OTHER"})" : R"({"MasterEndpoint":"https://OTHER:8391"})";
  return R"({"ok":true,"value":")" + real::to_base64(bytes) + "\"}";
}

/// The scripts of a primitive: as it is, by way of a scheduled task, and what follows them in an exchange.
void add(const std::string& name, const real::Primitive& primitive, const std::string& answer, const real::Site& site,
         std::vector<Script>& scripts) {
  scripts.push_back({name, real::ps::to_text(primitive.script)});
  const steps::Secret password(real::installation_secret(site), "hop");
  scripts.push_back(
      {name + " by a task", real::ps::to_text(real::through_scheduled_task(primitive, site, password).script)});
  if (primitive.next) add(name + ", then", primitive.next(answer), answer, site, scripts);
}

/// A site whose certificate file is there: its content only has to be no plain certificate.
real::Site site_with_files(const real::TestFolder& folder) {
  real::Site site = sample_site();
  const std::string with_key = folder.path("with_key.pfx");
  std::ofstream(with_key, std::ios::binary) << "PKCS#12";
  site.certificate_files = {
      {"master", with_key},
      {"root", std::string(REHEARSE_SOURCE_DIR) + "/scenarios/designs/artefacts/SSISScaleOutWorker.cer"}};
  return site;
}

/// The scripts of one request, or why it is refused.
struct OfRequest {
  std::vector<Script> scripts;
  std::string refusal;
};

std::vector<OfRequest> scripts_by_request(const SampleNames& names) {
  const rehearse::model::Design design = sample_design();
  const real::TestFolder folder;
  const real::Site site = site_with_files(folder);
  std::vector<OfRequest> all;
  for (const steps::AnyRequest& request : sample_requests(names)) {
    if (!is_for_a_machine(request)) continue;
    OfRequest& of = all.emplace_back();
    try {
      add(steps::to_text(request), primitive_for(request, {design, site}), answer_for(request), site, of.scripts);
    } catch (const steps::Failure& failure) {
      of = {{}, steps::to_text(request) + ": " + failure.what()};
    }
  }
  add("the time of the last boot", real::boot_time("SQL1"), "", site, all.emplace_back().scripts);
  all.emplace_back().scripts.push_back({"nothing", real::ps::to_text(real::ps::Block())});
  return all;
}

void expect_readable(const Script& script) {
  const Syntax syntax(script.text);
  for (const SyntaxError& error : syntax.errors()) {
    ADD_FAILURE() << script.name << ":" << to_text(error.place) << ": " << error.message << "\n" << script.text;
  }
}

TEST(Scripts, every_one_is_read_without_an_error_by_a_parser_of_somebody_else) {
  for (const OfRequest& of : scripts_by_request({})) {
    // The one sample that needs what no design holds.
    const bool expected = of.refusal.find("A cloud witness needs the access key") != std::string::npos;
    EXPECT_TRUE(expected || of.refusal.empty()) << of.refusal;
    for (const Script& script : of.scripts) expect_readable(script);
  }
}

TEST(Scripts, the_bootstrap_too) {
  expect_readable({"bootstrap", std::string(real::bootstrap_text())});
}

void add_kinds(const Node& node, std::string& kinds) {
  kinds += node.kind();
  kinds += '(';
  for (const Node& part : node.parts()) add_kinds(part, kinds);
  kinds += ')';
}

/// The kinds of all nodes, in order: two scripts of the same shape differ in values only.
std::string shape(const std::string& script) {
  const Syntax syntax(script);
  std::string kinds;
  add_kinds(syntax.root(), kinds);
  return kinds;
}

TEST(Scripts, names_of_people_change_values_and_never_the_shape_of_a_script) {
  const std::vector<OfRequest> plain = scripts_by_request({});
  std::size_t changed = 0;
  for (const std::string nasty :
       {"x'; Remove-Cluster -Force; ' \u2019; \u2018\u201A\u201B 節点", "$(Get-Date) `n \"q\" a\nb\u2028c"}) {
    SampleNames names;
    names.role = nasty + " role";
    names.resource = nasty + " resource";
    names.account = "CORP\\" + nasty;
    names.path = "\\\\FS1\\" + nasty;
    const std::vector<OfRequest> all = scripts_by_request(names);
    ASSERT_EQ(all.size(), plain.size());
    for (std::size_t request = 0; request < all.size(); ++request) {
      if (all[request].scripts.empty()) continue;  // refused, which is as good
      ASSERT_EQ(all[request].scripts.size(), plain[request].scripts.size());
      for (std::size_t i = 0; i < all[request].scripts.size(); ++i) {
        const std::string& text = all[request].scripts[i].text;
        if (text == plain[request].scripts[i].text) continue;
        ++changed;
        expect_readable(all[request].scripts[i]);
        EXPECT_EQ(shape(text), shape(plain[request].scripts[i].text)) << text;
      }
    }
  }
  EXPECT_GT(changed, 100u) << "the nasty names have hardly reached a script";
}

}  // namespace
}  // namespace far_side
