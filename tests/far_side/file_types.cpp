// System.IO: files, folders and paths.
#include <algorithm>

#include "tests/far_side/date_time.hpp"
#include "tests/far_side/files.hpp"
#include "tests/far_side/text_units.hpp"

namespace far_side {
namespace {

const std::string byte_order_mark = "\xEF\xBB\xBF";

/// Text of bytes as the readers of .NET take them: the byte order mark decides, UTF-8 without one.
std::string decoded(const std::string& bytes) {
  if (bytes.rfind(byte_order_mark, 0) == 0) return bytes.substr(3);
  if (bytes.rfind("\xFF\xFE", 0) != 0) return bytes;
  std::u16string units;
  for (std::size_t i = 2; i + 1 < bytes.size(); i += 2) {
    units +=
        static_cast<char16_t>(static_cast<unsigned char>(bytes[i]) | static_cast<unsigned char>(bytes[i + 1]) << 8);
  }
  return from_utf16(units);
}

/// With the byte order mark that .NET writes for UTF-16 and, by Encoding.UTF8, for UTF-8; without an encoding it writes
/// UTF-8 and none.
std::string written(const std::string& text, const Array& arguments) {
  if (arguments.size() < 3) return text;
  Object* encoding = arguments[2].object();
  if (encoding == nullptr || !encoding->call) gap("this encoding of a file");
  const std::string name = encoding->members["WebName"].text();
  const std::string mark = name == "Unicode" ? "\xFF\xFE" : name == "UTF8" ? byte_order_mark : "";
  return mark + raw_bytes(encoding->call("GetBytes", {text}));
}

Array lines_of(const std::string& text) {
  Array lines;
  std::string line;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '\n') {
      line += text[i];
      continue;
    }
    if (!line.empty() && line.back() == '\r') line.pop_back();
    lines.emplace_back(line);
    line.clear();
  }
  if (!line.empty()) lines.emplace_back(line);
  return lines;
}

Value file_method(FarMachine& at, const std::string& method, const Array& arguments) {
  const std::string path = arguments.at(0).text();
  const auto is = [&](const char* name) { return same_text(method, name); };
  if (is("Exists")) {
    const FileEntry* file = find_file(at, path);
    return file != nullptr && !file->folder;
  }
  if (is("ReadAllBytes")) return byte_array(read_file(at, path));
  if (is("ReadAllText")) return decoded(read_file(at, path));
  if (is("ReadAllLines")) return lines_of(decoded(read_file(at, path)));
  if (is("WriteAllBytes")) {
    write_file(at, path, raw_bytes(arguments.at(1)));
  } else if (is("WriteAllText")) {
    write_file(at, path, written(arguments.at(1).text(), arguments));
  } else if (is("AppendAllText")) {
    const FileEntry* file = find_file(at, path);
    write_file(at, path, (file == nullptr ? "" : file->bytes) + written(arguments.at(1).text(), arguments));
  } else if (is("Delete")) {
    const FileEntry* file = find_file(at, path);
    if (file != nullptr && file->folder) {
      throw net_error("System.UnauthorizedAccessException", "Access to the path '" + path + "' is denied.",
                      -2147024891);
    }
    if (find_file(at, parent_of(normal_path(path))) == nullptr) read_file(at, path);  // throws as Windows does
    remove_path(at, path);
  } else if (is("Move")) {
    move_path(at, path, arguments.at(1).text());
  } else if (is("Copy")) {
    const std::string target = arguments.at(1).text();
    if (find_file(at, target) != nullptr && !(arguments.size() > 2 && arguments[2].truth())) {
      throw net_error("System.IO.IOException", "The file '" + target + "' already exists.", -2147024816);
    }
    write_file(at, target, read_file(at, path));
  } else if (is("Replace")) {
    // The destination keeps its access rules (File.Replace); the third argument is where the old one goes.
    const std::string target = arguments.at(1).text(), kept = arguments.at(2).text();
    const std::string old = read_file(at, target);
    if (!kept.empty()) write_file(at, kept, old);
    write_file(at, target, read_file(at, path));
    remove_path(at, path);
  } else if (is("GetLastWriteTimeUtc")) {
    const FileEntry* file = find_file(at, path);
    return date_time(file == nullptr ? Instant() : file->written);
  } else if (is("GetAccessControl")) {
    return security_object(at, path);
  } else if (is("SetAccessControl")) {
    apply_security(at, path, arguments.at(1));
  } else {
    gap("the method " + method + " of System.IO.File");
  }
  return Value::nothing();
}

