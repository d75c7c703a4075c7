// The file system of a machine and the shares of the domain, as scripts reach them. Paths of shares need a logon that
// can be shown to another machine.
#pragma once

#include <string>

#include "tests/far_side/access.hpp"
#include "tests/far_side/machine.hpp"

namespace far_side {

/// The entries that hold this path: the machine's or the domain's shares. Throws Error where the logon does not reach.
Named<FileEntry>& files_for(FarMachine& at, const std::string& path);

/// The entry of a path; null: there is none.
FileEntry* find_file(FarMachine& at, const std::string& path);
/// The bytes of a file; throws the .NET exception of what is wrong.
const std::string& read_file(FarMachine& at, const std::string& path);
void write_file(FarMachine& at, const std::string& path, const std::string& bytes);
/// With the folders above, as CreateDirectory does it.
void make_folder(FarMachine& at, const std::string& path);
/// A file, or a folder with what is in it.
void remove_path(FarMachine& at, const std::string& path);
void move_path(FarMachine& at, const std::string& from, const std::string& to);
Names children_of(FarMachine& at, const std::string& folder);

/// A System.IO.FileInfo or DirectoryInfo.
Value file_object(FarMachine& at, const std::string& path);

/// A System.Security.AccessControl.FileSecurity (or DirectorySecurity) of the path, or an empty one.
Value security_object(FarMachine& at, const std::string& path);
/// Gives the path the rules of such an object.
void apply_security(FarMachine& at, const std::string& path, const Value& security);

/// An account as Windows spells it; throws IdentityNotMappedException for one that nobody knows.
std::string known_account(FarMachine& at, const Value& identity);

}  // namespace far_side
