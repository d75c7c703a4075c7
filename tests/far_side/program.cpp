// Stands in for powershell.exe on one machine of the far world:
//
//   far_side --node SQL1 --world FILE [--logon delegated] -NoProfile -NonInteractive ... -EncodedCommand BASE64
//
// The world is a file that all machines share (world_file.hpp). What is not given is taken from the environment:
// FAR_SIDE_NODE, FAR_SIDE_WORLD, FAR_SIDE_LOGON, and, behind sshd, the command line from SSH_ORIGINAL_COMMAND; its
// first word is the name of the shell. FAR_SIDE_SPEED is how many seconds of that world go by in one of ours between
// two scripts, so that a machine which restarts comes back while somebody waits for it; not given: none.
//
// Exit codes: what the script says; 64 for a wrong call; 70 where the far side does not know what the script asks for
// (it says so on standard error); 255 where the machine is off, or went down meanwhile.
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iostream>
#include <memory>
#include <optional>
#include <sstream>
#include <string>
#include <vector>

#include "tests/far_side/clockwork.hpp"
#include "tests/far_side/dotnet.hpp"
#include "tests/far_side/host_side.hpp"
#include "tests/far_side/interpreter.hpp"
#include "tests/far_side/machine.hpp"
#include "tests/far_side/world_file.hpp"

namespace far_side {
namespace {

struct Invocation {
  std::string node;
  std::string world;
  Logon logon = Logon::network;
  double speed = 0;
  std::string script;
};

struct WrongCall : std::runtime_error {
  using std::runtime_error::runtime_error;
};

std::string from_environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

std::vector<std::string> words_of(int argc, char** argv) {
  std::vector<std::string> words(argv + 1, argv + argc);
  std::istringstream original(from_environment("SSH_ORIGINAL_COMMAND"));
  std::string word;
  original >> word;  // powershell.exe
  while (original >> word) words.push_back(word);
  return words;
}

std::string decoded(const std::string& base64) {
  const std::optional<Value> bytes = dotnet_method("System.Convert", "FromBase64String", {Value(base64)});
  const std::optional<Value> encoding = dotnet_member("System.Text.Encoding", "Unicode");
  return encoding->object()->call("GetString", {*bytes}).text();
}

Invocation invocation_of(const std::vector<std::string>& words) {
  Invocation call;
  call.node = from_environment("FAR_SIDE_NODE");
  call.world = from_environment("FAR_SIDE_WORLD");
  std::string logon = from_environment("FAR_SIDE_LOGON");
  if (const std::string speed = from_environment("FAR_SIDE_SPEED"); !speed.empty()) call.speed = std::stod(speed);
  for (std::size_t i = 0; i < words.size(); ++i) {
    const std::string& word = words[i];
    if (same_text(word, "-NoProfile") || same_text(word, "-NonInteractive")) continue;
    if (i + 1 == words.size()) throw WrongCall("'" + word + "' is not known, or its value is missing");
    const std::string& value = words[++i];
    if (word == "--node") {
      call.node = value;
    } else if (word == "--world") {
      call.world = value;
    } else if (word == "--logon") {
      logon = value;
    } else if (same_text(word, "-EncodedCommand")) {
      call.script = decoded(value);
    } else if (!same_text(word, "-InputFormat") && !same_text(word, "-OutputFormat")) {
      throw WrongCall("'" + word + "' is not known");
    }
  }
  if (!logon.empty() && logon != "network" && logon != "delegated") throw WrongCall("no logon '" + logon + "'");
  if (logon == "delegated") call.logon = Logon::delegated;
  if (call.node.empty() || call.world.empty() || call.script.empty()) {
    throw WrongCall("a node, a world and an encoded command are needed");
  }
  return call;
}

/// The world as it is by now: it has gone on since it was kept.
FarWorld present_world(const WorldFile& file, const Invocation& call) {
  FarWorld world = file.load();
  const auto kept = std::filesystem::last_write_time(call.world);
  const std::chrono::duration<double> since = std::filesystem::file_time_type::clock::now() - kept;
  if (call.speed > 0 && since.count() > 0) pass(world, std::chrono::duration_cast<Span>(since * call.speed));
  return world;
}

bool is_on(const Invocation& call) {
  return machine_of(present_world(WorldFile(call.world), call), call.node).on;
}

/// A machine whose world is taken from its file when it is first asked for anything: a process that waits for its
/// script keeps nobody else waiting. It is kept after every cmdlet, program and method, so that a process which is
/// killed has done what it has done, and at the end for what was done through objects.
class MachineInFile : public MachineSide {
 public:
  explicit MachineInFile(Invocation call) : call_(std::move(call)) {}
  ~MachineInFile() override {
    try {
      if (machine_ != nullptr) file_->save(world_);
    } catch (const std::exception& problem) {
      std::cerr << "far_side: " << problem.what() << '\n';
    }
  }
  MachineInFile(const MachineInFile&) = delete;
  MachineInFile& operator=(const MachineInFile&) = delete;

  Array run(const Call& call) override { return machine().run(call); }
  Array run_program(const std::string& program, const Array& arguments, std::int64_t& exit_code) override {
    return machine().run_program(program, arguments, exit_code);
  }
  Value type_member(const std::string& type, const std::string& name) override {
    return machine().type_member(type, name);
  }
  Value type_method(const std::string& type, const std::string& name, const Array& arguments) override {
    return machine().type_method(type, name, arguments);
  }
  Value new_object(const std::string& type, const Array& arguments) override {
    return machine().new_object(type, arguments);
  }

 private:
  FarMachine& machine() {
    if (machine_ != nullptr) return *machine_;
    file_ = std::make_unique<WorldFile>(call_.world);
    world_ = present_world(*file_, call_);
    machine_ = std::make_unique<FarMachine>(world_, call_.node, call_.logon);
    machine_->changed = [this] { file_->save(world_); };
    return *machine_;
  }

  const Invocation call_;
  std::unique_ptr<WorldFile> file_;
  FarWorld world_;
  std::unique_ptr<FarMachine> machine_;
};

int run(const Invocation& call) {
  if (!is_on(call)) throw PowerLost();
  MachineInFile machine(call);
  HostSide host(machine, STDIN_FILENO, STDOUT_FILENO);
  Interpreter interpreter(host);
  try {
    for (const Value& line : interpreter.run(call.script, {})) std::cout << line.text() << '\n';
    std::cout.flush();
  } catch (const ProcessEnded& end) {
    return static_cast<int>(end.code);
  } catch (const Exited& end) {
    return static_cast<int>(end.code);
  } catch (const Error& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
  return 0;
}

}  // namespace
}  // namespace far_side

int main(int argc, char** argv) {
  try {
    return far_side::run(far_side::invocation_of(far_side::words_of(argc, argv)));
  } catch (const far_side::WrongCall& wrong) {
    std::cerr << "far_side: " << wrong.what() << '\n';
    return 64;
  } catch (const far_side::PowerLost&) {
    return 255;
  } catch (const std::exception& gap) {
    std::cerr << "far_side: " << gap.what() << '\n';
    return 70;
  }
}
