// Every request of the ports of single machines, with values given by a test: plain ones, or texts that try to leave
// their literals.
#pragma once

#include <string>
#include <vector>

#include "model/design.hpp"
#include "model/steps/requests.hpp"
#include "real_backend/site.hpp"

namespace rehearse::real {

/// One of each type, in the order of the variant. `text` stands wherever a request takes a text of its own.
std::vector<steps::HostRequest> host_requests(const std::string& text);
std::vector<steps::CertificateRequest> certificate_requests(const std::string& text);

/// The shipped reference design: nodes SQL1 and SQL2, the instance MSSQLSERVER as SQLFCI.
const model::Design& reference_design();

/// A site with which everything can be done; its certificate 'worker' is the .cer file that ships with the designs.
Site usual_site();

inline const std::string a_thumbprint = "0123456789ABCDEF0123456789ABCDEF01234567";
inline const std::string master_service = "SSISScaleOutMaster150";
inline const std::string worker_service = "SSISScaleOutWorker150";

}  // namespace rehearse::real
