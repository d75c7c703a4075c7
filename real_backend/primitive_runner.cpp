#include "real_backend/primitive_runner.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/error.hpp>
#include <boost/system/system_error.hpp>

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "model/endpoint.hpp"
#include "real_backend/powershell/answers.hpp"
#include "real_backend/powershell/second_hop.hpp"
#include "real_backend/real_clock.hpp"
#include "real_backend/redaction.hpp"

namespace rehearse::real {

using steps::Answer;
using steps::Awaitable;
using steps::Effect;
using steps::Failure;
using steps::FailureCode;
using steps::Secret;

/// One script of an exchange, ready to be sent. It lives in the frame of whoever sends it.
struct PrimitiveRunner::Script {
  const Primitive& primitive;
  const Question& question;
  std::string text;
  std::vector<Secret> secrets;
  std::string task;  // the scheduled task that does the work, and that does not end with the script; empty: none

  /// Of an exchange only the last script changes anything (primitives.hpp).
  Effect effect() const { return primitive.next ? Effect::query : question.effect; }
};

struct PrimitiveRunner::Reply {
  Answer answer;                         // of a last script
  std::optional<Primitive> next;         // of one that is not the last
  std::optional<std::string> elsewhere;  // the node to ask instead
  std::string host;
  std::string line;
};

/// What was seen of a machine that restarts or shuts down.
struct PrimitiveRunner::Look {
  std::optional<std::string> booted;
  bool silent = false;
  std::string failure;  // why there is no time of a boot; empty: there is one
};

namespace {

bool has_name(const std::vector<std::string>& names, const std::string& name) {
  return std::any_of(names.begin(), names.end(),
                     [&](const std::string& other) { return model::same_name(other, name); });
}

void add_name(std::vector<std::string>& names, const std::string& name) {
  if (!name.empty() && !has_name(names, name)) names.push_back(name);
}

/// Whether the transport's failure means that the script can be sent again, to this or to another machine.
bool got_lost(FailureCode code, Effect effect) {
  if (code == FailureCode::unreachable) return true;
  return effect == Effect::query && (code == FailureCode::indeterminate || code == FailureCode::timed_out);
}

/// Makes a primitive. A value of the user's or of a machine's that no script can hold is wrong input that came late.
template <class Make>
auto made(Make make) {
  try {
    return make();
  } catch (const std::invalid_argument& error) {
    throw Failure(FailureCode::refused, error.what());
  }
}

/// A script that was stopped, or whose line is lost, leaves its task (second_hop.hpp).
std::string left_running(const std::string& task, const std::string& host) {
  return fmt::format(
      "what was begun on {} as the scheduled task {} is not stopped and may still be at work there; performing the "
      "step again waits for it",
      host, task);
}

bool says_no(const Answer& answer) {
  const bool* flag = std::get_if<bool>(&answer.value());
  return flag && !*flag;
}

}  // namespace

PrimitiveRunner::PrimitiveRunner(Transport& transport, steps::Operator& person, Surroundings around, Options options)
    : transport_(transport), person_(person), around_(around), options_(options) {}

Awaitable<Answer> PrimitiveRunner::run(std::function<Primitive()> first, Question question) {
  Redaction redaction;
  try {
    Primitive primitive = made(first);
    Answer answer = co_await exchange(std::move(primitive), question, redaction);
    co_return answer;
  } catch (const Failure& failure) {
    throw redaction.clean(failure);
  }
}

// `redaction`, which belongs to a frame that outlives this one, learns the secrets of all scripts.
Awaitable<Answer> PrimitiveRunner::exchange(Primitive primitive, const Question& question, Redaction& redaction) {
  while (true) {
    const std::string task = goes_through_task(primitive) ? task_name(primitive) : std::string();
    primitive = co_await through_second_hop(std::move(primitive));
    std::vector<Secret> of_script = co_await secrets_of(primitive);
    for (const Secret& secret : of_script) redaction.add(secret);
    const Script script{primitive, question, ps::to_text(primitive.script), std::move(of_script), task};
    Reply reply = co_await ask(script);
    if (reply.next) {
      primitive = Primitive(std::move(*reply.next));
      continue;
    }
    if (primitive.after != After::nothing) {
      std::optional<std::string> before = text_in(reply.line, script.effect());
      co_await wait_after(primitive.after, reply.host, primitive.within, std::move(before));
    }
    co_return reply.answer;
  }
}

bool PrimitiveRunner::goes_through_task(const Primitive& primitive) const {
  const bool by_task = around_.site.second_hop == SecondHop::scheduled_task;
  return primitive.task_only || (primitive.second_hop && by_task);
}

Awaitable<Primitive> PrimitiveRunner::through_second_hop(Primitive primitive) {
  if (!goes_through_task(primitive)) co_return primitive;
  if (around_.site.installation_account.empty()) {
    throw Failure(FailureCode::refused,
                  "this needs more than a network logon's rights, and the site file states no installation_account for "
                  "a scheduled task");
  }
  Secret password = co_await person_.secret(installation_secret(around_.site));
  const Primitive wrapped = through_scheduled_task(primitive, around_.site, password);
  primitive.script = wrapped.script;
  primitive.limit = wrapped.limit;
  co_return primitive;
}

Awaitable<std::vector<Secret>> PrimitiveRunner::secrets_of(const Primitive& primitive) {
  std::vector<Secret> secrets = primitive.script.secrets();
  for (Secret& secret : secrets) {
    const bool is_asked_for =
        std::find(primitive.asks.begin(), primitive.asks.end(), secret.name()) != primitive.asks.end();
    if (!is_asked_for) continue;
    Secret told = co_await person_.secret(secret.name());
    secret = Secret(secret.name(), told.reveal());
  }
  co_return secrets;
}

Awaitable<PrimitiveRunner::Reply> PrimitiveRunner::ask(const Script& script) {
  std::vector<std::string> hosts = hosts_for(script.primitive);
  std::vector<std::string> silent, silences;
  std::optional<Reply> no;
  std::size_t redirections = 2 * around_.design.cluster.nodes.size();
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    std::string host = hosts[i];
    if (has_name(silent, host)) continue;
    std::string silence;
    std::optional<Reply> reply = co_await ask_host(script, host, silence);
    if (!reply) {
      silent.push_back(host);
      silences.push_back(fmt::format("{}: {}", host, silence));
      forget(host);
      continue;
    }
    if (reply->elsewhere) {
      if (redirections-- == 0) {
        throw Failure(FailureCode::unreachable, "the role of the instance does not stay where it is looked for", "",
                      host);
      }
      hosts.insert(hosts.begin() + static_cast<std::ptrdiff_t>(i) + 1, as_designed(*reply->elsewhere));
      continue;
    }
    remember(script.primitive.where, host);
    if (script.question.affirmed_by_any && says_no(reply->answer)) {
      if (!no) no = std::move(reply);
      continue;
    }
    co_return std::move(*reply);
  }
  if (no) co_return std::move(*no);
  std::string where = silent.size() == 1 ? silent.front() : std::string();
  throw Failure(FailureCode::unreachable, fmt::format("{}", fmt::join(silences, "; ")), "", std::move(where));
}

