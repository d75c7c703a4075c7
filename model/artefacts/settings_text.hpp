// The text of a settings file as a tree of keys and values, whatever its notation.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "model/json_tree.hpp"

namespace rehearse::model {

/// Whether this is XML rather than JSON: '<' is its first mark.
bool looks_like_xml(std::string_view text);

/// The <add key="..." value="..."/> elements of an XML file as an object of strings. Comments, the declaration and the
/// elements around are passed over; entities are decoded; document types are refused. nullopt after a diagnostic.
std::optional<JsonDocument> parse_xml_settings(std::string_view text, const std::string& file,
                                               std::vector<Diagnostic>& diagnostics);

}  // namespace rehearse::model
