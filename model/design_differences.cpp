#include "model/design_differences.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <stdexcept>

#include "model/artefacts/x509.hpp"
#include "model/json_tree.hpp"
#include "model/units.hpp"
#include "model/whole_file.hpp"

namespace rehearse::model {
namespace {

using Kind = JsonNode::Kind;

/// A value that holds no further ones.
struct Leaf {
  std::string pointer;
  std::string shown;
  std::string meaning;  // what is compared
};

/// The leaves of a design by a path that is the same in every design: elements with names go by these.
struct Leaves {
  std::map<std::string, Leaf> by_path;
  std::vector<std::string> order;  // paths, as they come in the file
};

std::string text_of(const JsonNode& node) {
  switch (node.kind) {
    case Kind::null: return "null";
    case Kind::boolean: return node.boolean ? "true" : "false";
    case Kind::whole:
    case Kind::real: return node.text;
    case Kind::text: return "\"" + node.text + "\"";
    case Kind::array: return "[]";
    case Kind::object: return "{}";
  }
  throw std::logic_error("a JSON value of no kind");
}

/// 1 and 1.0 are one number.
std::string meaning_of(const JsonNode& node) {
  return node.kind == Kind::real || node.kind == Kind::whole ? fmt::format("{}", node.real) : text_of(node);
}

/// The names of an array's elements, if each is an object with one of its own; else empty.
std::vector<std::string> names_in(const JsonNode& array) {
  std::vector<std::string> names;
  std::set<std::string> taken;
  for (const JsonNode& element : array.elements) {
    const JsonMember* name = element.kind == Kind::object ? element.find("name") : nullptr;
    if (name == nullptr || name->value.kind != Kind::text || !taken.insert(name->value.text).second) return {};
    names.push_back(name->value.text);
  }
  return names;
}

class Collector {
 public:
  explicit Collector(std::string folder) : folder_(std::move(folder)) {}

  /// `inside_of`: the key that says that texts below it name files; empty: none did.
  void add(const JsonNode& node, const std::string& pointer, const std::string& path, const std::string& inside_of) {
    if (node.kind == Kind::object && !node.members.empty()) {
      for (const JsonMember& member : node.members) {
        const bool names_file = member.key == "file" || member.key == "settings_file";
        add(member.value, pointer_to(pointer, member.key), pointer_to(path, member.key),
            names_file ? member.key : inside_of);
      }
    } else if (node.kind == Kind::array && !node.elements.empty()) {
      const std::vector<std::string> names = names_in(node);
      for (std::size_t i = 0; i < node.elements.size(); ++i) {
        add(node.elements[i], pointer_to(pointer, i),
            names.empty() ? pointer_to(path, i) : pointer_to(path, "name " + names[i]), inside_of);
      }
    } else if (node.kind == Kind::text && !inside_of.empty()) {
      add_file(node, pointer, path, inside_of);
    } else {
      add_leaf(path, {pointer, text_of(node), meaning_of(node)});
    }
  }

  Leaves take() { return std::move(leaves_); }

 private:
  void add_leaf(const std::string& path, Leaf leaf) {
    if (leaves_.by_path.emplace(path, std::move(leaf)).second) leaves_.order.push_back(path);
  }

  void add_file(const JsonNode& node, const std::string& pointer, const std::string& path, const std::string& key) {
    constexpr std::size_t largest = std::size_t{1} << 30U;
    std::string problem;
    const std::string file = (std::filesystem::path(folder_) / node.text).string();
    const std::optional<std::string> content = read_whole_file(file, largest, problem);
    if (!content) return add_leaf(path, {pointer, text_of(node), text_of(node)});
    if (key == "settings_file") {
      std::vector<Diagnostic> diagnostics;
      const auto document = parse_json(*content, file, diagnostics, SingleBackslashes::tolerated);
      if (document) return add(document->root, pointer + "#", path + "#", "");
    } else if (const X509Result read = read_x509(*content); read.facts) {
      return add_leaf(path, {pointer,
                             fmt::format("{} ({}, until {})", text_of(node), read.facts->thumbprint,
                                         to_text(read.facts->not_after)),
                             read.facts->thumbprint});
    }
    add_leaf(path, {pointer, fmt::format("{} ({} bytes)", text_of(node), content->size()), *content});
  }

  std::string folder_;
  Leaves leaves_;
};

Leaves leaves_of(const DesignText& design) {
  std::vector<Diagnostic> diagnostics;
  const auto document = parse_json(design.text, design.file, diagnostics);
  if (!document) throw std::logic_error("design_differences: " + design.file + " is no JSON");
  Collector collector(design.folder);
  collector.add(document->root, "", "", "");
  return collector.take();
}

}  // namespace

std::vector<DesignDifference> design_differences(const DesignText& a, const DesignText& b) {
  const Leaves first = leaves_of(a), second = leaves_of(b);
  std::vector<DesignDifference> differences;
  for (const std::string& path : first.order) {
    const Leaf& leaf = first.by_path.at(path);
    const auto other = second.by_path.find(path);
    if (other == second.by_path.end()) {
      differences.push_back({leaf.pointer, leaf.shown, std::nullopt});
    } else if (other->second.meaning != leaf.meaning) {
      differences.push_back({leaf.pointer, leaf.shown, other->second.shown});
    }
  }
  for (const std::string& path : second.order) {
    if (first.by_path.contains(path)) continue;
    const Leaf& leaf = second.by_path.at(path);
    differences.push_back({leaf.pointer, std::nullopt, leaf.shown});
  }
  return differences;
}

}  // namespace rehearse::model
