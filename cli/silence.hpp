// Keeps what a process would tell, instead of telling it: of the ranks of one study only the first speaks.
#pragma once

#include <memory>
#include <sstream>
#include <string>

namespace spdlog {
class logger;
}

namespace rehearse::cli {

class Silence {
 public:
  Silence();
  ~Silence();
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

  /// Without the last line's end.
  std::string said() const;

 private:
  std::ostringstream kept_;
  std::streambuf *out_, *err_;
  std::shared_ptr<spdlog::logger> logger_;
};

}  // namespace rehearse::cli
