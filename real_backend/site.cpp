#include "real_backend/site.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <stdexcept>
#include <utility>

#include "model/endpoint.hpp"
#include "model/json_tree.hpp"
#include "model/whole_file.hpp"

namespace rehearse::real {
namespace {

using model::Diagnostic;
using model::Need;
using model::Object;
using model::Severity;
using model::Shape;
using model::Value;

enum class Files : unsigned char { as_written, must_be_there };

const Shape& shape_at(std::string_view path) {
  const auto& shapes = site_shapes();
  const auto found = std::find_if(shapes.begin(), shapes.end(), [&](const Shape& shape) { return shape.path == path; });
  if (found == shapes.end()) throw std::logic_error(fmt::format("a site has no object {}", path));
  return *found;
}

bool is_letter(char c) {
  return std::isalpha(static_cast<unsigned char>(c)) != 0;
}

/// A folder by its full name: on a drive, or on another machine.
std::optional<std::string> read_folder(const Value& value) {
  std::optional<std::string> folder = value.text();
  if (!folder) return std::nullopt;
  const bool on_drive = folder->size() >= 3 && is_letter((*folder)[0]) && folder->substr(1, 2) == ":\\";
  const bool on_machine = folder->size() >= 5 && folder->starts_with("\\\\") && (*folder)[2] != '\\' &&
                          folder->find('\\', 3) != folder->npos && !folder->ends_with("\\\\");
  if (on_drive || on_machine) return folder;
  value.error("'" + *folder + "' is no full name of a folder on Windows",
              R"(write for example "D:\\Setup" or "\\\\files\\setup"; in JSON every backslash is doubled)");
  return std::nullopt;
}

std::optional<std::string> read_address(const Value& value) {
  std::optional<std::string> address = value.text();
  if (!address || model::parse_ipv4(*address)) return address;
  value.error("'" + *address + "' is no IPv4 address",
              "write four numbers from 0 to 255, for example \"10.0.0.50\", or remove the key for DHCP");
  return std::nullopt;
}

std::optional<std::string> read_variable(const Value& value) {
  std::optional<std::string> name = value.text();
  if (!name) return std::nullopt;
  const auto belongs = [](char c) { return is_letter(c) || c == '_' || (c >= '0' && c <= '9'); };
  if (std::all_of(name->begin(), name->end(), belongs) && !std::isdigit(static_cast<unsigned char>(name->front()))) {
    return name;
  }
  // The name is not shown: it may be the secret itself.
  value.error("this cannot be the name of an environment variable",
              "use letters, digits and '_'; the secret itself does not belong into this file");
  return std::nullopt;
}

/// The value is not shown: it may be the secret itself.
void no_source(const Value& value) {
  value.error("here stands where secrets come from, as an object; a secret itself does not belong into this file",
              R"(write for each secret "name": { "environment": "NAME" } or { "command": ["program", "argument"] })");
}

std::optional<SecretSource> read_source(const Value& value) {
  if (value.node().kind != model::JsonNode::Kind::object) {
    no_source(value);
    return std::nullopt;
  }
  const Object object = *value.object(shape_at("/secrets/*"));
  SecretSource source;
  if (const auto name = object.find("environment")) source.environment = read_variable(*name).value_or("");
  if (const auto command = object.find("command")) {
    if (command->node().kind != model::JsonNode::Kind::array) {
      no_source(*command);
      return std::nullopt;
    }
    source.command = command->texts(1).value_or(source.command);
  }
  if (value.node().members.empty()) {
    value.error("the secret comes from nowhere",
                R"(write "environment", "command" or both, or remove the secret to be asked on the terminal)");
  }
  return source;
}

class Reader {
 public:
  Reader(const std::string& file, Files files) : folder_(std::filesystem::path(file).parent_path()), files_(files) {}

  void read(const Object& root, Site& site) {
    if (const auto schema = root.find("$schema")) schema->text();
    read_text_with(root, "media", site.media, &read_folder);
    read_text_with(root, "program_files", site.program_files, &read_folder);
    read_text_with(root, "sql_data_folder", site.sql_data_folder, &read_folder);
    root.read("sql_account", site.sql_account, &Value::text);
    root.read("agent_account", site.agent_account, &Value::text);
    root.read("sql_administrators", site.sql_administrators, &Value::texts, std::size_t{1});
    read_text_with(root, "cluster_address", site.cluster_address, &read_address);
    read_second_hop(root, site);
    read_certificate_files(root, site);
    read_secrets(root, site);
    check_instance(root);
  }

