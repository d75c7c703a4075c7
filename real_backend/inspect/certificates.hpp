// The inside of an inspection: the certificates in the stores of the exported machines, and which of them the design
// states.
#pragma once

#include <map>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "real_backend/inspect/survey.hpp"

namespace rehearse::real {

struct Artefacts;

class Certificates {
 public:
  explicit Certificates(Survey& survey);

  /// The key by which the design knows the certificate with this thumbprint: `wanted_key` unless it has one already.
  /// Empty after a remark: it lies on no exported machine, or no design can state it. `whose` is for people.
  std::string use(const std::string& thumbprint, const std::string& wanted_key, const std::string& whose,
                  const Spot& spot);

  /// The part "certificates" with the files; after the workers are known, whose stores it names.
  void say(nlohmann::ordered_json& design, Artefacts& artefacts) const;

 private:
  struct Copy {
    std::string machine, store;
    bool with_key;
  };
  struct Known {
    std::string der, key;
    std::vector<Copy> copies;
  };

  Survey* survey_;
  std::map<std::string, Known> by_thumbprint_;
  std::vector<std::string> used_;  // thumbprints, in their order
};

}  // namespace rehearse::real
