#include "tests/far_side/language_commands.hpp"

#include <algorithm>

#include "tests/far_side/conversions.hpp"

namespace far_side {
namespace {

bool is_block(const Value& value) {
  return std::holds_alternative<std::shared_ptr<ScriptBlock>>(value.data);
}

}  // namespace

std::optional<Array> LanguageCommand::run(const Call& call, bool piped) {
  const auto is = [&](const char* name) { return same_text(call.cmdlet, name); };
  if (is("Where-Object")) return where_object(call);
  if (is("ForEach-Object")) return for_each_object(call);
  if (is("Select-Object")) return select_object(call);
  if (is("Sort-Object")) return sort_object(call);
  if (is("Measure-Object")) return measure_object(call);
  if (is("ConvertTo-Json")) return convert_to_json(call, piped);
  if (is("ConvertFrom-Json")) return convert_from_json(call);
  if (is("New-Object")) return new_object(call);
  if (is("Add-Member")) return add_member(call);
  if (is("Write-Output")) return write_output(call);
  if (is("Write-Error")) return write_error(call);
  if (is("Write-Warning") || is("Write-Verbose") || is("Write-Debug") || is("Write-Information") ||
      is("Write-Progress") || is("Write-Host")) {
    return Array{};
  }
  if (is("Out-Null")) return Array{};
  if (is("Invoke-Command") && !call.has("ComputerName") && !call.has("Session")) return invoke_here(call);
  return std::nullopt;
}

Value LanguageCommand::property_of(const Value& item, const Value& property) {
  if (is_block(property)) return collapsed(interpreter_.run_inline(property, item));
  if (property.object() != nullptr) throw std::logic_error("a calculated property is not known here");
  const std::string name = property.text();
  if (name.find_first_of("*?") != name.npos) throw std::logic_error("a property with wildcards is not known here");
  return item.member(name);
}

Array LanguageCommand::where_object(const Call& call) {
  check_parameters(call, {"FilterScript", "InputObject"},
                   {"Property", "Value",    "EQ",       "NE",          "GT", "LT",    "GE", "LE",    "Like", "NotLike",
                    "Match",    "NotMatch", "Contains", "NotContains", "In", "NotIn", "Is", "IsNot", "CEQ",  "CNE"});
  check_positions(call, 1);
  const Value filter = parameter(call, "FilterScript", 0);
  if (!is_block(filter)) throw std::logic_error("Where-Object without a script block is not known here");
  Array found;
  for (const Value& item : input_of(call)) {
    if (collapsed(interpreter_.run_inline(filter, item)).truth()) found.push_back(item);
  }
  return found;
}

Array LanguageCommand::for_each_object(const Call& call) {
  check_parameters(call, {"Process", "Begin", "End", "MemberName", "InputObject"},
                   {"RemainingScripts", "ArgumentList"});
  check_positions(call, 1);
  Array out;
  const auto run_block = [&](const Value& block, const Value& item) {
    if (!is_block(block)) throw std::logic_error("ForEach-Object with this argument is not known here");
    const Array made = interpreter_.run_inline(block, item);
    out.insert(out.end(), made.begin(), made.end());
  };
  if (call.has("Begin")) run_block(call["Begin"], Value());
  const Value process = parameter(call, "Process", 0);
  for (const Value& item : input_of(call)) {
    if (call.has("MemberName")) {
      emit(item.member(call["MemberName"].text()), out);
    } else if (!process.is_null()) {
      run_block(process, item);
    }
  }
  if (call.has("End")) run_block(call["End"], Value());
  return out;
}

Array LanguageCommand::select_object(const Call& call) {
  check_parameters(call, {"Property", "ExpandProperty", "First", "Last", "Skip", "Unique", "Index", "InputObject"},
                   {"ExcludeProperty", "Wait", "SkipLast"});
  check_positions(call, 1);
  Array items = input_of(call);
  const auto count = [&](const char* name) {
    return std::min(static_cast<std::size_t>(std::max<std::int64_t>(call[name].whole(), 0)), items.size());
  };
  if (call.has("Skip")) items.erase(items.begin(), items.begin() + static_cast<std::ptrdiff_t>(count("Skip")));
  if (call.has("Index")) {
    Array some;
    for (const Value& index : call["Index"].items()) {
      const std::int64_t at = index.whole();
      if (at >= 0 && at < static_cast<std::int64_t>(items.size())) some.push_back(items[static_cast<std::size_t>(at)]);
    }
    items = some;
  }
  if (call.has("First")) items.resize(count("First"));
  if (call.has("Last")) items.erase(items.begin(), items.end() - static_cast<std::ptrdiff_t>(count("Last")));
  const Value property = parameter(call, "Property", 0);
  Array out;
  for (const Value& item : items) {
    if (call.has("ExpandProperty")) {
      const std::string name = call["ExpandProperty"].text();
      const Object* object = item.object();
      const bool there = object == nullptr || object->members.count(name) != 0 || (object->live && object->live(name));
      if (!there) {
        throw Error("Property \"" + name + "\" cannot be found.", "InvalidArgument",
                    "ExpandPropertyNotFound,Microsoft.PowerShell.Commands.SelectObjectCommand");
      }
      emit(item.member(name), out);
    } else if (!property.is_null()) {
      auto selected = make_object("System.Management.Automation.PSCustomObject", {});
      for (const Value& name : property.items()) selected->members[name.text()] = property_of(item, name);
      out.emplace_back(std::move(selected));
    } else {
      out.push_back(item);
    }
  }
  if (!call.has("Unique")) return out;
  Array unique;
  for (const Value& item : out) {
    const bool there = std::any_of(unique.begin(), unique.end(), [&](const Value& other) {
      return equal(item, other, true) || (item.object() != nullptr && item.text() == other.text());
    });
    if (!there) unique.push_back(item);
  }
  return unique;
}

Array LanguageCommand::sort_object(const Call& call) {
  check_parameters(call, {"Property", "Descending", "Unique", "InputObject"}, {"CaseSensitive", "Culture"});
  check_positions(call, 1);
  Array items = input_of(call);
  const Value property = parameter(call, "Property", 0);
  const Array properties = property.is_null() ? Array{} : property.items();
  const auto before = [&](const Value& a, const Value& b) {
    if (properties.empty()) return compare(a, b);
    for (const Value& each : properties) {
      const int order = compare(property_of(a, each), property_of(b, each));
      if (order != 0) return order;
    }
    return 0;
  };
  const int sign = call["Descending"].truth() ? -1 : 1;
  std::stable_sort(items.begin(), items.end(), [&](const Value& a, const Value& b) { return sign * before(a, b) < 0; });
  if (call["Unique"].truth()) {
    items.erase(
        std::unique(items.begin(), items.end(), [&](const Value& a, const Value& b) { return before(a, b) == 0; }),
        items.end());
  }
  return items;
}

Array LanguageCommand::measure_object(const Call& call) {
  check_parameters(call, {"Property", "Sum", "Maximum", "Minimum", "Average", "InputObject"},
                   {"Line", "Word", "Character", "IgnoreWhiteSpace"});
  check_positions(call, 1);
  const Value property = parameter(call, "Property", 0);
  Array values;
  for (const Value& item : input_of(call)) {
    const Value value = property.is_null() ? item : property_of(item, property);
    if (!value.is_null()) values.push_back(value);
  }
  std::map<std::string, Value, NoCase> result = {{"Count", static_cast<std::int64_t>(values.size())},
                                                 {"Sum", Value()},
                                                 {"Maximum", Value()},
                                                 {"Minimum", Value()},
                                                 {"Average", Value()}};
  double sum = 0;
  for (const Value& value : values) {
    if (call["Sum"].truth() || call["Average"].truth()) sum += real_number(value);
    if (call["Maximum"].truth() && (result["Maximum"].is_null() || compare(value, result["Maximum"]) > 0)) {
      result["Maximum"] = value;
    }
    if (call["Minimum"].truth() && (result["Minimum"].is_null() || compare(value, result["Minimum"]) < 0)) {
      result["Minimum"] = value;
    }
  }
  if (call["Sum"].truth()) result["Sum"] = sum;
  if (call["Average"].truth() && !values.empty()) result["Average"] = sum / static_cast<double>(values.size());
  return {make_object("Microsoft.PowerShell.Commands.GenericMeasureInfo", std::move(result))};
}

}  // namespace far_side
