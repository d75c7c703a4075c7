// Wrong input, told to the person who wrote it: where, what, and how to mend it. A reader collects all problems of a
// file before it gives up (of syntax errors only the first can be trusted).
#pragma once

#include <string>
#include <vector>

namespace rehearse::model {

/// A place in a source file. Lines and columns count from 1, columns in bytes; 0 means "the file as a whole".
struct Place {
  int line = 0;
  int column = 0;
  std::string pointer;  // JSON pointer, RFC 6901: "/cluster/nodes/0/name"
  friend bool operator==(const Place&, const Place&) = default;
};

enum class Severity { warning, error };

struct Diagnostic {
  Severity severity = Severity::error;
  std::string file;
  Place place;
  std::string what;    // what is wrong, one sentence
  std::string remedy;  // what would be right, one sentence; may be empty only when `what` says it
};

/// "designs/a.json:12:7: error: unknown key 'nodez' (at /cluster/nodez)\n    did you mean 'nodes'?"
std::string to_text(const Diagnostic& diagnostic);

bool has_errors(const std::vector<Diagnostic>& diagnostics);

/// The candidate nearest to `word` by edit distance, or empty where none is near enough to be a slip of the pen.
std::string did_you_mean(const std::string& word, const std::vector<std::string>& candidates);

}  // namespace rehearse::model
