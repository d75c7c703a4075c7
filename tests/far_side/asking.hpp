// Runs scripts on a small machine, for tests of the interpreter.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "tests/far_side/interpreter.hpp"
#include "tests/far_side/json_text.hpp"
#include "tests/far_side/small_machine.hpp"

namespace far_side {

inline Array run(const std::string& script, SmallMachine& machine) {
  return interpret(script, {}, machine);
}

/// Everything that the script puts out, as a list in JSON.
inline std::string out(const std::string& script) {
  SmallMachine machine;
  return to_json(Value(run(script, machine)), 9, true);
}

inline Error error_in(const std::string& script) {
  SmallMachine machine;
  try {
    run("$ErrorActionPreference = 'Stop'\n" + script, machine);
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "no error in " << script;
  return Error("none");
}

}  // namespace far_side
