// PowerShell scripts taken apart by tree-sitter-powershell, a parser that shares nothing with the program.
//
// PowerShell's own reader takes several typographic characters for ASCII ones wherever they stand: U+2018 to U+201B for
// the single quote, U+201C to U+201E for the double quote, U+2013 to U+2015 for the dash. The grammar knows only the
// ASCII ones. So the parser is given the text with these characters folded to what PowerShell takes them for; places
// and texts of nodes are those of the script as it was written.
#pragma once

#include <tree_sitter/api.h>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace far_side {

/// Both count from 1; columns count bytes.
struct Place {
  std::size_t line = 1;
  std::size_t column = 1;
  friend bool operator==(const Place&, const Place&) = default;
};
std::string to_text(const Place& place);  // "3:17"

/// Where the parser could not go on, or what it took for granted without seeing it.
struct SyntaxError {
  Place place;
  std::string message;  // "cannot be read: ..." or "')' is missing"
};

class Syntax;

/// A node of the tree. Cheap to copy; valid as long as its Syntax. Comments are left out everywhere.
class Node {
 public:
  std::string_view kind() const;  // "pipeline", "string_literal", and for tokens their text: "-eq", "{"
  bool is(std::string_view a_kind) const { return kind() == a_kind; }
  std::string text() const;    // as it was written
  std::string folded() const;  // as PowerShell takes it: typographic quotes and dashes as ASCII
  Place place() const;

  std::vector<Node> children() const;                      // the named ones
  std::vector<Node> parts() const;                         // tokens as well
  bool has(std::string_view a_kind) const;                 // a child of this kind?
  Node child(std::string_view a_kind) const;               // throws std::logic_error where there is none
  std::vector<Node> field(const std::string& name) const;  // the children under this field name

  std::size_t begin() const;  // offsets into the script as it was written
  std::size_t end() const;

 private:
  friend class Syntax;
  Node(TSNode node, const Syntax& syntax) : node_(node), syntax_(&syntax) {}

  TSNode node_;
  const Syntax* syntax_;
};

/// A script and its tree.
class Syntax {
 public:
  explicit Syntax(std::string script);
  Syntax(const Syntax&) = delete;
  Syntax& operator=(const Syntax&) = delete;

  Node root() const;
  const std::string& script() const { return script_; }
  std::vector<SyntaxError> errors() const;

  /// The script between two offsets.
  std::string between(std::size_t begin, std::size_t end) const { return script_.substr(begin, end - begin); }

 private:
  friend class Node;
  struct End {
    void operator()(TSTree* tree) const { ts_tree_delete(tree); }
  };
  std::size_t offset_in_script(std::size_t in_folded) const;

  std::string script_;
  std::string folded_;
  std::vector<std::pair<std::size_t, std::size_t>> folds_;  // ends of folded characters: in folded_, in script_
  std::unique_ptr<TSTree, End> tree_;
};

/// The script as PowerShell's reader takes it; see above.
std::string folded(std::string_view script);

}  // namespace far_side
