#include "tests/far_side/files.hpp"

#include <algorithm>

#include "tests/far_side/date_time.hpp"

namespace far_side {
namespace {

constexpr std::int64_t not_found_code = -2147024894;

bool is_share(const std::string& path) {
  return path.rfind("\\\\", 0) == 0;
}

Error not_found(const std::string& path) {
  return net_error("System.IO.FileNotFoundException", "Could not find file '" + path + "'.", not_found_code);
}

Error no_folder(const std::string& path) {
  return net_error("System.IO.DirectoryNotFoundException", "Could not find a part of the path '" + path + "'.",
                   -2147024893);
}

bool is_inside(const std::string& path, const std::string& folder) {
  return path.size() > folder.size() && same_text(path.substr(0, folder.size() + 1), folder + "\\");
}

}  // namespace

Named<FileEntry>& files_for(FarMachine& at, const std::string& path) {
  if (!is_share(path)) return at.here().files;
  if (at.logon == Logon::network) {
    throw net_error("System.UnauthorizedAccessException", "Access to the path '" + path + "' is denied.", -2147024891);
  }
  return at.world.domain.shares;
}

FileEntry* find_file(FarMachine& at, const std::string& path) {
  Named<FileEntry>& files = files_for(at, path);
  const auto found = files.find(normal_path(path));
  return found == files.end() ? nullptr : &found->second;
}

const std::string& read_file(FarMachine& at, const std::string& path) {
  const std::string normal = normal_path(path);
  const FileEntry* file = find_file(at, normal);
  if (file == nullptr) throw find_file(at, parent_of(normal)) == nullptr ? no_folder(path) : not_found(path);
  if (file->folder) {
    throw net_error("System.UnauthorizedAccessException", "Access to the path '" + path + "' is denied.", -2147024891);
  }
  return file->bytes;
}

void write_file(FarMachine& at, const std::string& path, const std::string& bytes) {
  const std::string normal = normal_path(path);
  const FileEntry* folder = find_file(at, parent_of(normal));
  if (folder == nullptr || !folder->folder) throw no_folder(path);
  FileEntry& file = files_for(at, normal)[normal];
  if (file.folder) {
    throw net_error("System.UnauthorizedAccessException", "Access to the path '" + path + "' is denied.", -2147024891);
  }
  file.bytes = bytes;
  file.written = at.world.now;
}

void make_folder(FarMachine& at, const std::string& path) {
  const std::string normal = normal_path(path);
  if (const FileEntry* present = find_file(at, normal)) {
    if (present->folder) return;
    throw net_error("System.IO.IOException",
                    "Cannot create \"" + path + "\" because a file or directory with the same name already exists.",
                    -2147024713);
  }
  const std::string parent = parent_of(normal);
  if (parent.empty()) throw no_folder(path);
  make_folder(at, parent);
  FileEntry folder;
  folder.folder = true;
  folder.written = at.world.now;
  files_for(at, normal)[normal] = folder;
}

void remove_path(FarMachine& at, const std::string& path) {
  const std::string normal = normal_path(path);
  Named<FileEntry>& files = files_for(at, normal);
  std::erase_if(files,
                [&](const auto& entry) { return same_text(entry.first, normal) || is_inside(entry.first, normal); });
}

void move_path(FarMachine& at, const std::string& from, const std::string& to) {
  const std::string source = normal_path(from), target = normal_path(to);
  if (find_file(at, source) == nullptr) throw not_found(from);
  if (find_file(at, target) != nullptr) {
    throw net_error("System.IO.IOException", "Cannot create a file when that file already exists.", -2147024713);
  }
  if (find_file(at, parent_of(target)) == nullptr) throw no_folder(to);
  Named<FileEntry> moved;
  for (const auto& [name, entry] : files_for(at, source)) {
    if (same_text(name, source) || is_inside(name, source)) moved[target + name.substr(source.size())] = entry;
  }
  remove_path(at, source);
  Named<FileEntry>& files = files_for(at, target);
  for (auto& [name, entry] : moved) files[name] = std::move(entry);
}

Names children_of(FarMachine& at, const std::string& folder) {
  const std::string normal = normal_path(folder);
  Names names;
  for (const auto& [name, entry] : files_for(at, normal)) {
    if (is_inside(name, normal) && name.find('\\', normal.size() + 1) == std::string::npos) names.push_back(name);
  }
  return names;
}

Value file_object(FarMachine& at, const std::string& path) {
  const std::string normal = normal_path(path);
  const FileEntry* file = find_file(at, normal);
  const std::string leaf = leaf_of(normal);
  const std::size_t dot = leaf.rfind('.');
  const bool folder = file != nullptr && file->folder;
  const Instant written = file == nullptr ? Instant() : file->written;
  auto object = make_object(
      folder ? "System.IO.DirectoryInfo" : "System.IO.FileInfo",
      {{"FullName", normal},
       {"Name", leaf},
       {"BaseName", leaf.substr(0, dot)},
       {"Extension", dot == std::string::npos ? "" : leaf.substr(dot)},
       {"DirectoryName", parent_of(normal)},
       {"Exists", file != nullptr},
       {"PSIsContainer", folder},
       {"LastWriteTime", local_date(written)},
       {"LastWriteTimeUtc", date_time(written)},
       {"CreationTimeUtc", date_time(written)},
       {"Length", folder || file == nullptr ? Value() : Value(static_cast<std::int64_t>(file->bytes.size()))}});
  object->shown = normal;
  object->call = [&at, normal](const std::string& method, const Array&) -> Value {
    if (same_text(method, "Delete")) {
      remove_path(at, normal);
      return Value::nothing();
    }
    if (same_text(method, "GetAccessControl")) return security_object(at, normal);
    if (same_text(method, "ToString")) return normal;
    gap("the method " + method + " of FileInfo");
  };
  return object;
}

}  // namespace far_side