 private:
  static void read_text_with(const Object& root, std::string_view key, std::string& target,
                             std::optional<std::string> (*reader)(const Value&)) {
    const auto value = root.find(key);
    if (!value) return;
    if (auto text = reader(*value)) target = std::move(*text);
  }

  static void read_second_hop(const Object& root, Site& site) {
    static const model::Choices<SecondHop> hops = {{"delegated", SecondHop::delegated},
                                                   {"scheduled_task", SecondHop::scheduled_task}};
    const auto word = root.find("second_hop");
    const std::optional<SecondHop> hop = word ? word->one_of(hops) : site.second_hop;
    if (hop) site.second_hop = *hop;
    root.read("installation_account", site.installation_account, &Value::text);
    if (hop == SecondHop::scheduled_task && !root.has("installation_account")) {
      root.value().error("the key 'installation_account' is missing",
                         R"(add the account under which scheduled tasks run, or "second_hop": "delegated")");
    }
  }

  void read_certificate_files(const Object& root, Site& site) const {
    const auto value = root.find("certificate_files");
    const auto members = value ? value->members() : std::nullopt;
    if (!members) return;
    for (const model::Member& member : *members) {
      const auto path = member.value.text();
      if (!path) continue;
      const std::string file = (folder_ / *path).string();
      std::error_code ignored;
      if (files_ == Files::must_be_there && !std::filesystem::is_regular_file(file, ignored)) {
        member.value.error("there is no file '" + file + "'", "relative paths count from the folder of this file");
      }
      site.certificate_files[member.name] = file;
    }
  }

  static void read_secrets(const Object& root, Site& site) {
    const auto value = root.find("secrets");
    if (!value) return;
    if (value->node().kind != model::JsonNode::Kind::object) {
      no_source(*value);
      return;
    }
    const auto members = value->members();
    for (const model::Member& member : *members) {
      if (auto source = read_source(member.value)) site.secrets[member.name] = std::move(*source);
    }
  }

  static void check_instance(const Object& root) {
    const std::vector<std::string> together = {"sql_data_folder", "sql_account", "sql_administrators"};
    const auto there = [&](const std::string& key) { return root.has(key); };
    const auto present = std::find_if(together.begin(), together.end(), there);
    if (present == together.end()) {
      if (!root.has("agent_account")) return;
      root.find("agent_account")
          ->error("this account belongs to an instance that is not described",
                  fmt::format("add {}, or remove the key", fmt::join(together, ", ")));
      return;
    }
    for (const std::string& key : together) {
      if (there(key)) continue;
      root.value().error(
          fmt::format("the key '{}' is missing beside '{}'", key, *present),
          fmt::format("add \"{}\"; setup of the instance needs all of {}", key, fmt::join(together, ", ")));
    }
  }

  std::filesystem::path folder_;
  Files files_;
};

SiteResult read(const std::string& text, const std::string& file, Files files) {
  SiteResult result;
  Site site;
  const std::optional<model::JsonDocument> document = model::parse_json(text, file, result.diagnostics);
  if (document) {
    const Value root(*document, document->root, "", result.diagnostics);
    if (const std::optional<Object> object = root.object(shape_at(""))) Reader(file, files).read(*object, site);
  }
  std::stable_sort(result.diagnostics.begin(), result.diagnostics.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return std::pair(a.place.line, a.place.column) < std::pair(b.place.line, b.place.column);
  });
  if (!model::has_errors(result.diagnostics)) result.site = std::move(site);
  return result;
}

}  // namespace

const std::vector<Shape>& site_shapes() {
  static const std::vector<Shape> shapes = {{"",
                                             {{"$schema"},
                                              {"media", Need::required},
                                              {"program_files"},
                                              {"sql_data_folder"},
                                              {"sql_account"},
                                              {"agent_account"},
                                              {"sql_administrators"},
                                              {"cluster_address"},
                                              {"second_hop"},
                                              {"installation_account"},
                                              {"certificate_files"},
                                              {"secrets"}}},
                                            {"/secrets/*", {{"environment"}, {"command"}}}};
  return shapes;
}

SiteResult read_site(const std::string& text, const std::string& file) {
  return read(text, file, Files::as_written);
}

SiteResult read_site_file(const std::string& path) {
  std::string problem;
  const std::optional<std::string> text = model::read_whole_file(path, model::json_size_limit, problem);
  if (text) return read(*text, path, Files::must_be_there);
  return {std::nullopt, {{Severity::error, path, {}, "the site file cannot be read: " + problem, "name a site file"}}};
}

std::string installation_secret(const Site& site) {
  return "password of " + site.installation_account;
}

}  // namespace rehearse::real
