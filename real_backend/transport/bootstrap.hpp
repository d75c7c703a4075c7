// The small fixed PowerShell program that every transport starts on a machine. It greets, takes the real script and its
// secrets from standard input, runs the script, and writes the script's answer; when standard input ends before the
// script does, it stops the script and ends. It holds no value of ours, so it may stand on the command line, where it
// has to stay below cmd.exe's 8191 characters (W 8); scripts may be of any length, and secrets never stand on a command
// line, in a script's text (Windows logs those: script block logging) or in a file.
//
// The conversation, all in bytes that no console code page can damage:
//   far end:  greeting
//   our end:  base64 of the script (UTF-8)
//             base64 of a secret's name, its text, the next one's name, ...: words with one space between
//             "run": without it the input was cut short and nothing is begun
//   far end:  the answer, one line of JSON in UTF-8
// Our end keeps its side open until the answer is there: its end means "stop".
//
// While the script runs, a read of standard input is always under way. On Windows a program that inherits that very
// pipe can hang in its start until the read ends (github.com/python/cpython/issues/78961), so scripts have to give the
// programs that they start an input of their own: @() | & 'netsh.exe' ...
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "real_backend/transport/transport.hpp"

namespace rehearse::real {

/// The first line of the far end, without its line end. Lines before it are noise of logon scripts.
inline constexpr std::string_view greeting = R"({"rehearse":1})";

/// The program's text, plain ASCII.
std::string_view bootstrap_text();

/// What follows the name of the shell, powershell.exe or pwsh, on its command line; every word consists of letters,
/// digits and -+/= only, so that no shell on the way takes anything in it for itself.
/// -InputFormat None: else the shell's own host reads standard input beside us (PowerShell's Executor.cs), though
/// about_PowerShell_exe names only Text and XML. -OutputFormat Text: else its errors come as CLIXML.
std::vector<std::string> bootstrap_arguments();

/// Exit code of a far end that stopped its script because its input ended.
inline constexpr int stopped_exit_code = 130;

/// What our end sends after the greeting.
std::string bootstrap_input(const RemoteScript& script);

}  // namespace rehearse::real
