#include "cli/silence.hpp"

#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include <iostream>

namespace rehearse::cli {

Silence::Silence()
    : out_(std::cout.rdbuf(kept_.rdbuf())), err_(std::cerr.rdbuf(kept_.rdbuf())), logger_(spdlog::default_logger()) {
  auto logger = std::make_shared<spdlog::logger>("kept", std::make_shared<spdlog::sinks::ostream_sink_mt>(kept_));
  logger->set_pattern("%v");
  spdlog::set_default_logger(std::move(logger));
}

Silence::~Silence() {
  spdlog::set_default_logger(logger_);
  std::cerr.rdbuf(err_);
  std::cout.rdbuf(out_);
}

std::string Silence::said() const {
  std::string text = kept_.str();
  while (text.ends_with('\n')) text.pop_back();
  return text;
}

}  // namespace rehearse::cli
