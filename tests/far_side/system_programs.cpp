// Programs of Windows that scripts call: icacls.exe, shutdown.exe.
#include <algorithm>

#include "tests/far_side/clockwork.hpp"
#include "tests/far_side/files.hpp"

namespace far_side {
namespace {

std::string rights_of_letters(std::string letters) {
  for (const char* flag : {"(OI)", "(CI)", "(IO)", "(NP)"}) {
    if (const std::size_t found = letters.find(flag); found != std::string::npos) letters.erase(found, 4);
  }
  if (letters.size() > 2 && letters.front() == '(') letters = letters.substr(1, letters.size() - 2);
  const Named<std::string> known = {
      {"F", "FullControl"}, {"M", "Modify"}, {"RX", "ReadAndExecute"}, {"R", "Read"}, {"W", "Write"}};
  const auto found = known.find(letters);
  if (found == known.end()) gap("the rights " + letters + " of icacls.exe");
  return found->second;
}

/// icacls PATH [/inheritance:r|e] [/grant|/grant:r] ACCOUNT:RIGHTS ... [/remove ACCOUNT]
std::int64_t icacls(FarMachine& at, const Names& arguments, Array& output) {
  FileEntry* file = arguments.empty() ? nullptr : find_file(at, arguments[0]);
  if (file == nullptr) {
    output.emplace_back((arguments.empty() ? "" : arguments[0]) + ": The system cannot find the file specified.");
    return 2;
  }
  std::vector<AccessRule> rules = file->access;
  bool takes_none = file->protected_access;
  std::string verb;
  for (std::size_t i = 1; i < arguments.size(); ++i) {
    const std::string& word = arguments[i];
    if (word.rfind("/", 0) == 0) {
      verb = word;
      if (same_text(word, "/inheritance:r")) takes_none = true;
      if (same_text(word, "/inheritance:e")) takes_none = false;
      continue;
    }
    const std::size_t colon = same_text(verb, "/remove") ? std::string::npos : word.find(':');
    std::string account = word.substr(0, colon);
    if (account.rfind("*", 0) == 0) account.erase(0, 1);
    try {
      account = known_account(at, account);
    } catch (const Error&) {
      output.emplace_back(account + ": No mapping between account names and security IDs was done.");
      output.emplace_back("Successfully processed 0 files; Failed processing 1 files");
      return 1332;
    }
    const auto is_same = [&](const AccessRule& rule) { return same_text(rule.account, account); };
    if (same_text(verb, "/grant:r") || same_text(verb, "/remove")) std::erase_if(rules, is_same);
    if (same_text(verb, "/grant") || same_text(verb, "/grant:r")) {
      rules.push_back({account, rights_of_letters(word.substr(colon + 1)), true, false});
    } else if (!same_text(verb, "/remove")) {
      gap("icacls.exe " + verb);
    }
  }
  file->access = rules;
  file->protected_access = takes_none;
  output.emplace_back("processed file: " + arguments[0]);
  output.emplace_back("Successfully processed 1 files; Failed processing 0 files");
  return 0;
}

std::int64_t shutdown(FarMachine& at, const Names& arguments, Array& output) {
  bool restarts = false, known = false;
  for (const std::string& word : arguments) {
    if (same_text(word, "/r") || same_text(word, "-r")) restarts = known = true;
    if (same_text(word, "/s") || same_text(word, "-s")) known = true;
  }
  if (!known) gap("this form of shutdown.exe");
  if (at.here().goes_down) {
    output.emplace_back("A system shutdown has already been scheduled.(1190)");
    return 1190;
  }
  begin_shutdown(at.world, at.name, restarts);
  return 0;
}

}  // namespace

void add_system_programs(Programs& programs) {
  programs["icacls.exe"] = icacls;
  programs["shutdown.exe"] = shutdown;
}

}  // namespace far_side