// nullopt: nobody answered there and nothing was begun; `silence`, which belongs to a frame that outlives this one,
// says how.
Awaitable<std::optional<PrimitiveRunner::Reply>> PrimitiveRunner::ask_host(const Script& script, std::string host,
                                                                           std::string& silence) {
  std::optional<Reply> reply;
  bool came = false;
  try {
    RemoteScript sent(host, script.text, script.secrets, script.primitive.limit);
    std::string line = co_await transport_.run(std::move(sent));
    came = true;
    reply.emplace();
    reply->host = host;
    reply->line = std::move(line);
    if (script.primitive.where == Where::on_sql_owner) reply->elsewhere = sent_elsewhere(reply->line);
    if (!reply->elsewhere && script.primitive.next) {
      reply->next = made([&] { return script.primitive.next(reply->line); });
    } else if (!reply->elsewhere) {
      reply->answer = script.question.read(reply->line);
    }
  } catch (Failure& failure) {
    const bool silent = came ? failure.code() == FailureCode::unreachable : got_lost(failure.code(), script.effect());
    if (!silent) {
      const bool lost = failure.code() == FailureCode::timed_out || failure.code() == FailureCode::indeterminate;
      if (!came && lost && !script.task.empty()) {
        failure = Failure(failure.code(), failure.message() + "; " + left_running(script.task, host),
                          failure.primitive(), failure.node());
      }
      if (script.primitive.where == Where::on_host || !script.question.names_node) failure.attach_place("", host);
      throw;
    }
    silence = failure.message();
    reply.reset();
  } catch (const boost::system::system_error& error) {
    if (script.task.empty() || error.code() != boost::asio::error::operation_aborted) throw;
    throw Failure(FailureCode::cancelled, "given up on request; " + left_running(script.task, host));
  }
  co_return reply;
}

