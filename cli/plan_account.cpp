#include "cli/plan_account.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <ostream>
#include <set>

#include "real_backend/powershell/second_hop.hpp"

namespace rehearse::cli {
namespace {

using steps::PlannedStep;

/// What the step takes beside time: restarts, and rights beyond a network logon.
std::set<std::string> takes(const PlannedStep& step) {
  std::set<std::string> result;
  for (const steps::AnyRequest& call : step.calls) {
    const std::string name = steps::name_of(call);
    if (name == "Host.InstallFeature") result.insert("restarts the machine where Windows asks for it");
    if (name == "Host.RestartMachine") result.insert("restarts the machine");
    if (const auto why = real::needs_second_hop(call)) result.insert(fmt::format("a second hop: {}", *why));
  }
  return result;
}

void write_step(std::ostream& out, std::size_t number, const PlannedStep& step) {
  out << fmt::format("{:>3}. {} [section {}]\n", number, step.title, step.section);
  if (step.kind == PlannedStep::Kind::fails) {
    out << fmt::format("     would fail: {}\n", step.failure);
    return;
  }
  out << fmt::format("     changes: {}\n", step.changes);
  out << fmt::format("     needs:   {}\n", step.needs);
  for (const std::string& what : takes(step)) out << fmt::format("              {}\n", what);
  out << fmt::format("     takes:   {}\n", lengths(step.usual, step.at_p95));
  for (const steps::OutOfService& outage : step.out_of_service) {
    out << fmt::format("     out of service: {} for {}\n", outage.service, lengths(outage.usual, outage.at_p95));
  }
}

}  // namespace

std::string lengths(Duration usual, Duration at_p95) {
  const auto text = [](Duration length) {
    const auto seconds = std::chrono::round<std::chrono::seconds>(length);
    return seconds.count() == 0 ? std::string("a second") : model::to_text(Duration(seconds));
  };
  const std::string median = text(usual), slow = text(at_p95);
  return median == slow ? "about " + median : fmt::format("about {} ({} at the 95th percentile)", median, slow);
}

void write_plan(std::ostream& out, const steps::Plan& plan) {
  const std::string what = plan.operation.empty() ? std::string("deployment") : plan.operation;
  out << fmt::format("plan: {} of {}, made {}\n", what, plan.design_name, model::to_text(plan.made));
  if (plan.needed() == 0 && plan.complete()) {
    out << fmt::format("nothing to do: what the {} steps bring about is there\n", plan.steps.size());
  } else {
    out << fmt::format("{} of {} steps are needed, {}\n", plan.needed(), plan.steps.size(),
                       lengths(plan.usual(), plan.at_p95()));
  }
  for (const std::string& caveat : plan.caveats) out << "note: " << caveat << '\n';
  out << '\n';
  std::vector<std::string> there;
  for (std::size_t i = 0; i < plan.steps.size(); ++i) {
    if (plan.steps[i].kind == PlannedStep::Kind::already) {
      there.push_back(plan.steps[i].title);
    } else {
      write_step(out, i + 1, plan.steps[i]);
    }
  }
  if (!there.empty()) out << fmt::format("\nalready there: {}\n", fmt::join(there, ", "));
  if (!plan.complete()) out << "\nthe plan cannot be performed: mend what would fail, and plan again\n";
}

}  // namespace rehearse::cli
