#include "real_backend/probe/probe.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <functional>

#include "real_backend/probe/reaching.hpp"

namespace rehearse::real {
namespace {

namespace asio = boost::asio;

constexpr std::size_t longest_answer = 64 * 1024;
constexpr std::size_t probes_at_a_time = 16;

/// What a worker's first call looks like to http.sys, short of a message that WCF would act on.
std::string request_for(const model::Endpoint& endpoint) {
  return fmt::format("GET /ClusterManagement/ HTTP/1.1\r\nHost: {}:{}\r\nConnection: close\r\n\r\n", endpoint.host,
                     endpoint.port);
}

HttpSeen::End end_without_answer(Received::End end) {
  switch (end) {
    case Received::End::closed: return HttpSeen::End::closed;
    case Received::End::reset: return HttpSeen::End::reset;
    case Received::End::timed_out: return HttpSeen::End::timed_out;
    default: return HttpSeen::End::failed;
  }
}

steps::Awaitable<HttpSeen> ask(TlsSession& session, const model::Endpoint& endpoint, Duration patience) {
  const Deadline deadline = after(patience);
  HttpSeen seen;
  std::string request = request_for(endpoint), bytes;
  Received received = co_await session.send(std::move(request), deadline);
  while (received.end == Received::End::bytes) {
    // Who sends a head and keeps the connection has answered all the same.
    received = co_await session.receive(deadline);
    if (received.end != Received::End::bytes) break;
    bytes += received.text;
    seen.answer = read_http_answer(bytes);
    if ((seen.answer && seen.answer->complete) || bytes.size() > longest_answer) break;
  }
  if (seen.answer) {
    seen.end = HttpSeen::End::answered;
  } else if (!bytes.empty() && !bytes.starts_with("HTTP/1.")) {
    seen.end = HttpSeen::End::not_http;
  } else {
    seen.end = end_without_answer(received.end);
    seen.words = received.text.empty() ? "the connection is closed" : received.text;
  }
  co_return seen;
}

steps::Awaitable<void> observe(const ProbeTarget& target, const ProbeKit& kit, Date now, EndpointObservation& seen) {
  seen.at = now;
  seen.identity = kit.identity_for(target.worker_thumbprint);
  NetworkAddress where = target.via.value_or(NetworkAddress{target.endpoint.host, target.endpoint.port});
  Reached reached = co_await reach(std::move(where), kit.patience);
  seen.lookup = std::move(reached.lookup);
  seen.attempts = std::move(reached.attempts);
  if (seen.attempts.empty() || seen.attempts.back().end != Attempt::End::connected) co_return;
  TlsSession session(reached.connection, target.endpoint.host, seen.identity);
  co_await session.handshake(after(kit.patience));
  if (session.seen().end == TlsSeen::End::completed) {
    HttpSeen http = co_await ask(session, target.endpoint, kit.patience);
    seen.http = std::move(http);
  }
  seen.tls = session.seen();
}

/// One probe after the other from a shared list; several of these run side by side.
steps::Awaitable<void> work_through(const ProbeJob& job, Date now, std::size_t& next, ProbeResult& result) {
  while (next < job.endpoints.size() + job.instances.size()) {
    const std::size_t mine = next++;
    if (mine < job.endpoints.size()) {
      co_await observe(job.endpoints[mine], job.kit, now, result.endpoints[mine].seen);
      continue;
    }
    const std::size_t instance = mine - job.endpoints.size();
    SqlReport report = co_await probe_sql(job.instances[instance], job.kit.patience);
    result.instances[instance] = std::move(report);
  }
}

/// Whether another probe got an answer from that address, be it that nothing listens on a port there.
bool answers_elsewhere(const std::string& address, const ProbeResult& result) {
  const auto answers = [&](const Attempt& attempt) {
    const bool answered = attempt.end == Attempt::End::connected || attempt.end == Attempt::End::refused;
    return answered && attempt.address.host == address;
  };
  const auto any = [&](const std::vector<Attempt>& all) { return std::any_of(all.begin(), all.end(), answers); };
  return std::any_of(result.instances.begin(), result.instances.end(),
                     [&](const SqlReport& report) { return any(report.attempts); }) ||
         std::any_of(result.endpoints.begin(), result.endpoints.end(),
                     [&](const EndpointReport& report) { return any(report.seen.attempts); });
}

}  // namespace

Conclusion ProbeResult::conclusion() const {
  Conclusion all = Conclusion::works;
  for (const EndpointReport& report : endpoints) all = graver(all, report.verdict.conclusion);
  for (const SqlReport& report : instances) all = graver(all, report.conclusion);
  return all;
}

ProbeResult probe(const ProbeJob& job, Date now) {
  ProbeResult result;
  result.endpoints.resize(job.endpoints.size());
  result.instances.resize(job.instances.size());
  asio::io_context context;
  std::size_t next = 0;
  const std::size_t workers = std::min(probes_at_a_time, job.endpoints.size() + job.instances.size());
  for (std::size_t i = 0; i < workers; ++i) {
    asio::co_spawn(context, work_through(job, now, next, result), [](std::exception_ptr failure) {
      if (failure) std::rethrow_exception(failure);
    });
  }
  context.run();
  for (std::size_t i = 0; i < job.endpoints.size(); ++i) {
    EndpointReport& report = result.endpoints[i];
    report.target = job.endpoints[i];
    const std::vector<Attempt>& attempts = report.seen.attempts;
    report.seen.address_answers =
        !attempts.empty() && std::all_of(attempts.begin(), attempts.end(), [&](const Attempt& attempt) {
          return answers_elsewhere(attempt.address.host, result);
        });
    report.verdict = judge_endpoint(report.target, job.kit, report.seen);
  }
  return result;
}

}  // namespace rehearse::real
