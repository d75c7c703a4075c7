#include "real_backend/inspect/remarks.hpp"

#include <utility>

namespace rehearse::real {

void Remarks::not_understood(const Spot& spot, std::string what, std::string remedy) {
  all_.push_back({Remark::Kind::not_understood, spot, std::move(what), std::move(remedy)});
}

void Remarks::missing(std::string what, std::string remedy) {
  all_.push_back({Remark::Kind::missing, std::nullopt, std::move(what), std::move(remedy)});
}

void Remarks::missing(const Spot& spot, std::string what, std::string remedy) {
  all_.push_back({Remark::Kind::missing, spot, std::move(what), std::move(remedy)});
}

void Remarks::note(const Spot& spot, std::string what) {
  all_.push_back({Remark::Kind::note, spot, std::move(what), {}});
}

}  // namespace rehearse::real
