#include "sim/report/html/page.hpp"

#include <openssl/evp.h>

#include <array>
#include <nlohmann/json.hpp>
#include <ostream>
#include <stdexcept>

#include "embedded/report_libraries.hpp"
#include "embedded/report_script.hpp"
#include "embedded/report_style.hpp"

namespace rehearse::sim::html {
namespace {

/// "'sha256-...'", by which a policy knows a script.
std::string source_of(std::string_view script) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned int size = 0;
  if (EVP_Digest(script.data(), script.size(), digest.data(), &size, EVP_sha256(), nullptr) != 1)
    throw std::logic_error("OpenSSL knows no SHA-256");
  std::array<unsigned char, 4 * ((EVP_MAX_MD_SIZE + 2) / 3) + 1> text{};
  const int length = EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(size));
  return "'sha256-" + std::string(text.begin(), text.begin() + length) + "'";
}

/// Vega and the page set styles of elements as they go; a style cannot ask a network for anything here.
std::string policy() {
  return "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'unsafe-inline'; script-src " +
         source_of(embedded::report_libraries) + " " + source_of(embedded::report_script);
}

std::string_view sign_of(std::string_view outcome) {
  if (outcome == "passed") return "\u2713";
  return outcome == "failed" ? "\u2717" : "?";
}

}  // namespace

std::string missing_libraries() {
  if (!embedded::report_libraries.empty()) return {};
  return "this program was built without the JavaScript libraries of HTML reports, because node and npm were missing "
         "or could not fetch them: install nodejs and npm, then build again in a fresh build folder";
}

void write_page(std::ostream& out, std::string_view title, const Markup& body) {
  if (!missing_libraries().empty()) throw std::logic_error(missing_libraries());
  Markup page;
  page.verbatim("<!DOCTYPE html>\n").open("html", {{"lang", "en"}}).open("head");
  page.leaf("meta", {{"charset", "utf-8"}});
  page.leaf("meta", {{"http-equiv", "Content-Security-Policy"}, {"content", policy()}});
  page.leaf("meta", {{"name", "viewport"}, {"content", "width=device-width, initial-scale=1"}});
  page.leaf("meta", {{"name", "color-scheme"}, {"content", "light dark"}});
  page.element("title", title);
  page.open("style").verbatim(embedded::report_style).close().close();
  page.open("body").add(body);
  page.element("noscript", "The charts of this report need JavaScript; every table can be read without it.");
  page.open("script").verbatim(embedded::report_libraries).close();
  page.open("script").verbatim(embedded::report_script).close();
  page.close().close();
  out << page.str();
}

void write_chart(Markup& page, const Chart& chart, const nlohmann::ordered_json& specification) {
  Attributes attributes = {{"class", "chart"}, {"id", chart.id}};
  if (chart.zoom) attributes.push_back({"data-zoom", ""});
  page.open("figure", attributes);
  if (chart.buttons) {
    page.open("div", {{"class", "zoom"}, {"role", "group"}, {"aria-label", "Stretch of time shown"}});
    const auto button = [&](std::string_view act, std::string_view sign, std::string name) {
      page.element(
          "button", sign,
          {{"type", "button"}, {"data-act", std::string(act)}, {"title", name}, {"aria-label", std::move(name)}});
    };
    button("left", "\u2190", "Earlier");
    button("right", "\u2192", "Later");
    button("in", "+", "Zoom in");
    button("out", "\u2212", "Zoom out");
    button("all", "All", "Show everything");
    page.close();
  }
  page.open("div", {{"class", "plot"}, {"tabindex", "0"}, {"role", "img"}, {"aria-label", chart.label}}).close();
  page.open("script", {{"type", "application/json"}}).verbatim(script_json(json_text(specification))).close();
  if (!chart.hint.empty()) page.element("figcaption", chart.hint);
  page.close();
}

std::string json_text(const nlohmann::ordered_json& json) {
  return json.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
}

void write_badge(Markup& page, std::string_view outcome) {
  page.open("span", {{"class", "badge " + std::string(outcome)}});
  page.element("span", sign_of(outcome), {{"aria-hidden", "true"}}).text(" ").text(outcome).close();
}

void write_facts(Markup& page, const std::vector<std::pair<std::string, std::string>>& facts) {
  page.open("dl", {{"class", "facts"}});
  for (const auto& [name, value] : facts) {
    page.open("div").element("dt", name).element("dd", value).close();
  }
  page.close();
}

void write_filter(Markup& page, const std::string& table, std::string_view what) {
  page.open("label", {{"class", "filter"}}).text(what).text(" ");
  page.leaf("input", {{"type", "search"}, {"data-filters", table}}).close();
}

}  // namespace rehearse::sim::html
