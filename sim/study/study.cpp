#include "sim/study/study.hpp"

namespace rehearse::sim {

std::string name_of(const StudyPoint& point) {
  std::string name;
  for (const PointSetting& setting : point.settings) {
    name += (name.empty() ? "" : ", ") + setting.address + " = " + setting.value;
  }
  return name.empty() ? "as it is" : name;
}

}  // namespace rehearse::sim
