#include <fmt/format.h>

#include <boost/mpi/environment.hpp>
#include <charconv>
#include <condition_variable>
#include <mutex>
#include <stdexcept>
#include <vector>

#include "model/steps/failure.hpp"
#include "sim/study/ranks/messages.hpp"
#include "sim/study/ranks/ranks.hpp"

namespace rehearse::sim {
namespace {

using std::chrono::milliseconds;
using steps::Failure;
using steps::FailureCode;

constexpr milliseconds nap_length{1};

/// A wait that leaves the processor to those who work.
void nap() {
  std::mutex mutex;
  std::unique_lock lock(mutex);
  std::condition_variable().wait_for(lock, nap_length);
}

std::pair<std::string, std::string> split(const std::string& text, char at) {
  const std::size_t place = text.find(at);
  if (place == text.npos) throw std::logic_error("a message of a rank that makes no sense");
  return {text.substr(0, place), text.substr(place + 1)};
}

std::uint64_t to_number(const std::string& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (error != std::errc() || end != text.data() + text.size())
    throw std::logic_error("a rank sent no number: " + text);
  return number;
}

/// The other ranks, as rank 0 sees them.
class OtherRanks : public Companions {
 public:
  OtherRanks(Messages& messages, std::string identity)
      : messages_(messages), identity_(std::move(identity)), others_(static_cast<std::size_t>(messages.size())) {}

  std::size_t capacity() const override { return capacity_; }
  std::size_t under_way() const override { return under_way_; }
  bool interrupted() const override { return interrupted_; }

  void give(std::uint64_t chunk) override {
    std::size_t best = 0;  // rank 0 has no capacity here
    for (std::size_t rank = 1; rank < others_.size(); ++rank) {
      const Other &one = others_[rank], &other = others_[best];
      if (one.under_way < one.capacity &&
          (best == 0 || one.under_way * other.capacity < other.under_way * one.capacity)) {
        best = rank;
      }
    }
    if (best == 0) throw std::logic_error("more chunks than ranks can have");
    ++others_[best].under_way;
    ++under_way_;
    messages_.send(static_cast<int>(best), MessageKind::give, std::to_string(chunk));
  }

  std::vector<DoneChunk> take() override {
    std::vector<DoneChunk> done;
    while (const auto message = messages_.next()) take(*message, done);
    return done;
  }

  void dismiss() override {
    if (dismissed_) return;
    dismissed_ = true;
    for (int rank = 1; rank < messages_.size(); ++rank) messages_.send(rank, MessageKind::dismiss);
    int left = 1;
    while (left < messages_.size() || !messages_.sent()) {
      const auto message = messages_.next();
      if (!message) nap();
      left += message && message->kind == MessageKind::left;
    }
  }

 private:
  struct Other {
    std::size_t capacity = 0, under_way = 0;
    std::string machine;
  };

  void take(const Message& message, std::vector<DoneChunk>& done) {
    Other& other = others_.at(static_cast<std::size_t>(message.from));
    const auto name = [&] { return fmt::format("rank {} on {}", message.from, other.machine); };
    switch (message.kind) {
      case MessageKind::here: {
        const auto [head, identity] = split(message.bytes, '\n');
        const auto [capacity, machine] = split(head, ' ');
        other.machine = machine;
        if (identity != identity_) {
          throw Failure(FailureCode::conflict, name() +
                                                   " has another study than rank 0: the files there, or the "
                                                   "program, are not the same");
        }
        other.capacity = to_number(capacity);
        capacity_ += other.capacity;
        break;
      }
      case MessageKind::no_work: {
        const auto [machine, why] = split(message.bytes, '\n');
        other.machine = machine;
        throw Failure(FailureCode::conflict, name() + ": " + why);
      }
      case MessageKind::failed: throw std::logic_error(name() + ": " + split(message.bytes, '\n').second);
      case MessageKind::done: {
        const auto [chunk, bytes] = split(message.bytes, '\n');
        auto tally = Tally::from_bytes(bytes);
        if (!tally) throw std::logic_error(name() + " sent what is no tally");
        done.push_back({to_number(chunk), std::move(*tally)});
        --other.under_way;
        --under_way_;
        break;
      }
      case MessageKind::stopped: interrupted_ = true; break;
      default: throw std::logic_error(name() + " sent a message that is not for rank 0");
    }
  }

  Messages& messages_;
  std::string identity_;
  std::vector<Other> others_;  // by rank
  std::size_t capacity_ = 0, under_way_ = 0;
  bool interrupted_ = false, dismissed_ = false;
};

class MpiRanks : public Ranks {
 public:
  MpiRanks() : environment_(boost::mpi::threading::funneled), messages_(std::make_unique<Messages>()) {}

  ~MpiRanks() override {
    try {
      if (rank() == 0) {
        companions({}).dismiss();
      } else if (!dismissed_) {
        give_up("ended early");
      }
    } catch (const std::exception&) {
      environment_.abort(70);  // the others would wait for ever
    }
  }

  int rank() const override { return messages_->rank(); }
  int size() const override { return messages_->size(); }

  Companions& companions(const std::string& identity) override {
    if (!others_) others_ = std::make_unique<OtherRanks>(*messages_, identity);
    return *others_;
  }

  bool serve(const ChunkedWork& work, const Serving& serving) override {
    Crew crew(work, serving.threads);
    bool well = true;
    messages_->send(0, MessageKind::here, fmt::format("{} {}\n{}", crew.capacity(), machine(), work.identity()));
    while (!dismissed_) {
      if (well && serving.interrupted && serving.interrupted()) {
        messages_->send(0, MessageKind::stopped);
        well = false;
      }
      try {
        // One that failed has nothing to wait for but its dismissal.
        if (failed_) nap();
        for (DoneChunk& done : failed_ ? std::vector<DoneChunk>() : crew.wait(nap_length)) {
          messages_->send(0, MessageKind::done, fmt::format("{}\n{}", done.chunk, done.tally.bytes()));
        }
      } catch (const std::exception& error) {
        messages_->send(0, MessageKind::failed, fmt::format("{}\n{}", machine(), error.what()));
        failed_ = true;
        well = false;
      }
      while (const auto message = messages_->next()) {
        if (message->kind == MessageKind::dismiss) dismissed_ = true;
        if (message->kind == MessageKind::give) crew.give(to_number(message->bytes));
      }
    }
    if (serving.dismissed) serving.dismissed();
    leave();
    return well;
  }

  void give_up(const std::string& problem) override {
    messages_->send(0, MessageKind::no_work, fmt::format("{}\n{}", machine(), problem));
    while (!dismissed_) {
      const auto message = messages_->next();
      if (!message) nap();
      dismissed_ = message && message->kind == MessageKind::dismiss;
    }
    leave();
  }

 private:
  static std::string machine() { return boost::mpi::environment::processor_name(); }

  void leave() {
    messages_->send(0, MessageKind::left);
    while (!messages_->sent()) nap();
  }

  boost::mpi::environment environment_;
  std::unique_ptr<Messages> messages_;  // gone before the environment
  std::unique_ptr<OtherRanks> others_;  // of rank 0
  bool dismissed_ = false, failed_ = false;
};

}  // namespace

std::unique_ptr<Ranks> Ranks::join() {
  return std::make_unique<MpiRanks>();
}

}  // namespace rehearse::sim
