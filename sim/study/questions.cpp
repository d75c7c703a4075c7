#include "sim/study/questions.hpp"

#include <algorithm>
#include <atomic>
#include <exception>
#include <stdexcept>
#include <thread>

#include "model/steps/sha256.hpp"
#include "sim/study/conduct.hpp"
#include "sim/study/figures.hpp"
#include "sim/study/study.hpp"

namespace rehearse::sim {
namespace {

/// The design of a scenario and nothing of its timeline, installed. Only lost work needs work.
Scenario quiet_scenario(const Scenario& base, RareEvent event, Duration horizon) {
  Scenario scenario;
  scenario.name = base.name;
  scenario.design = base.design;
  scenario.start = base.start;
  scenario.duration = horizon;
  scenario.deploy = Deploy::installed;
  if (event == RareEvent::work_lost) return scenario;
  scenario.design.batches.clear();
  scenario.design.rates.clear();
  scenario.design.histories.clear();
  return scenario;
}

class RareChunkWorker : public ChunkWorker {
 public:
  explicit RareChunkWorker(const RareSetup& setup) : worker_(setup) {}
  Tally run(std::uint64_t chunk) override { return worker_.run(chunk).cells(); }

 private:
  RareWorker worker_;
};

/// A batch is a chunk.
class RareWork : public ChunkedWork {
 public:
  RareWork(std::string identity, const RareSetup& setup, std::uint64_t batches)
      : identity_(std::move(identity)), setup_(setup), batches_(batches) {}

  std::string identity() const override { return identity_; }
  std::uint64_t most_chunks() const override { return batches_; }
  bool by_precision() const override { return false; }
  bool enough(const Tally&, std::uint64_t) const override { return false; }
  std::unique_ptr<ChunkWorker> worker() const override { return std::make_unique<RareChunkWorker>(setup_); }

 private:
  std::string identity_;
  const RareSetup& setup_;
  std::uint64_t batches_;
};

RareResult answer(const Study& study, RareEvent event, unsigned threads, const std::function<bool()>& interrupted) {
  const RareQuestion& question = *study.questions.rare;
  RareStudy asked;
  asked.event = event;
  asked.faults = question.faults;
  asked.horizon = question.horizon;
  asked.seed = study.seed;
  const Prepared prepared =
      prepare(quiet_scenario(study.points.front().scenario, event, question.horizon), world::Tempo::when_it_matters);
  if (!prepared.deployed) throw std::logic_error("the farm cannot be put there installed");
  const RareSetup setup(prepared, asked);
  const RareWork work(steps::sha256_hex(study.identity + " rare " + std::string(to_text(event))), setup,
                      question.batches);
  Gathered gathered(work);
  ConductOptions options;
  options.threads = threads;
  options.interrupted = interrupted;
  conduct(work, gathered, options);
  if (!gathered.ended()) throw Interrupted();
  return rare_result(asked, RareTally::of(gathered.tally()), study_confidence);
}

/// Calls part(i) for every i below `count`, each once, from any thread.
void in_parallel(std::size_t count, unsigned threads, const std::function<void(std::size_t)>& part) {
  std::atomic<std::size_t> next = 0;
  std::vector<std::exception_ptr> failures(std::max(1U, threads));
  const auto run = [&](std::size_t thread) {
    try {
      for (std::size_t i = next++; i < count; i = next++) part(i);
    } catch (...) {
      failures[thread] = std::current_exception();
    }
  };
  {
    std::vector<std::jthread> others;
    for (std::size_t thread = 1; thread < failures.size(); ++thread) others.emplace_back(run, thread);
    run(0);
  }
  for (const std::exception_ptr& failure : failures) {
    if (failure) std::rethrow_exception(failure);
  }
}

void advise(const Study& study, const StudyFigures& figures, unsigned threads, const std::function<bool()>& interrupted,
            StudyAnswers& answers) {
  const AdviceQuestion& question = *study.questions.advice;
  std::vector<FalseFailovers> counts(study.points.size());
  in_parallel(study.points.size(), threads, [&](std::size_t point) {
    const Prepared prepared = prepare_for_false_failovers(study.points[point].scenario);
    for (std::uint64_t year = 0; year < question.years; ++year) {
      if (interrupted && interrupted()) throw Interrupted();
      counts[point].add(count_false_failovers(prepared, study.seed, year, year + 1));
    }
  });
  for (std::size_t point = 0; point < study.points.size(); ++point) {
    const auto& quantiles = figures.points.at(point).measures.at(question.measure).quantiles;
    const auto found = std::find_if(quantiles.begin(), quantiles.end(),
                                    [&](const QuantileFigure& each) { return each.p == question.quantile; });
    const bool known = found != quantiles.end() && !found->value.at_least && found->low && found->high &&
                       !found->low->at_least && !found->high->at_least;
    if (!known) {
      answers.settled = false;  // more replications, or a longer duration, would tell it
      continue;
    }
    answers.options.push_back({name_of(study.points[point]),
                               {found->value.value, {found->low->value, found->high->value}},
                               rate_of(counts[point], study_confidence)});
    answers.option_points.push_back(point);
  }
  answers.standings = pareto(answers.options);
}

}  // namespace

StudyAnswers answer_questions(const Study& study, const StudyFigures& figures, unsigned threads,
                              const std::function<bool()>& interrupted) {
  StudyAnswers answers;
  const StudyQuestions& asked = study.questions;
  if (asked.rare) {
    for (const RareEvent event : asked.rare->events) answers.rare.push_back(answer(study, event, threads, interrupted));
  }
  if (asked.capacity) {
    CapacityQuestion question = *asked.capacity;
    question.seed = study.seed;
    question.threads = threads;
    question.interrupted = interrupted;
    answers.capacity = find_capacity(question, study.points.front().scenario);
    for (const auto& row : answers.capacity->rows) answers.settled = answers.settled && row.settled(question);
  }
  if (asked.advice) advise(study, figures, threads, interrupted, answers);
  return answers;
}

}  // namespace rehearse::sim
