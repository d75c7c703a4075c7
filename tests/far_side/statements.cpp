// Statements.
#include <algorithm>
#include <exception>
#include <map>
#include <memory>

#include "tests/far_side/conversions.hpp"
#include "tests/far_side/flow.hpp"
#include "tests/far_side/interpreter.hpp"

namespace far_side {

void not_known(const Node& node, const std::string& what) {
  throw std::logic_error(to_text(node.place()) + ": " + what + " is not known here: " + node.text().substr(0, 80));
}

void emit(const Value& value, Array& out) {
  if (value.is_nothing()) return;
  if (const Array* items = value.collection()) {
    out.insert(out.end(), items->begin(), items->end());
  } else {
    out.push_back(value);
  }
}

Value collapsed(Array output) {
  if (output.empty()) return Value::nothing();
  return output.size() == 1 ? output.front() : Value(std::move(output));
}

Interpreter::Interpreter(MachineSide& machine, const std::atomic<bool>* stop) : machine_(machine), stop_(stop) {
  global_.variables = {{"true", true},
                       {"false", false},
                       {"null", Value()},
                       {"ErrorActionPreference", "Continue"},
                       {"ConfirmPreference", "High"},
                       {"ProgressPreference", "Continue"},
                       {"WarningPreference", "Continue"},
                       {"Error", Array{}},
                       {"LASTEXITCODE", Value()}};
}

namespace {

/// Tests perform the same scripts thousands of times, and parsing them is most of the work. Trees never change.
std::shared_ptr<const Syntax> syntax_of(const std::string& script) {
  constexpr std::size_t most = 400;  // some 100 kB each
  thread_local std::map<std::string, std::shared_ptr<const Syntax>> known;
  const auto found = known.find(script);
  if (found != known.end()) return found->second;
  auto syntax = std::make_shared<const Syntax>(script);
  if (const std::vector<SyntaxError> errors = syntax->errors(); !errors.empty()) {
    throw std::invalid_argument(to_text(errors.front().place) + ": " + errors.front().message);
  }
  if (known.size() == most) known.clear();
  known.emplace(script, syntax);
  return syntax;
}

}  // namespace

const Syntax& Interpreter::parsed(const std::string& script) {
  return *scripts_.emplace_back(syntax_of(script));
}

Array Interpreter::run(const std::string& script, const Variables& parameters) {
  const Syntax& syntax = parsed(script);
  Array out;
  try {
    std::vector<Argument> arguments;
    for (const auto& [name, value] : parameters) arguments.push_back({name, value});
    const Node root = syntax.root();
    if (root.has("param_block")) {
      bind_parameters(root.child("param_block"), arguments);
    } else if (!arguments.empty()) {
      throw std::logic_error("the script takes no parameters");
    }
    if (root.has("statement_list")) run_statements(root.child("statement_list"), out);
  } catch (const Returned&) {
  } catch (const Broken&) {
    throw std::logic_error("break or continue outside of every loop ends the script");
  } catch (const Continued&) {
    throw std::logic_error("break or continue outside of every loop ends the script");
  }
  return out;
}

void Interpreter::mind_stop() const {
  if (stop_ != nullptr && stop_->load()) throw Stopped{};
}

void Interpreter::run_statements(const Node& list, Array& out) {
  for (const Node& statement : list.children()) run_statement(statement, out);
}

void Interpreter::run_statement(const Node& statement, Array& out) {
  mind_stop();
  try {
    act(statement, out);
    succeeded_ = true;
  } catch (const Thrown&) {
    throw;
  } catch (const Error& error) {
    // Without a try around it and with another preference than Stop, an error ends its statement only.
    if (tries_ > 0 || same_text(preference("ErrorActionPreference"), "Stop")) throw;
    succeeded_ = false;
    tell(error);
  }
}

void Interpreter::act(const Node& statement, Array& out) {
  const std::string_view kind = statement.kind();
  if (kind == "pipeline") return run_pipeline(statement, out);
  if (kind == "if_statement") return run_if(statement, out);
  if (kind == "foreach_statement") return run_foreach(statement, out);
  if (kind == "while_statement") return run_while(statement, out);
  if (kind == "do_statement") return run_do(statement, out);
  if (kind == "try_statement") return run_try(statement, out);
  if (kind == "flow_control_statement") return run_flow(statement, out);
  if (kind == "function_statement") return define_function(statement);
  if (kind == "empty_statement") return;
  not_known(statement, "a " + std::string(kind));
}

void Interpreter::run_block_statement(const Node& statement_block, Array& out) {
  if (statement_block.has("statement_list")) run_statements(statement_block.child("statement_list"), out);
}

void Interpreter::run_if(const Node& statement, Array& out) {
  if (value_of_statement(statement.child("pipeline")).truth()) {
    return run_block_statement(statement.child("statement_block"), out);
  }
  if (statement.has("elseif_clauses")) {
    for (const Node& clause : statement.child("elseif_clauses").children()) {
      if (value_of_statement(clause.child("pipeline")).truth()) {
        return run_block_statement(clause.child("statement_block"), out);
      }
    }
  }
  if (statement.has("else_clause")) run_block_statement(statement.child("else_clause").child("statement_block"), out);
}

/// Whether the loop goes on.
bool Interpreter::run_loop_body(const Node& body, Array& out) {
  try {
    mind_stop();
    run_block_statement(body, out);
  } catch (const Continued&) {
  } catch (const Broken&) {
    return false;
  }
  return true;
}

void Interpreter::run_foreach(const Node& statement, Array& out) {
  if (statement.has("foreach_parameter")) not_known(statement, "a foreach parameter");
  const std::string name = statement.child("variable").folded().substr(1);
  const Array items = value_of_statement(statement.child("pipeline")).items();  // $null: not once
  for (const Value& item : items) {
    set_variable(name, item);
    if (!run_loop_body(statement.child("statement_block"), out)) return;
  }
}

void Interpreter::run_while(const Node& statement, Array& out) {
  const Node condition = statement.child("while_condition").child("pipeline");
  while (value_of_statement(condition).truth()) {
    if (!run_loop_body(statement.child("statement_block"), out)) return;
  }
}

void Interpreter::run_do(const Node& statement, Array& out) {
  const bool until = statement.has("until");
  const Node condition = statement.child("while_condition").child("pipeline");
  do {
    if (!run_loop_body(statement.child("statement_block"), out)) return;
  } while (value_of_statement(condition).truth() != until);
}

void Interpreter::run_try(const Node& statement, Array& out) {
  const auto last = [&] {
    if (!statement.has("finally_clause")) return;
    const Restored<const std::atomic<bool>*> unstoppable(stop_, nullptr);
    run_block_statement(statement.child("finally_clause").child("statement_block"), out);
  };
  const auto guarded = [&] {
    std::optional<Error> caught;
    std::exception_ptr original;
    try {
      const Restored<int> deeper(tries_, tries_ + 1);
      run_block_statement(statement.child("statement_block"), out);
    } catch (const Error& error) {
      if (!statement.has("catch_clauses")) throw;
      caught = error;
      original = std::current_exception();
    }
    if (caught && !run_catch(statement.child("catch_clauses"), *caught, out)) std::rethrow_exception(original);
  };
  try {
    guarded();
  } catch (const Error&) {
    last();
    throw;
  } catch (const std::exception&) {
    throw;  // not of the script's world: a gap of the far side, a machine that lost its power
  } catch (...) {
    last();
    throw;
  }
  last();
}

bool Interpreter::run_catch(const Node& clauses, const Error& error, Array& out) {
  for (const Node& clause : clauses.children()) {
    Error seen = error;
    if (clause.has("catch_type_list")) {
      const std::vector<Node> types = clause.child("catch_type_list").children();
      const auto catches = [&](const std::string& thrown) {
        return std::any_of(types.begin(), types.end(),
                           [&](const Node& type) { return is_exception_of(thrown, type_of(type)); });
      };
      // What .NET threw is caught by its own type too, and is then the record's exception (assumed).
      const bool by_inner =
          !catches(error.type) && error.inner.object() != nullptr && catches(error.inner.object()->type);
      if (!catches(error.type) && !by_inner) continue;
      if (by_inner) {
        seen = error_of(error.inner);
        seen.category = error.category;
        seen.id = error.id;
        seen.cmdlet = error.cmdlet;
      }
    }
    const Value record = error_record(seen);
    Array all = global_.variables["Error"].items();
    all.insert(all.begin(), record);
    global_.variables["Error"] = Value(std::move(all));
    const CurrentItem item(scope_->variables, record);
    run_block_statement(clause.child("statement_block"), out);
    return true;
  }
  return false;
}

void Interpreter::run_flow(const Node& statement, Array& out) {
  if (statement.has("label_expression")) not_known(statement, "a label");
  const bool has_value = statement.has("pipeline");
  if (statement.has("return")) {
    if (has_value) run_pipeline(statement.child("pipeline"), out);
    throw Returned{};
  }
  if (statement.has("break")) throw Broken{};
  if (statement.has("continue")) throw Continued{};
  if (statement.has("exit")) throw Exited{has_value ? value_of_statement(statement.child("pipeline")).whole() : 0};
  if (!statement.has("throw")) not_known(statement, "a flow control statement");
  if (has_value) throw Thrown(error_of(value_of_statement(statement.child("pipeline"))));
  throw Thrown(error_of(read_variable("_")));
}

void Interpreter::define_function(const Node& statement) {
  if (!statement.has("function")) not_known(statement, "a filter or workflow");
  scope_->functions[statement.child("function_name").text()] = make_block(statement);
}

}  // namespace far_side
