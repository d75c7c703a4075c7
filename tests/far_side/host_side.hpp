// What powershell.exe adds to the machine that it runs on: its console as bytes, runspaces that run scripts beside the
// first one, and the end of the process. Everything else is asked of the machine.
#pragma once

#include <memory>

#include "tests/far_side/value.hpp"

namespace far_side {

/// Environment.Exit was called.
struct ProcessEnded {
  std::int64_t code;
};

class HostSide : public MachineSide {
 public:
  /// Reads and writes these descriptors, which stay the caller's.
  HostSide(MachineSide& machine, int input, int output);
  /// Stops the scripts that still run in runspaces, and waits for them.
  ~HostSide() override;

  Array run(const Call& call) override;
  Array run_program(const std::string& program, const Array& arguments, std::int64_t& exit_code) override;
  Value type_member(const std::string& type, const std::string& name) override;
  Value type_method(const std::string& type, const std::string& name, const Array& arguments) override;
  Value new_object(const std::string& type, const Array& arguments) override;

 private:
  struct Console;
  struct Runspaces;

  MachineSide& machine_;
  std::unique_ptr<Console> console_;
  std::unique_ptr<Runspaces> runspaces_;
};

}  // namespace far_side
