// One or several samples of every request there is, for tests over all generated scripts. A request without a sample
// does not compile (sample_requests.cpp), so no script can be forgotten.
#pragma once

#include <string>
#include <vector>

#include "model/design.hpp"
#include "model/steps/requests.hpp"
#include "real_backend/site.hpp"

namespace far_side {

/// The design and the site that the samples are of: the separate placement over two networks, everything stated.
rehearse::model::Design sample_design();
rehearse::real::Site sample_site();

/// The texts that people choose; the samples of names are made of them.
struct SampleNames {
  std::string role = "SQL Server (MSSQLSERVER)";
  std::string resource = "SSIS Scale Out Master";
  std::string account = "CORP\\svc-ssis";
  std::string path = "\\\\FS1\\witness";
  std::string password = "correct horse";
};

std::vector<rehearse::steps::AnyRequest> sample_requests(const SampleNames& names = {});

}  // namespace far_side
