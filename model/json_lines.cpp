#include "model/json_lines.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

#include "model/json_tree.hpp"

namespace rehearse::model {

std::size_t read_json_lines(std::string_view text, const std::string& file, std::vector<Diagnostic>& diagnostics,
                            const std::function<void(const Value& line)>& read) {
  std::size_t begin = 0;
  for (int number = 1; begin < text.size(); ++number) {
    const std::size_t end = text.find('\n', begin);
    if (end == text.npos) {
      diagnostics.push_back({Severity::warning,
                             file,
                             {number, 1, {}},
                             fmt::format("the last line has no end: {} bytes of it are left out", text.size() - begin),
                             "nothing is to be done: whoever wrote the file was interrupted"});
      break;
    }
    std::vector<Diagnostic> of_line;
    const std::string_view line = text.substr(begin, end - begin);
    if (line.find_first_not_of(" \t\r") == line.npos) {
      of_line.push_back({Severity::error, file, {}, "the line is empty", "every line holds one JSON object"});
    }
    const std::optional<JsonDocument> document =
        of_line.empty() ? parse_json(line, file, of_line) : std::optional<JsonDocument>();
    if (document) read(Value(*document, document->root, "", of_line));
    const bool wrong = has_errors(of_line);
    for (Diagnostic& diagnostic : of_line) {
      diagnostic.place.line = number;
      diagnostic.place.column = std::max(diagnostic.place.column, 1);
      diagnostics.push_back(std::move(diagnostic));
    }
    if (wrong) break;
    begin = end + 1;
  }
  return begin;
}

}  // namespace rehearse::model
