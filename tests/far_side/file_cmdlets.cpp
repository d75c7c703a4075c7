// Items of the file system, the registry and the certificate stores: Test-Path, Get-Item, New-Item and their like.
#include <algorithm>

#include "tests/far_side/files.hpp"
#include "tests/far_side/items.hpp"
#include "tests/far_side/x509.hpp"

namespace far_side {
namespace {

Error path_not_found(const Call& call, const std::string& path) {
  Error error("Cannot find path '" + path + "' because it does not exist.", "ObjectNotFound",
              "PathNotFound,Microsoft.PowerShell.Commands." + call.cmdlet + "Command");
  error.type = "System.Management.Automation.ItemNotFoundException";
  return error;
}

bool exists(FarMachine& at, const std::string& path) {
  switch (drive_of(path)) {
    case Drive::registry: return has_key(at, path);
    case Drive::certificates: {
      const CertificatePath where = certificate_path(path);
      return where.thumbprint.empty() ? find_store(at, where.store) != nullptr : find_certificate(at, where) != nullptr;
    }
    case Drive::files: return find_file(at, path) != nullptr;
  }
  throw std::logic_error("a drive of no kind");
}

Value item(FarMachine& at, const Call& call, const std::string& path) {
  if (!exists(at, path)) throw path_not_found(call, path);
  if (drive_of(path) == Drive::registry) return key_object(at, path);
  if (drive_of(path) == Drive::files) return file_object(at, path);
  const CertificatePath where = certificate_path(path);
  if (where.thumbprint.empty()) {
    return make_object("System.Security.Cryptography.X509Certificates.X509Store", {{"Name", where.store}});
  }
  return certificate_object(at, where.store, *find_certificate(at, where));
}

Names children(FarMachine& at, const std::string& path) {
  if (drive_of(path) == Drive::registry) return subkeys_of(at, path);
  if (drive_of(path) == Drive::files) return children_of(at, path);
  Names paths;
  for (const StoredCertificate& one : *find_store(at, certificate_path(path).store)) {
    paths.push_back("Cert:\\LocalMachine\\" + certificate_path(path).store + "\\" + one.thumbprint);
  }
  return paths;
}

/// The paths that a call means: literally, by a pattern in the last part, or as objects of the pipeline.
Names paths_of(FarMachine& at, const Call& call) {
  if (call.has("LiteralPath")) return texts_of(call["LiteralPath"]);
  Names paths;
  for (const std::string& path : texts_of(call["Path"])) {
    const std::string leaf = leaf_of(path);
    if (!has_wildcard(leaf)) {
      paths.push_back(path);
      continue;
    }
    for (const std::string& child : exists(at, parent_of(path)) ? children(at, parent_of(path)) : Names()) {
      if (like(leaf_of(child), leaf)) paths.push_back(child);
    }
  }
  for (const Value& object : call.input) {
    const Value full = object.member("FullName"), provider = object.member("PSPath");
    paths.push_back(!full.is_null() ? full.text() : !provider.is_null() ? provider.text() : object.text());
  }
  return paths;
}

Array test_path(FarMachine& at, const Call& call) {
  Array answers;
  for (const std::string& path : call.has("LiteralPath") ? texts_of(call["LiteralPath"]) : texts_of(call["Path"])) {
    bool there = exists(at, path);
    if (has_wildcard(leaf_of(path)) && !call.has("LiteralPath")) there = !paths_of(at, call).empty();
    const std::string kind = call["PathType"].text();
    if (there && !kind.empty() && drive_of(path) == Drive::files) {
      const bool folder = find_file(at, path)->folder;
      if (same_text(kind, "Leaf")) there = !folder;
      if (same_text(kind, "Container")) there = folder;
    }
    answers.emplace_back(there);
  }
  return answers;
}

Array get_item(FarMachine& at, const Call& call) {
  Array objects;
  for (const std::string& path : paths_of(at, call)) objects.push_back(item(at, call, path));
  return objects;
}

void collect(FarMachine& at, const Call& call, const std::string& path, Array& objects) {
  for (const std::string& child : children(at, path)) {
    const bool file = drive_of(path) == Drive::files;
    const bool folder = file && find_file(at, child)->folder;
    const bool wanted = (!call.has("Filter") || like(leaf_of(child), call["Filter"].text())) &&
                        (!call["File"].truth() || !folder) && (!call["Directory"].truth() || folder);
    if (wanted) objects.push_back(item(at, call, child));
    if (call["Recurse"].truth() && (folder || drive_of(path) == Drive::registry)) collect(at, call, child, objects);
  }
}

Array get_children(FarMachine& at, const Call& call) {
  Array objects;
  for (const std::string& path :
       call.has("Path") && has_wildcard(leaf_of(call["Path"].text())) ? Names{} : paths_of(at, call)) {
    if (!exists(at, path)) throw path_not_found(call, path);
    collect(at, call, path, objects);
  }
  if (call.has("Path") && has_wildcard(leaf_of(call["Path"].text()))) return get_item(at, call);
  return objects;
}

Array new_item(FarMachine& at, const Call& call) {
  std::string path = texts_of(call["Path"]).empty() ? "" : texts_of(call["Path"]).front();
  if (call.has("Name")) path += (path.empty() ? "" : "\\") + call["Name"].text();
  if (drive_of(path) == Drive::registry) {
    if (has_key(at, path) && !call["Force"].truth()) {
      throw Error("A key in this path already exists", "ResourceExists",
                  "System.IO.IOException,Microsoft.PowerShell.Commands.NewItemCommand");
    }
    if (!has_key(at, parent_of(registry_key(path))) && !call["Force"].truth()) throw path_not_found(call, path);
    at.here().registry[registry_key(path)] = {};
    return {key_object(at, path)};
  }
  const bool folder = same_text(call["ItemType"].text(), "Directory");
  if (find_file(at, path) != nullptr && !call["Force"].truth()) {
    throw Error("An item with the specified name " + path + " already exists.", "ResourceExists",
                "DirectoryExist,Microsoft.PowerShell.Commands.NewItemCommand");
  }
  if (folder) {
    make_folder(at, path);
  } else {
    write_file(at, path, call["Value"].text());
  }
  return {file_object(at, path)};
}

Array remove_item(FarMachine& at, const Call& call) {
  for (const std::string& path : paths_of(at, call)) {
    if (!exists(at, path)) throw path_not_found(call, path);
    switch (drive_of(path)) {
      case Drive::certificates: remove_certificate(at, certificate_path(path), call["DeleteKey"].truth()); break;
      case Drive::registry: {
        const std::string key = registry_key(path);
        std::erase_if(at.here().registry, [&](const auto& entry) {
          return same_text(entry.first, key) || same_text(entry.first.substr(0, key.size() + 1), key + "\\");
        });
        break;
      }
      case Drive::files:
        if (!children_of(at, path).empty() && !call["Recurse"].truth()) {
          throw prompts("Remove-Item");
        }
        remove_path(at, path);
    }
  }
  return {};
}

std::string file_text(FarMachine& at, const Call& call, const std::string& path) {
  if (find_file(at, path) == nullptr) throw path_not_found(call, path);
  return at.type_method("System.IO.File", "ReadAllText", {path}).text();
}

Array get_content(FarMachine& at, const Call& call) {
  Array lines;
  for (const std::string& path : paths_of(at, call)) {
    if (same_text(call["Encoding"].text(), "Byte")) return byte_array(read_file(at, path)).items();
    const std::string text = file_text(at, call, path);
    if (call["Raw"].truth()) return {text};
    const Array all = at.type_method("System.IO.File", "ReadAllLines", {path}).items();
    lines.insert(lines.end(), all.begin(), all.end());
  }
  const auto count = [&](const char* parameter) { return static_cast<std::size_t>(call[parameter].whole()); };
  if (call.has("TotalCount") && lines.size() > count("TotalCount")) lines.resize(count("TotalCount"));
  if (call.has("Tail") && lines.size() > count("Tail")) lines.erase(lines.begin(), lines.end() - call["Tail"].whole());
  return lines;
}

Array set_content(FarMachine& at, const Call& call) {
  const Array values = call.has("Value") ? call["Value"].items() : call.input;
  for (const std::string& path : texts_of(call.has("LiteralPath") ? call["LiteralPath"] : call["Path"])) {
    std::string text;
    if (same_text(call["Encoding"].text(), "Byte")) {
      text = raw_bytes(values);
    } else {
      for (const Value& value : values) text += value.text() + (call["NoNewline"].truth() ? "" : "\r\n");
    }
    const FileEntry* file = find_file(at, path);
    const bool adds = same_text(call.cmdlet, "Add-Content") && file != nullptr;
    write_file(at, path, (adds ? file->bytes : "") + text);
  }
  return {};
}

Array move_item(FarMachine& at, const Call& call) {
  const std::string target = call["Destination"].text();
  for (const std::string& path : paths_of(at, call)) {
    if (drive_of(path) != Drive::files) gap("Move-Item on this drive");
    if (!exists(at, path)) throw path_not_found(call, path);
    if (call["Force"].truth() && find_file(at, target) != nullptr && !find_file(at, target)->folder) {
      remove_path(at, target);
    }
    move_path(at, path, target);
  }
  return {};
}

Array copy_item(FarMachine& at, const Call& call) {
  for (const std::string& path : paths_of(at, call)) {
    if (drive_of(path) != Drive::files) gap("Copy-Item on this drive");
    if (!exists(at, path)) throw path_not_found(call, path);
    std::string target = call["Destination"].text();
    const FileEntry* there = find_file(at, target);
    if (there != nullptr && there->folder) target += "\\" + leaf_of(path);
    write_file(at, target, read_file(at, path));
  }
  return {};
}

Array join_path(FarMachine&, const Call& call) {
  Array paths;
  for (std::string path : texts_of(call["Path"])) {
    while (!path.empty() && path.back() == '\\') path.pop_back();
    std::string child = call["ChildPath"].text();
    while (!child.empty() && child.front() == '\\') child.erase(0, 1);
    paths.emplace_back(path + "\\" + child);
  }
  return paths;
}

Array split_path(FarMachine&, const Call& call) {
  Array parts;
  for (const std::string& path : texts_of(call.has("LiteralPath") ? call["LiteralPath"] : call["Path"])) {
    parts.emplace_back(call["Leaf"].truth() ? leaf_of(path) : parent_of(path));
  }
  return parts;
}

Array file_hash(FarMachine& at, const Call& call) {
  Array objects;
  for (const std::string& path : paths_of(at, call)) {
    objects.push_back(
        make_object("Microsoft.PowerShell.Utility.FileHash",
                    {{"Algorithm", "SHA256"}, {"Hash", hex_of(sha256_of(read_file(at, path)))}, {"Path", path}}));
  }
  return objects;
}

}  // namespace

void add_file_cmdlets(Cmdlets& cmdlets) {
  cmdlets["Test-Path"] = test_path;
  cmdlets["Get-Item"] = get_item;
  cmdlets["Get-ChildItem"] = get_children;
  cmdlets["New-Item"] = new_item;
  cmdlets["Remove-Item"] = remove_item;
  cmdlets["Get-Content"] = get_content;
  cmdlets["Set-Content"] = set_content;
  cmdlets["Add-Content"] = set_content;
  cmdlets["Move-Item"] = move_item;
  cmdlets["Copy-Item"] = copy_item;
  cmdlets["Join-Path"] = join_path;
  cmdlets["Split-Path"] = split_path;
  cmdlets["Get-FileHash"] = file_hash;
}

}  // namespace far_side