Awaitable<void> PrimitiveRunner::wait_after(After after, std::string host, Duration within,
                                            std::optional<std::string> before) {
  if (after == After::restarted && !before) co_return;  // the script found that no restart is needed
  const auto give_up = std::chrono::steady_clock::now() + within;
  Look look;
  while (std::chrono::steady_clock::now() < give_up) {
    co_await sleep_for(options_.look_every);
    look = co_await look_at(host);
    if (after == After::restarted && look.booted && look.booted != before) co_return;
    if (after == After::powered_off && look.silent) co_return;
  }
  const char* what = after == After::restarted ? "has not restarted" : "still answers";
  throw Failure(FailureCode::timed_out, fmt::format("{} {} after {}{}{}", host, what, model::to_text(within),
                                                    look.failure.empty() ? "" : "; last: ", look.failure));
}

// A machine that boots refuses things that it will do in a minute, so a failure is none of the request.
Awaitable<PrimitiveRunner::Look> PrimitiveRunner::look_at(std::string host) {
  Look look;
  const Primitive asked = boot_time(host);
  RemoteScript sent(host, ps::to_text(asked.script), asked.script.secrets(), asked.limit);
  try {
    const std::string line = co_await transport_.run(std::move(sent));
    look.booted = text_in(line, Effect::query);
  } catch (const Failure& failure) {
    look.silent = failure.code() == FailureCode::unreachable;
    look.failure = failure.message();
  }
  co_return look;
}

std::vector<std::string> PrimitiveRunner::hosts_for(const Primitive& primitive) const {
  if (primitive.where == Where::on_host) return {primitive.host};
  std::vector<std::string> hosts;
  if (primitive.where == Where::on_sql_owner) add_name(hosts, sql_owner_);
  if (primitive.where != Where::on_first_node) add_name(hosts, last_answered_);
  for (const model::Node& node : around_.design.cluster.nodes) add_name(hosts, node.name);
  return hosts;
}

/// Transports know machines by the design's names, and Windows writes names of computers in capitals.
std::string PrimitiveRunner::as_designed(const std::string& node) const {
  for (const model::Node& known : around_.design.cluster.nodes) {
    if (model::same_name(known.name, node)) return known.name;
  }
  return node;
}

void PrimitiveRunner::forget(const std::string& host) {
  if (model::same_name(host, sql_owner_)) sql_owner_.clear();
  if (model::same_name(host, last_answered_)) last_answered_.clear();
}

void PrimitiveRunner::remember(Where where, const std::string& host) {
  if (where == Where::on_cluster || where == Where::on_sql_owner) last_answered_ = host;
  if (where == Where::on_sql_owner) sql_owner_ = host;
}

}  // namespace rehearse::real
