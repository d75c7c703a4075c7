// Arrays, lists and hashtables.
#include <algorithm>

#include "tests/far_side/conversions.hpp"
#include "tests/far_side/date_time.hpp"
#include "tests/far_side/dotnet.hpp"
#include "tests/far_side/operators.hpp"

namespace far_side {
namespace {

const std::string hashtable_type = "System.Collections.Hashtable";

Error out_of_range() {
  return dotnet_error("System.ArgumentOutOfRangeException",
                      "Index was out of range. Must be non-negative and less than the size of the collection.\r\n"
                      "Parameter name: index");
}

std::size_t checked_index(const Value& index, std::size_t size) {
  const std::int64_t at = index.whole();
  if (at < 0 || at >= static_cast<std::int64_t>(size)) throw out_of_range();
  return static_cast<std::size_t>(at);
}

Value keys_of(const Object& table) {
  Array keys;
  for (const auto& entry : table.members) keys.push_back(entry.first);
  return keys;
}

Value values_of(const Object& table) {
  Array values;
  for (const auto& entry : table.members) values.push_back(entry.second);
  return values;
}

std::optional<Value> hashtable_method(Object& table, const std::string& name, const Array& arguments) {
  const auto is = [&](const char* method, std::size_t count) {
    return same_text(name, method) && arguments.size() == count;
  };
  if (is("ContainsKey", 1) || is("Contains", 1)) return table.members.count(arguments[0].text()) != 0;
  if (is("ContainsValue", 1)) {
    return std::any_of(table.members.begin(), table.members.end(),
                       [&](const auto& entry) { return equal(entry.second, arguments[0], true); });
  }
  if (is("Add", 2)) {
    const std::string key = arguments[0].text();
    if (!table.members.emplace(key, arguments[1]).second) {
      throw dotnet_error("System.ArgumentException", "Item has already been added. Key in dictionary: '" + key +
                                                         "'  Key being added: '" + key + "'");
    }
    return Value::nothing();
  }
  if (is("Remove", 1)) {
    table.members.erase(arguments[0].text());
    return Value::nothing();
  }
  if (is("Clear", 0)) {
    table.members.clear();
    return Value::nothing();
  }
  if (is("Clone", 0)) return make_object(table.type, table.members);
  if (is("get_Item", 1)) {
    const auto found = table.members.find(arguments[0].text());
    return found == table.members.end() ? Value() : found->second;
  }
  if (is("set_Item", 2)) {
    table.members[arguments[0].text()] = arguments[1];
    return Value::nothing();
  }
  if (is("GetEnumerator", 0)) {
    Array entries;
    for (const auto& [key, value] : table.members) {
      entries.push_back(
          make_object("System.Collections.DictionaryEntry", {{"Key", key}, {"Name", key}, {"Value", value}}));
    }
    return entries;
  }
  return std::nullopt;
}

std::optional<Value> collection_method(const Array& items, const std::string& name, const Array& arguments) {
  const auto is = [&](const char* method, std::size_t count) {
    return same_text(name, method) && arguments.size() == count;
  };
  const auto found = [&] {
    return std::find_if(items.begin(), items.end(), [&](const Value& item) { return equal(item, arguments[0], true); });
  };
  if (is("Contains", 1)) return found() != items.end();
  if (is("IndexOf", 1)) return found() == items.end() ? Value(-1) : Value(std::int64_t{found() - items.begin()});
  if (is("GetLength", 1)) return static_cast<std::int64_t>(items.size());
  if (is("Clone", 0) || is("ToArray", 0)) return Value(Array(items));
  if (is("GetEnumerator", 0)) return Value(Array(items));
  if (is("get_Item", 1)) return items[checked_index(arguments[0], items.size())];
  return std::nullopt;
}

std::optional<Value> list_method(const std::string& type, Array& items, const std::string& name,
                                 const Array& arguments) {
  const auto is = [&](const char* method, std::size_t count) {
    return same_text(name, method) && arguments.size() == count;
  };
  if (is("Add", 1)) {
    items.push_back(arguments[0]);
    // ArrayList tells the index, which scripts forget to throw away; List does not.
    if (type == "System.Collections.ArrayList") return static_cast<std::int64_t>(items.size()) - 1;
    return Value::nothing();
  }
  if (is("AddRange", 1)) {
    const Array more = arguments[0].items();
    items.insert(items.end(), more.begin(), more.end());
    return Value::nothing();
  }
  if (is("Insert", 2)) {
    const std::size_t at = checked_index(arguments[0], items.size() + 1);
    items.insert(items.begin() + static_cast<std::ptrdiff_t>(at), arguments[1]);
    return Value::nothing();
  }
  if (is("Remove", 1)) {
    const auto at =
        std::find_if(items.begin(), items.end(), [&](const Value& item) { return equal(item, arguments[0], true); });
    const bool there = at != items.end();
    if (there) items.erase(at);
    return type == "System.Collections.ArrayList" ? Value::nothing() : Value(there);
  }
  if (is("RemoveAt", 1)) {
    items.erase(items.begin() + static_cast<std::ptrdiff_t>(checked_index(arguments[0], items.size())));
    return Value::nothing();
  }
  if (is("Clear", 0)) {
    items.clear();
    return Value::nothing();
  }
  if (is("Reverse", 0)) {
    std::reverse(items.begin(), items.end());
    return Value::nothing();
  }
  if (is("Sort", 0)) {
    std::stable_sort(items.begin(), items.end(), [](const Value& a, const Value& b) { return compare(a, b) < 0; });
    return Value::nothing();
  }
  if (is("set_Item", 2)) {
    items[checked_index(arguments[0], items.size())] = arguments[1];
    return Value::nothing();
  }
  return collection_method(items, name, arguments);
}

std::optional<Value> number_method(const Value& value, const std::string& name, const Array& arguments) {
  if (same_text(name, "ToString")) {
    if (arguments.empty()) return value.text();
    if (arguments.size() <= 2 && std::holds_alternative<std::string>(arguments[0].data)) {
      return number_as(value, arguments[0].text());
    }
    return value.text();  // a culture: the invariant one is everybody's here
  }
  if (same_text(name, "CompareTo") && arguments.size() == 1) return compare(value, arguments[0]);
  if (same_text(name, "Equals") && arguments.size() == 1) return equal(value, arguments[0], true);
  return std::nullopt;
}

}  // namespace

Error dotnet_error(const std::string& type, const std::string& message) {
  Error error(message);
  error.type = type;
  const std::size_t dot = type.rfind('.');
  error.id = type.substr(dot == type.npos ? 0 : dot + 1);
  return error;
}

Value new_list(const std::string& type, Array items) {
  auto list = make_object(type, {});
  list->elements = std::make_shared<Array>(std::move(items));
  list->call = [type, elements = list->elements](const std::string& name, const Array& arguments) {
    std::optional<Value> value = list_method(type, *elements, name, arguments);
    if (!value) {
      throw std::logic_error(type + "." + name + " with " + std::to_string(arguments.size()) +
                             " arguments is not known here");
    }
    return *value;
  };
  return list;
}

std::optional<Value> object_member(const Value& value, const std::string& name) {
  Object* object = value.object();
  if (object == nullptr || object->type != hashtable_type || object->members.count(name) != 0) return std::nullopt;
  if (same_text(name, "Keys")) return keys_of(*object);
  if (same_text(name, "Values")) return values_of(*object);
  return std::nullopt;
}

std::optional<Value> object_method(const Value& value, const std::string& name, const Array& arguments) {
  if (same_text(name, "GetType") && arguments.empty() && !value.is_null()) return type_value(type_name(value));
  if (const auto* text = std::get_if<std::string>(&value.data)) return text_method(*text, name, arguments);
  if (is_number(value) || std::holds_alternative<bool>(value.data)) return number_method(value, name, arguments);
  if (is_date_time(value) || is_time_span(value)) return date_time_method(value, name, arguments);
  Object* object = value.object();
  if (object != nullptr) {
    if (object->type == hashtable_type) {
      if (std::optional<Value> result = hashtable_method(*object, name, arguments)) return result;
    }
    if (same_text(name, "GetBaseException") && arguments.empty() && object->members.count("HResult") != 0) {
      Value base = value;
      while (!base.member("InnerException").is_null()) base = base.member("InnerException");
      return base;
    }
    if (same_text(name, "ToString") && arguments.empty() && (!object->call || object->shown)) return value.text();
    if (same_text(name, "CompareTo") && arguments.size() == 1 && !object->call) return compare(value, arguments[0]);
    if (same_text(name, "Equals") && arguments.size() == 1 && !object->call) return equal(value, arguments[0], true);
    if (is_enumeration(value) && same_text(name, "HasFlag") && arguments.size() == 1) {
      return (value.whole() & arguments[0].whole()) == arguments[0].whole();
    }
    return std::nullopt;
  }
  if (const Array* items = value.collection()) return collection_method(*items, name, arguments);
  return std::nullopt;
}

}  // namespace far_side
