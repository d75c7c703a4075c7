// An operation that failed, as a port throws it. The list of codes is closed: a code exists because a caller reacts to
// it.
#pragma once

#include <exception>
#include <string>
#include <string_view>

namespace rehearse::steps {

enum class FailureCode : unsigned char {
  refused,        // understood and not done: rights, policy, a wrong state, the operator said no
  not_found,      // what the request names does not exist
  conflict,       // something else is there already, or the state is not what the request left behind
  unreachable,    // nobody answered; nothing was begun
  timed_out,      // begun and not finished in the time allowed; it may still finish
  cancelled,      // given up on request
  indeterminate,  // may have happened: the answer was lost or makes no sense
};
std::string_view to_text(FailureCode code);

/// Secrets are removed from `message` by whoever makes the failure.
class Failure : public std::exception {
 public:
  Failure(FailureCode code, std::string message, std::string primitive = {}, std::string node = {});

  FailureCode code() const { return code_; }
  const std::string& message() const { return message_; }      // Windows' own words, or ours
  const std::string& step() const { return step_; }            // empty until perform() knows it
  const std::string& primitive() const { return primitive_; }  // the request's name: "MoveRole"
  const std::string& node() const { return node_; }            // empty where no single node was asked

  /// Fill in what the thrower could not know; what is there already stays.
  void attach_step(const std::string& step);
  void attach_place(std::string_view primitive, const std::string& node);

  /// "create_cluster: CreateCluster on SQL1: refused: access denied"
  const char* what() const noexcept override { return text_.c_str(); }

  friend bool operator==(const Failure& a, const Failure& b);

 private:
  void compose();

  FailureCode code_;
  std::string step_, primitive_, node_, message_;
  std::string text_;
};

}  // namespace rehearse::steps
