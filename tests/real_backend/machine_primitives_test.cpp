// What every script of the Host and CertificateStore ports keeps to. What single requests do: by subject, in files of
// their own.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "machine_requests.hpp"
#include "model/steps/failure.hpp"
#include "real_backend/base64.hpp"
#include "real_backend/powershell/primitives.hpp"

namespace rehearse::real {
namespace {

namespace host = steps::host;
using steps::Failure;
using steps::FailureCode;
using testing::HasSubstr;
using testing::Not;

/// Every script of the request, with those that follow on answers of an exchange.
std::vector<std::string> scripts_of(const Primitive& primitive) {
  std::vector<std::string> scripts = {to_text(primitive.script)};
  if (!primitive.next) return scripts;
  const std::string file = R"({"PortNumber": 1, "SSLCertThumbprint": "", "SqlServerName": "x", )"
                           R"("MasterEndpoint": "https://X:1", "MasterHttpsCertThumbprint": "", )"
                           R"("WorkerHttpsCertThumbprint": ""})";
  for (const std::string& script : scripts_of(primitive.next(R"({"ok":true,"value":")" + to_base64(file) + "\"}"))) {
    scripts.push_back(script);
  }
  return scripts;
}

void for_each_primitive(const std::string& text,
                        const std::function<void(const std::string& name, const std::function<Primitive()>&)>& use) {
  const Site site = usual_site();
  const Surroundings around{reference_design(), site};
  for (const steps::HostRequest& request : host_requests(text)) {
    use(to_text(steps::AnyRequest(request)), [&] { return primitive_of(request, around); });
  }
  for (const steps::CertificateRequest& request : certificate_requests(text)) {
    use(to_text(steps::AnyRequest(request)), [&] { return primitive_of(request, around); });
  }
}

std::size_t quote_at(const std::string& script, std::size_t at) {
  for (const std::string quote : {"'", "\u2018", "\u2019", "\u201A", "\u201B"}) {
    if (script.compare(at, quote.size(), quote) == 0) return quote.size();
  }
  return 0;
}

/// The script without what stands in its literals, as PowerShell finds their ends.
std::string outside_literals(const std::string& script) {
  std::string outside;
  for (std::size_t at = 0; at < script.size();) {
    std::size_t quote = quote_at(script, at);
    if (quote == 0) {
      outside += script[at++];
      continue;
    }
    at += quote;
    while (at < script.size()) {
      quote = quote_at(script, at);
      if (quote == 0) {
        ++at;
        continue;
      }
      at += quote;
      const std::size_t doubled = quote_at(script, at);
      if (doubled == 0) break;
      at += doubled;
    }
    outside += "''";
  }
  return outside;
}

TEST(MachinePrimitives, the_samples_are_one_of_each_request) {
  const auto indexes = [](const auto& requests) {
    std::set<std::size_t> found;
    for (const auto& request : requests) found.insert(request.index());
    return found.size();
  };
  EXPECT_EQ(indexes(host_requests("")), std::variant_size_v<steps::HostRequest>);
  EXPECT_EQ(indexes(certificate_requests("")), std::variant_size_v<steps::CertificateRequest>);
}

TEST(MachinePrimitives, every_request_is_a_script_for_its_machine_with_a_limit) {
  for_each_primitive("", [](const std::string& name, const std::function<Primitive()>& make) {
    const Primitive primitive = make();
    EXPECT_EQ(primitive.where, Where::on_host) << name;
    EXPECT_NE(primitive.host, "") << name;
    EXPECT_GT(primitive.limit, Duration::zero()) << name;
    EXPECT_LE(primitive.limit, std::chrono::hours(3)) << name;
    EXPECT_EQ(primitive.after == After::nothing, primitive.within == Duration::zero()) << name;
    for (const std::string& script : scripts_of(primitive)) EXPECT_NE(script, "") << name;
  });
}

TEST(MachinePrimitives, no_text_of_a_request_leaves_its_literal) {
  int refused = 0, written = 0;
  for (const std::string& text : std::vector<std::string>{"x'; Zq9; '", "\u2019; Zq9; \u2018", "$(Zq9)`nZq9", "\"; Zq9",
                                                          "a\nZq9\n", "@'\nZq9\n'@", "節点Zq9", "--% Zq9", "#> Zq9"}) {
    for_each_primitive(text, [&](const std::string& name, const std::function<Primitive()>& make) {
      try {
        for (const std::string& script : scripts_of(make())) {
          EXPECT_THAT(outside_literals(script), Not(HasSubstr("Zq9"))) << name;
          ++written;
        }
      } catch (const Failure& failure) {
        const bool said = failure.code() == FailureCode::refused || failure.code() == FailureCode::not_found;
        EXPECT_TRUE(said) << name << ": " << failure.what();
        ++refused;
      }
    });
  }
  EXPECT_GT(written, 100);
  EXPECT_GT(refused, 50);
}

TEST(MachinePrimitives, texts_that_no_literal_can_hold_are_refused) {
  for (const std::string& text : {std::string("x\0y", 3), std::string("x\xFF")}) {
    for_each_primitive(text, [](const std::string& name, const std::function<Primitive()>& make) {
      try {
        for (const std::string& script : scripts_of(make())) EXPECT_THAT(script, Not(HasSubstr("\xFF"))) << name;
      } catch (const Failure&) {
      }
    });
  }
}

TEST(MachinePrimitives, no_script_holds_the_text_of_a_secret) {
  for_each_primitive("", [](const std::string& name, const std::function<Primitive()>& make) {
    const Primitive primitive = make();
    for (const std::string& script : scripts_of(primitive)) EXPECT_THAT(script, Not(HasSubstr("pl4nted"))) << name;
  });
}

TEST(MachinePrimitives, only_setup_needs_a_second_hop_and_only_updates_need_a_task) {
  std::set<std::string> second_hop, task_only;
  for_each_primitive("", [&](const std::string& name, const std::function<Primitive()>& make) {
    const Primitive primitive = make();
    if (primitive.second_hop) second_hop.insert(name.substr(0, name.find('(')));
    if (primitive.task_only) task_only.insert(name.substr(0, name.find('(')));
  });
  EXPECT_THAT(second_hop,
              testing::ElementsAre("Host.AddFciNode", "Host.InstallFci", "Host.InstallMaster", "Host.InstallWorker"));
  EXPECT_THAT(task_only, testing::ElementsAre("Host.InstallPatches"));
}

}  // namespace
}  // namespace rehearse::real
