#include "tests/far_side/syntax.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <stdexcept>

extern "C" const TSLanguage* tree_sitter_powershell();

namespace far_side {
namespace {

struct Fold {
  std::string_view from;
  char to;
};
constexpr std::array<Fold, 10> folds_of_powershell{{{"\u2018", '\''},
                                                    {"\u2019", '\''},
                                                    {"\u201A", '\''},
                                                    {"\u201B", '\''},
                                                    {"\u201C", '"'},
                                                    {"\u201D", '"'},
                                                    {"\u201E", '"'},
                                                    {"\u2013", '-'},
                                                    {"\u2014", '-'},
                                                    {"\u2015", '-'}}};

/// Calls `keep` with each character that stays as it is and `fold` with each one that does not.
template <class Keep, class Change>
void read(std::string_view script, Keep keep, Change fold) {
  for (std::size_t at = 0; at < script.size();) {
    const auto* found = std::find_if(folds_of_powershell.begin(), folds_of_powershell.end(), [&](const Fold& each) {
      return script.substr(at, each.from.size()) == each.from;
    });
    if (found == folds_of_powershell.end()) {
      keep(script[at++]);
      continue;
    }
    at += found->from.size();
    fold(found->to, at);
  }
}

void collect_errors(TSNode node, const Syntax& syntax, const auto& place_of, std::vector<SyntaxError>& errors) {
  if (!ts_node_has_error(node)) return;
  if (ts_node_is_missing(node)) {
    errors.push_back({place_of(node), "'" + std::string(ts_node_type(node)) + "' is missing"});
    return;
  }
  if (std::string_view(ts_node_type(node)) == "ERROR") {
    errors.push_back({place_of(node), "cannot be read"});
    return;
  }
  const std::size_t before = errors.size();
  for (std::uint32_t i = 0; i < ts_node_child_count(node); ++i) {
    collect_errors(ts_node_child(node, i), syntax, place_of, errors);
  }
  if (errors.size() == before) errors.push_back({place_of(node), "cannot be read"});
}

bool is_comment(TSNode node) {
  return std::string_view(ts_node_type(node)) == "comment";
}

}  // namespace

std::string folded(std::string_view script) {
  std::string result;
  read(
      script, [&](char kept) { result += kept; }, [&](char to, std::size_t) { result += to; });
  return result;
}

std::string to_text(const Place& place) {
  return std::to_string(place.line) + ":" + std::to_string(place.column);
}

std::string_view Node::kind() const {
  return ts_node_type(node_);
}

std::string Node::text() const {
  return syntax_->between(begin(), end());
}

std::string Node::folded() const {
  const std::size_t from = ts_node_start_byte(node_);
  return syntax_->folded_.substr(from, ts_node_end_byte(node_) - from);
}

std::size_t Node::begin() const {
  return syntax_->offset_in_script(ts_node_start_byte(node_));
}

std::size_t Node::end() const {
  return syntax_->offset_in_script(ts_node_end_byte(node_));
}

Place Node::place() const {
  const std::size_t at = begin();
  const std::string_view before = std::string_view(syntax_->script_).substr(0, at);
  const std::size_t line_end = before.rfind('\n');
  return {1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n')),
          line_end == before.npos ? at + 1 : at - line_end};
}

std::vector<Node> Node::parts() const {
  std::vector<Node> found;
  TSTreeCursor cursor = ts_tree_cursor_new(node_);
  for (bool more = ts_tree_cursor_goto_first_child(&cursor); more; more = ts_tree_cursor_goto_next_sibling(&cursor)) {
    const TSNode child = ts_tree_cursor_current_node(&cursor);
    if (!is_comment(child)) found.push_back(Node(child, *syntax_));
  }
  ts_tree_cursor_delete(&cursor);
  return found;
}

std::vector<Node> Node::children() const {
  std::vector<Node> found = parts();
  std::erase_if(found, [](const Node& part) { return !ts_node_is_named(part.node_); });
  return found;
}

bool Node::has(std::string_view a_kind) const {
  const std::vector<Node> all = parts();
  return std::any_of(all.begin(), all.end(), [&](const Node& part) { return part.is(a_kind); });
}

Node Node::child(std::string_view a_kind) const {
  for (const Node& part : parts()) {
    if (part.is(a_kind)) return part;
  }
  throw std::logic_error(to_text(place()) + ": no " + std::string(a_kind) + " in a " + std::string(kind()));
}

std::vector<Node> Node::field(const std::string& name) const {
  std::vector<Node> found;
  for (std::uint32_t i = 0; i < ts_node_child_count(node_); ++i) {
    const char* field_name = ts_node_field_name_for_child(node_, i);
    const TSNode child = ts_node_child(node_, i);
    if (field_name != nullptr && name == field_name && ts_node_is_named(child) && !is_comment(child)) {
      found.push_back(Node(child, *syntax_));
    }
  }
  return found;
}

Syntax::Syntax(std::string script) : script_(std::move(script)) {
  if (script_.size() > std::numeric_limits<std::uint32_t>::max()) throw std::length_error("the script is too long");
  read(
      script_, [&](char kept) { folded_ += kept; },
      [&](char to, std::size_t end_in_script) {
        folded_ += to;
        folds_.emplace_back(folded_.size(), end_in_script);
      });
  const std::unique_ptr<TSParser, void (*)(TSParser*)> parser(ts_parser_new(), ts_parser_delete);
  if (!ts_parser_set_language(parser.get(), tree_sitter_powershell())) {
    throw std::runtime_error("this tree-sitter library does not take the grammar's version");
  }
  tree_.reset(
      ts_parser_parse_string(parser.get(), nullptr, folded_.data(), static_cast<std::uint32_t>(folded_.size())));
  if (tree_ == nullptr) throw std::runtime_error("tree-sitter gave no tree");
}

std::size_t Syntax::offset_in_script(std::size_t in_folded) const {
  const auto after = std::upper_bound(folds_.begin(), folds_.end(), in_folded,
                                      [](std::size_t at, const auto& fold) { return at < fold.first; });
  if (after == folds_.begin()) return in_folded;
  const auto& [fold_end, script_end] = *std::prev(after);
  return script_end + (in_folded - fold_end);
}

Node Syntax::root() const {
  return Node(ts_tree_root_node(tree_.get()), *this);
}

std::vector<SyntaxError> Syntax::errors() const {
  std::vector<SyntaxError> errors;
  collect_errors(
      ts_tree_root_node(tree_.get()), *this, [&](TSNode node) { return Node(node, *this).place(); }, errors);
  return errors;
}

}  // namespace far_side