Array listed(FarMachine& at, const std::string& folder, const std::string& pattern, bool folders) {
  if (find_file(at, folder) == nullptr) {
    throw net_error("System.IO.DirectoryNotFoundException", "Could not find a part of the path '" + folder + "'.",
                    -2147024893);
  }
  Array names;
  for (const std::string& name : children_of(at, folder)) {
    if (find_file(at, name)->folder == folders && like(leaf_of(name), pattern)) names.emplace_back(name);
  }
  return names;
}

Value folder_method(FarMachine& at, const std::string& method, const Array& arguments) {
  const std::string path = arguments.at(0).text();
  const auto is = [&](const char* name) { return same_text(method, name); };
  const std::string pattern = arguments.size() > 1 ? arguments[1].text() : "*";
  if (is("Exists")) {
    const FileEntry* folder = find_file(at, path);
    return folder != nullptr && folder->folder;
  }
  if (is("CreateDirectory")) {
    const bool there = find_file(at, path) != nullptr;
    make_folder(at, path);
    // Rules given with it hold from its first moment on, and only for one that is made here.
    if (!there && arguments.size() > 1) apply_security(at, path, arguments[1]);
    return file_object(at, path);
  }
  if (is("GetFiles")) return listed(at, path, pattern, false);
  if (is("GetDirectories")) return listed(at, path, pattern, true);
  if (is("GetAccessControl")) return security_object(at, path);
  if (is("SetAccessControl")) {
    apply_security(at, path, arguments.at(1));
  } else if (is("Delete")) {
    if (find_file(at, path) == nullptr) listed(at, path, "*", true);  // throws as Windows does
    if (!(arguments.size() > 1 && arguments[1].truth()) && !children_of(at, path).empty()) {
      throw net_error("System.IO.IOException", "The directory is not empty.", -2147024751);
    }
    remove_path(at, path);
  } else {
    gap("the method " + method + " of System.IO.Directory");
  }
  return Value::nothing();
}

std::string combined(const Array& parts) {
  std::string path;
  for (const Value& part : parts) {
    const std::string text = part.text();
    const bool rooted = (text.size() > 1 && text[1] == ':') || text.rfind("\\", 0) == 0;
    if (path.empty() || rooted) {
      path = text;
    } else if (!text.empty()) {
      path += (path.back() == '\\' ? "" : "\\") + text;
    }
  }
  return path;
}

Value path_method(FarMachine& at, const std::string& method, const Array& arguments) {
  const auto is = [&](const char* name) { return same_text(method, name); };
  const std::string first = arguments.empty() ? "" : arguments[0].text();
  const std::string leaf = leaf_of(first);
  const std::size_t dot = leaf.rfind('.');
  if (is("Combine")) return combined(arguments);
  if (is("GetTempPath")) return "C:\\Users\\admin\\AppData\\Local\\Temp\\";
  if (is("GetRandomFileName")) {
    const std::string guid = new_guid(at.world);
    return guid.substr(0, 8) + "." + guid.substr(9, 3);
  }
  if (is("GetFileName")) return leaf;
  if (is("GetFileNameWithoutExtension")) return leaf.substr(0, dot);
  if (is("GetExtension")) return dot == std::string::npos ? "" : leaf.substr(dot);
  if (is("GetDirectoryName")) return parent_of(normal_path(first));
  if (is("GetFullPath")) return normal_path(first);
  gap("the method " + method + " of System.IO.Path");
}

}  // namespace

void add_file_types(NetTypes& types) {
  types["System.IO.File"].method = file_method;
  types["System.IO.Directory"].method = folder_method;
  types["System.IO.Path"].method = path_method;
  types["System.IO.FileInfo"].construct = [](FarMachine& at, const Array& arguments) {
    return file_object(at, arguments.at(0).text());
  };
  types["System.IO.DirectoryInfo"].construct = types["System.IO.FileInfo"].construct;
}

}  // namespace far_side
