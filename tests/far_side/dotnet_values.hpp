// Values of .NET types that scripts make and compare: versions, GUIDs, encodings, builders of texts.
#pragma once

#include <string>

#include "tests/far_side/value.hpp"

namespace far_side {

// All of these throw Error, as .NET does, for a text that is none.
Value version_value(const std::string& text);
Value guid_value(const std::string& text);
Value guid_of_bytes(const std::string& bytes);
Value string_builder(std::string begin);
/// "UTF8", "Unicode" or "ASCII".
Value text_encoding(const std::string& name);

std::string to_base64(const std::string& bytes);
std::string from_base64(const std::string& text);

}  // namespace far_side
