// A far end for the tests of the transports: it takes powershell.exe's place and speaks the bootstrap's words, well or
// badly. What it does before the greeting is in the name it is called by (peer, peer-noisy, ...), what it does
// afterwards in the first line of the script that it is given. It ends by itself after two minutes, whatever happens.
#include <signal.h>
#include <sys/types.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace {

std::string decoded(const std::string& base64) {
  static const std::string alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string bytes;
  unsigned buffer = 0;
  int bits = 0;
  for (const char c : base64) {
    if (c == '=') break;
    const std::size_t value = alphabet.find(c);
    if (value == std::string::npos) std::exit(64);
    buffer = buffer << 6 | static_cast<unsigned>(value);
    if ((bits += 6) < 8) continue;
    bits -= 8;
    bytes += static_cast<char>(buffer >> bits & 0xFF);
  }
  return bytes;
}

void say(const std::string& bytes) {
  std::cout << bytes << std::flush;
  if (!std::cout) std::exit(1);
}

/// Says who it is: "pid parent", in a file that is whole when it is there.
void sign(const std::string& file) {
  std::ofstream(file + ".part") << ::getpid() << " " << ::getppid() << "\n";
  std::filesystem::rename(file + ".part", file);
}

void wait_for_end_of_input() {
  std::string line;
  while (std::getline(std::cin, line)) {
  }
}

[[noreturn]] void stay() {
  while (true) ::pause();
}

void deafen() {
  for (const int number : {SIGTERM, SIGHUP, SIGPIPE}) ::signal(number, SIG_IGN);
}

[[noreturn]] void flood() {
  const std::string block(1 << 16, 'x');
  while (true) say(block);
}

void before_greeting(const std::string& name) {
  if (name == "peer-silent") {
    wait_for_end_of_input();
    std::exit(130);
  }
  if (name == "peer-mute") stay();
  if (name == "peer-broken") {
    std::cerr << "peer: cannot load \x1B[31mthe engine\n\n  reason: \xFF\n";
    std::exit(3);
  }
  if (name == "peer-flooding") flood();
  if (name == "peer-noisy") say("Welcome to NODE1\r\nmodule loaded\n");
}

void after_greeting(const std::string& name) {
  if (name == "peer-deaf") stay();
  if (name == "peer-dying") std::exit(1);
}

void perform(const std::string& script, const std::map<std::string, std::string>& secrets) {
  std::istringstream words(script.substr(0, script.find('\n')));
  std::string command, argument;
  words >> command;
  std::getline(words >> std::ws, argument);

  if (command == "answer") return say(argument + "\n");
  if (command == "measure") return say(std::to_string(script.size()) + "\n");
  if (command == "secret") {
    const std::string& text = secrets.at(argument);
    return say(std::string(text.rbegin(), text.rend()) + "\n");
  }
  if (command == "long") return say(std::string(std::stoul(argument), 'a') + "\n");
  if (command == "half") return say(argument);
  if (command == "twice") return say(argument + "\n" + argument + "\n");
  if (command == "bytes") return say(decoded(argument) + "\n");
  if (command == "flood") flood();
  if (command == "whisper") {
    std::cerr << "peer: " << argument << secrets.begin()->second << " is wrong\n";
    std::exit(5);
  }
  if (command == "hang") {
    sign(argument);
    wait_for_end_of_input();
    std::exit(130);
  }
  if (command == "stubborn") {
    deafen();
    sign(argument);
    stay();
  }
  if (command == "linger") {
    deafen();
    sign(argument);
    say("{}\n");
    stay();
  }
  if (command == "beget") {
    if (::fork() == 0) {
      sign(argument);
      stay();
    }
    while (!std::filesystem::exists(argument)) ::usleep(1000);
    return say("{}\n");
  }
  std::cerr << "peer: no command '" << command << "'\n";
  std::exit(64);
}

}  // namespace

int main(int count, char** words) {
  ::alarm(120);
  const std::vector<std::string> arguments(words + 1, words + count);
  if (arguments.size() < 2 || arguments[arguments.size() - 2] != "-EncodedCommand") {
    std::cerr << "peer: not started as PowerShell is\n";
    return 64;
  }
  const std::string name = std::filesystem::path(words[0]).filename();
  before_greeting(name);
  say("{\"rehearse\":1}\n");
  after_greeting(name);

  std::string script, given, run;
  if (!std::getline(std::cin, script) || !std::getline(std::cin, given) || !std::getline(std::cin, run)) return 130;
  if (run != "run") return 130;
  std::map<std::string, std::string> secrets;
  std::istringstream pairs(given);
  for (std::string key, text; std::getline(pairs, key, ' ') && (std::getline(pairs, text, ' ') || true); text.clear()) {
    secrets[decoded(key)] = decoded(text);
  }
  perform(decoded(script), secrets);
}
