// MasterSettings.config and WorkerSettings.config from machines of strangers: reading, and changing values in them.
#include <string>

#include "fuzzing.hpp"
#include "model/artefacts/settings_file.hpp"
#include "model/artefacts/settings_writer.hpp"

namespace rehearse::fuzz {
namespace {

template <class Settings>
void read_and_rewrite(std::string_view bytes, Settings changed,
                      model::SettingsFile<Settings> (*read)(std::string_view, const std::string&)) {
  const model::SettingsFile<Settings> file = read(bytes, "f");
  require_told(file.settings.has_value(), file.diagnostics);
  if (!file.settings) return;
  for (const Settings& wanted : {*file.settings, changed}) {
    const model::RewrittenSettings rewritten = model::rewrite_settings(bytes, "f", wanted);
    require_told(rewritten.bytes.has_value(), rewritten.diagnostics);
    if (!rewritten.bytes) continue;
    const model::SettingsFile<Settings> again = read(*rewritten.bytes, "f");
    require(again.settings.has_value(), "what was written can be read");
    require(*again.settings == wanted, "what was written reads as what was wanted");
  }
}

}  // namespace
}  // namespace rehearse::fuzz

int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace rehearse;
  const std::string_view bytes = fuzz::text_of(data, size);
  const std::string thumbprint(40, 'A');
  model::MasterSettings master;
  master.port = 8392;
  master.certificate_thumbprint = thumbprint;
  master.sql_server_name = "SQLFCI\\INST1";
  master.sweep_interval = std::chrono::minutes(1);
  model::WorkerSettings worker;
  worker.endpoint = "https://SQLFCI:8392";
  worker.master_certificate_thumbprint = thumbprint;
  worker.worker_certificate_thumbprint = std::string(40, 'B');
  worker.lease_interval = std::chrono::seconds(90);
  fuzz::read_and_rewrite(bytes, master, &model::read_master_settings);
  fuzz::read_and_rewrite(bytes, worker, &model::read_worker_settings);
  return 0;
}
