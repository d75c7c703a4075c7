// Text in Graphviz' language.
#pragma once

#include <string>
#include <string_view>

namespace rehearse::model {

/// The text as a quoted string that a label shows letter by letter: quotes, backslashes, line ends and the ampersands
/// that Graphviz would take for the begin of an entity are written so that they stay what they are.
std::string dot_string(std::string_view text);

}  // namespace rehearse::model
