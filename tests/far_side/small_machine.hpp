// A machine with next to nothing on it, for tests of the interpreter itself.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "tests/far_side/value.hpp"

namespace far_side {

class SmallMachine : public MachineSide {
 public:
  Array run(const Call& call) override {
    calls.push_back(call);
    const auto found = cmdlets.find(call.cmdlet);
    if (found != cmdlets.end()) return found->second(call);
    Error error("The term '" + call.cmdlet + "' is not recognized as the name of a cmdlet, function, script file, or " +
                    "operable program. Check the spelling of the name, or if a path was included, verify that the " +
                    "path is correct and try again.",
                "ObjectNotFound", "CommandNotFoundException");
    error.type = "System.Management.Automation.CommandNotFoundException";
    error.ends_statement = true;
    throw error;
  }

  Array run_program(const std::string& program, const Array& arguments, std::int64_t& exit_code) override {
    programs.push_back(program);
    for (const Value& argument : arguments) programs.back() += " [" + argument.text() + "]";
    exit_code = 3;
    return {Value("line one"), Value("line two")};
  }

  Value type_member(const std::string& type, const std::string& name) override {
    throw std::logic_error("[" + type + "]::" + name + " is not known here");
  }

  Value type_method(const std::string& type, const std::string& name, const Array& arguments) override {
    if (type == "System.IO.File" && name == "ReadAllBytes") {
      Error error("Could not find file '" + arguments.at(0).text() + "'.", "NotSpecified", "", -2147024894);
      error.type = "System.IO.FileNotFoundException";
      throw error;
    }
    throw std::logic_error("[" + type + "]::" + name + "() is not known here");
  }

  Value new_object(const std::string& type, const Array&) override {
    throw std::logic_error("[" + type + "]::new is not known here");
  }

  std::map<std::string, std::function<Array(const Call&)>, NoCase> cmdlets;
  std::vector<Call> calls;
  std::vector<std::string> programs;
};

}  // namespace far_side
