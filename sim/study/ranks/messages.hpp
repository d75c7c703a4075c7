// Messages between the ranks of a study: a kind and bytes. Sending never waits.
#pragma once

#include <boost/mpi/communicator.hpp>
#include <list>
#include <optional>
#include <string>
#include <vector>

namespace rehearse::sim {

enum class MessageKind : int {
  // To rank 0.
  here,     // "<capacity> <machine>\n<identity>": chunks may be given
  no_work,  // "<machine>\n<why>"
  done,     // "<chunk>\n<bytes of its tally>"
  stopped,  // interrupted there
  failed,   // "<machine>\n<what a worker threw>"
  left,     // the last one
  // From rank 0.
  give,     // "<chunk>"
  dismiss,  // the last one
};

struct Message {
  int from = 0;
  MessageKind kind = MessageKind::left;
  std::string bytes;
};

class Messages {
 public:
  void send(int to, MessageKind kind, std::string bytes = {});
  /// One that has come, in the order in which its sender sent them.
  std::optional<Message> next();
  /// Whether all that was sent is on its way, so that nothing of this process is needed any more.
  bool sent();

  int rank() const { return world_.rank(); }
  int size() const { return world_.size(); }

 private:
  struct Sending {
    std::string bytes;
    boost::mpi::request request;
  };

  boost::mpi::communicator world_;
  std::list<Sending> sending_;
};

}  // namespace rehearse::sim
