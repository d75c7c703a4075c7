// The inside of the reader of exports: what its parts share. A part that is wrong is told and left empty; the whole is
// given up only after everything has been read.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "model/endpoint.hpp"
#include "model/reading.hpp"
#include "real_backend/inspect/export.hpp"
#include "real_backend/inspect/export_shapes.hpp"

namespace rehearse::real {

class ExportReading {
 public:
  ExportReading(std::string file, Export& into) : exported(into), file_(std::move(file)) {}

  Export& exported;

  Spot spot(const model::Value& value) const { return {file_, value.place()}; }

  void read_cluster(const model::Value& value);
  void read_machines(const model::Value& value);
  void read_ssisdb(const model::Value& value);
  void read_gaps(const model::Value& value);

  Properties read_properties(const model::Value& value) const;
  Properties read_parameters(const model::Value& value) const;

 private:
  std::string file_;
};

inline bool is_null(const model::Value& value) {
  return value.node().kind == model::JsonNode::Kind::null;
}

/// The elements of an array under `key` as objects of a shape, one after the other. False: null stands there instead.
template <class Use>
bool for_each_object(const model::Object& object, std::string_view key, std::string_view shape, Use&& use) {
  const auto value = object.find(key);
  if (!value) return true;  // told when the object was opened
  if (is_null(*value)) return false;
  for (const model::Value& entry : value->elements().value_or(std::vector<model::Value>())) {
    if (const auto opened = entry.object(export_shape(shape))) use(*opened);
  }
  return true;
}

std::optional<std::string> read_computer(const model::Object& object, std::string_view key);
Enumerated read_enumerated(const model::Object& object, std::string_view key);
/// A text of any length and content; nullopt after a diagnostic.
std::optional<std::string> read_free_text(const model::Value& value);
/// The same under a key; "" where nothing is there.
std::string read_any_text(const model::Object& object, std::string_view key);
/// nullopt: null stands there, or something that was told.
std::optional<bool> read_known_flag(const model::Object& object, std::string_view key);
std::optional<std::string> read_base64(const model::Value& value);
std::optional<std::vector<std::string>> read_texts(const model::Object& object, std::string_view key);

/// Tells a name that was there before.
void claim(const model::Object& object, std::string_view key, const std::string& name, std::string_view kind,
           model::NameSet& taken);

}  // namespace rehearse::real
