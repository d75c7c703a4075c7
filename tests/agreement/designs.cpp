#include "tests/agreement/designs.hpp"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <stdexcept>

#include "model/artefacts/x509.hpp"
#include "model/design_reader.hpp"
#include "tests/agreement/farm.hpp"
#include "tests/far_side/x509.hpp"
#include "tests/steps/test_designs.hpp"

namespace rehearse::agreement {
namespace {

namespace fs = std::filesystem;

model::Design read(const std::string& file) {
  const model::DesignResult result = model::read_design_file(file);
  if (!result.design) throw std::runtime_error(file + ": " + to_text(result.diagnostics.front()));
  return *result.design;
}

void write(const fs::path& file, const std::string& bytes) {
  std::ofstream(file, std::ios::binary) << bytes;
}

void replace_all(std::string& text, const std::string& what, const std::string& by) {
  for (std::size_t at = text.find(what); at != text.npos; at = text.find(what, at + by.size())) {
    text.replace(at, what.size(), by);
  }
}

void replace_in_settings(const fs::path& folder, const std::string& what, const std::string& by) {
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".config") continue;
    std::string text = real::text_of_file(entry.path().string());
    replace_all(text, what, by);
    write(entry.path(), text);
  }
}

constexpr const char* pfx_password = "a Word of 12 letters";  // what a far_side::Farm says of an unknown secret

}  // namespace

Deployable Designs::shipped(const std::string& name) {
  const fs::path designs = folder_.path("designs");
  if (!fs::exists(designs)) {
    fs::copy(REHEARSE_SOURCE_DIR "/scenarios/designs", designs, fs::copy_options::recursive);
  }
  Deployable result;
  result.file = designs / (name + ".json");
  result.site = far_side::farm_site();
  result.site.second_hop = real::SecondHop::scheduled_task;
  const model::Design design = read(result.file);
  const auto json = nlohmann::json::parse(real::text_of_file(result.file), nullptr, true, true);
  for (const model::Certificate& certificate : design.certificates) {
    const fs::path file = designs / json["certificates"][certificate.key]["file"].get<std::string>();
    const fs::path with_key = folder_.path(name + "-" + certificate.key + ".pfx");
    if (!fs::exists(with_key)) {
      far_side::CertificateOrder order;
      order.common_names = certificate.common_names;
      order.not_before = std::chrono::floor<far_side::Span>(certificate.not_before);
      order.not_after = std::chrono::floor<far_side::Span>(certificate.not_after);
      order.serial_hex = "5EED";
      const far_side::CertificateAndKey made = far_side::make_certificate(order);
      write(file, made.der);
      write(with_key, far_side::to_pkcs12(made, pfx_password));
      replace_in_settings(designs, certificate.thumbprint, far_side::facts_of(made.der)->thumbprint);
    }
    result.site.certificate_files[certificate.key] = with_key;
  }
  result.design = read(result.file);
  return result;
}

Deployable Designs::small() const {
  Deployable result{steps::joint_design(2, 1), far_side::farm_site(), {}};
  model::Network network;
  network.name = "Cluster Network 1";
  network.subnet = "10.0.0.0/24";
  result.design.cluster.networks = {network};
  for (model::Certificate& certificate : result.design.certificates) {
    certificate.not_before = certificate.not_after = Date();
  }
  return result;
}

Deployable Designs::stated(model::Placement placement) const {
  return {far_side::farm_design(placement == model::Placement::joint), far_side::farm_site(), {}};
}

Deployable Designs::by_name(const std::string& name) {
  if (name == "small") return small();
  if (name == "stated joint") return stated(model::Placement::joint);
  if (name == "stated separate") return stated(model::Placement::separate);
  return shipped(name);
}

Date beginning() {
  return Date(std::chrono::sys_days(std::chrono::year(2027) / 3 / 1)) + std::chrono::hours(8);
}

far_side::FarWorld bare_machines(const Deployable& deployable) {
  return far_side::bare_farm(deployable.design, deployable.site, std::chrono::floor<far_side::Span>(beginning()));
}

}  // namespace rehearse::agreement
