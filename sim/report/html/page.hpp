// A report as one HTML file that needs nothing else: style, libraries, charts and their data are all in it, and its
// Content-Security-Policy forbids every request to a network and every script but the two that the program itself
// carries. It is light or dark as the reader's system is, and prints.
#pragma once

#include <iosfwd>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <string_view>

#include "sim/report/html/markup.hpp"

namespace rehearse::sim::html {

/// Why this program cannot write HTML reports, for people; empty: it can.
std::string missing_libraries();

/// A whole file. Throws std::logic_error where missing_libraries() is not empty.
void write_page(std::ostream& out, std::string_view title, const Markup& body);

/// A Vega-Lite specification as a figure. `label` is what a reader who does not see it is told; the same must stand in
/// a table beside it.
struct Chart {
  std::string id;     // of the element, unique in the page
  std::string label;  // "Outages by phase: SSISDB 1m33s, ..."
  std::string hint;   // shown below it; empty: none
  bool zoom = false;  // its `lo` and `hi` (milliseconds) are zoomed together with those of the article's other charts
  bool buttons = false;  // with buttons to zoom
};
void write_chart(Markup& page, const Chart& chart, const nlohmann::ordered_json& specification);

/// As text; bytes that are not UTF-8 are replaced, because names come from files.
std::string json_text(const nlohmann::ordered_json& json);

/// "passed", "failed" or "unknown", told by colour, sign and word.
void write_badge(Markup& page, std::string_view outcome);

/// Names and values, a pair a row.
void write_facts(Markup& page, const std::vector<std::pair<std::string, std::string>>& facts);

/// A field that shows only those rows of a table that contain what is written in it.
void write_filter(Markup& page, const std::string& table, std::string_view what);

}  // namespace rehearse::sim::html
