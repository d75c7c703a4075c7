#include "sim/study/ranks/messages.hpp"

#include <utility>

namespace rehearse::sim {

void Messages::send(int to, MessageKind kind, std::string bytes) {
  Sending& sending = sending_.emplace_back();
  sending.bytes = std::move(bytes);
  sending.request =
      world_.isend(to, static_cast<int>(kind), sending.bytes.data(), static_cast<int>(sending.bytes.size()));
}

std::optional<Message> Messages::next() {
  sent();
  const auto found = world_.iprobe();
  if (!found) return std::nullopt;
  Message message{found->source(), static_cast<MessageKind>(found->tag()), {}};
  message.bytes.resize(static_cast<std::size_t>(found->count<char>().value()));
  world_.recv(found->source(), found->tag(), message.bytes.data(), static_cast<int>(message.bytes.size()));
  return message;
}

bool Messages::sent() {
  sending_.remove_if([](Sending& sending) { return sending.request.test().has_value(); });
  return sending_.empty();
}

}  // namespace rehearse::sim
