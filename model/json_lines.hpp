// JSON Lines: files that grow by one JSON object a line, as journals and transcripts do. A line counts when its line
// end is there; what a killed writer left behind the last one is no line.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "model/diagnostic.hpp"
#include "model/reading.hpp"

namespace rehearse::model {

/// Hands the value of each line to `read`, which tells what is wrong with it. The first line with an error is the last
/// one read: what follows it cannot be trusted. A torn last line is left out with a warning. Returns the bytes of the
/// whole lines up to the torn one, or to the end of the last line that was right.
std::size_t read_json_lines(std::string_view text, const std::string& file, std::vector<Diagnostic>& diagnostics,
                            const std::function<void(const Value& line)>& read);

}  // namespace rehearse::model
