// --html: a report for a browser. A program that was built without the libraries of such reports says so before it
// works.
#pragma once

#include <string>

namespace CLI {
class App;
}

namespace rehearse::cli {

void add_html_option(CLI::App& command, std::string& path);

/// False: a report is asked for that this program cannot write, which was told. An empty path asks for none.
bool can_write_html(const std::string& path);

}  // namespace rehearse::cli
