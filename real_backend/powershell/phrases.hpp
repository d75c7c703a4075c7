// What several scripts say in the same way, and the checks on texts that scripts of several kinds need before they can
// be written.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/diagnostic.hpp"
#include "real_backend/powershell/primitives.hpp"
#include "real_backend/powershell/script.hpp"

namespace rehearse::real {

/// Throws Failure(refused): the request cannot be made into a script.
[[noreturn]] void refuse(std::string message);

/// Refused unless it can be the name of a Windows service (letters, digits and "$_-.", at most 256): the cmdlets take
/// '*' and '[' for patterns.
void require_service_name(const std::string& service);
/// Refused unless it is 40 hexadecimal digits.
void require_thumbprint(const std::string& thumbprint);
/// Refused unless it is "Root" or "My".
void require_store(const std::string& store);
/// Refused unless it is a host name or an IPv4 address: certificates' names are lists with separators of their own.
void require_certificate_name(const std::string& name);

/// The digits at the end of a Scale Out service's name, which name the version's folder: 150 of SSISScaleOutMaster150
/// (S 2). Refused without them.
std::string version_digits(const std::string& service);

/// The errors among the diagnostics, on one line.
std::string errors_in(const std::vector<model::Diagnostic>& diagnostics);

/// A script for one machine.
Primitive on_machine(const std::string& host, ps::Block script, Duration limit = std::chrono::minutes(2));

namespace ps {

/// left -eq 'right', blind to case.
Expression equals(const Expression& left, std::string_view right);

/// The data of a registry value; $null without the key or the value. `key` begins with HKEY_LOCAL_MACHINE.
Expression registry_value(const Expression& key, std::string_view name);

/// The service's Win32_Service, $null where there is none. Its State and StartMode are English on every Windows, and
/// asking for a service that is not there is no error.
Expression service_named(const std::string& service);

/// Leaves the folder, which exists and is empty, to Administrators and SYSTEM alone, and whatever is put into it: by
/// their SIDs, since their names are other ones in other languages. Stops with `refused` when that fails.
Block restrict_to_administrators(const Expression& folder);

/// Lets $Folder be a folder of that name in Windows' own folder, where nobody but administrators can create anything,
/// and removes what a run that was cut off (the machine was reset) has left there.
Block sweep_private_folder(const std::string& name);

/// Runs `body` with $Folder (sweep_private_folder) created, which only Administrators and SYSTEM can read, and removes
/// it in the end.
Block with_private_folder(const Block& body);

/// What several lines of a program say, as one text.
Expression joined(const Expression& lines);

/// left and right and ...; at least one.
Expression all_of(const std::vector<Expression>& conditions);
Expression any_of(const std::vector<Expression>& conditions);

}  // namespace ps
}  // namespace rehearse::real
