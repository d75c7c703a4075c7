#include "real_backend/probe/sql_probe.hpp"

#include <fmt/format.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "real_backend/probe/reaching.hpp"

namespace rehearse::real {
namespace {

constexpr std::size_t longest_answer = 4096;

void conclude_unreached(SqlReport& report) {
  report.conclusion = Conclusion::refused;
  if (report.attempts.empty()) {
    report.words = "the name does not resolve: " + (report.lookup ? report.lookup->words : std::string());
    return;
  }
  const Attempt& last = report.attempts.back();
  report.words = last.end == Attempt::End::refused     ? "nothing listens on that port"
                 : last.end == Attempt::End::timed_out ? "no answer: the host is away, or a firewall is in between"
                                                       : last.words;
}

void conclude_answered(SqlReport& report, const PreloginAnswer& answer) {
  report.answer = answer;
  report.conclusion = Conclusion::works;
  const auto product = answer.product();
  if (report.target.expected && product != report.target.expected) {
    report.warnings.push_back(fmt::format("version {} answers; the design says SQL Server {}", answer.version(),
                                          model::to_text(*report.target.expected)));
  }
}

}  // namespace

steps::Awaitable<SqlReport> probe_sql(SqlTarget target, Duration patience) {
  SqlReport report;
  report.target = target;
  NetworkAddress where = target.via.value_or(target.server);
  Reached reached = co_await reach(std::move(where), patience);
  report.lookup = reached.lookup;
  report.attempts = reached.attempts;
  if (!reached.connected()) {
    conclude_unreached(report);
    co_return report;
  }
  const Deadline deadline = after(patience);
  Received received = co_await reached.connection.send(prelogin_request(), deadline);
  std::string bytes;
  PreloginReading reading;
  while (received.end == Received::End::bytes) {
    received = co_await reached.connection.receive(deadline);
    if (received.end == Received::End::bytes) bytes += received.text;
    reading = read_prelogin(bytes);
    if (!reading.incomplete || bytes.size() > longest_answer) break;
  }
  if (reading.answer) {
    conclude_answered(report, *reading.answer);
  } else if (!reading.problem.empty()) {
    report.conclusion = Conclusion::refused;
    report.words = "what answers on that port is no SQL Server: " + reading.problem;
  } else {
    // A server that insists on TDS 8.0 ends such a conversation, too.
    report.words = "it accepts the connection and does not answer: " +
                   (received.text.empty() ? std::string("the answer has no end") : received.text);
  }
  co_return report;
}

}  // namespace rehearse::real
