// The door: reads the command line and hands it to the command. One command a file.
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <exception>

#include "cli/program.hpp"
#include "cli/telling.hpp"

int main(int argc, char** argv) {
  using rehearse::cli::Exit;
  // Messages for people go to standard error, so that standard output stays a result.
  const bool colour = rehearse::cli::takes_colour(STDERR_FILENO);
  spdlog::set_default_logger(colour ? spdlog::stderr_color_mt("rehearse") : spdlog::stderr_logger_mt("rehearse"));
  spdlog::set_pattern("%n: %^%l%$: %v");

  CLI::App app;
  Exit exit = Exit::passed;
  rehearse::cli::define(app, exit);
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : static_cast<int>(Exit::usage);
  } catch (const std::exception& error) {
    spdlog::error("this is a bug in Rehearse: {}", error.what());
    return static_cast<int>(Exit::bug);
  }
  return static_cast<int>(exit);
}
