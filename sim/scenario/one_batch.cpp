#include "sim/scenario/one_batch.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>
#include <vector>

#include "model/local_time.hpp"

namespace rehearse::sim {
namespace {

template <class Source>
const Source* find_source(const std::vector<Source>& sources, const std::string& name) {
  const auto found =
      std::find_if(sources.begin(), sources.end(), [&](const Source& source) { return source.name == name; });
  return found == sources.end() ? nullptr : &*found;
}

model::Distribution lengths_of(const model::History& history) {
  std::vector<Duration> lengths;
  for (const model::HistoryRow& row : history.rows) lengths.push_back(row.run);
  return model::Distribution::empirical(std::move(lengths));
}

model::Batch like(const model::Design& design, const std::string& name) {
  model::Batch batch;
  if (const auto* source = find_source(design.batches, name)) {
    batch = *source;
  } else if (const auto* rate = find_source(design.rates, name)) {
    static_cast<model::WorkloadSource&>(batch) = *rate;
    batch.duration = rate->duration;
  } else if (const auto* history = find_source(design.histories, name)) {
    static_cast<model::WorkloadSource&>(batch) = *history;
    batch.duration = lengths_of(*history);
  } else {
    throw std::logic_error("no source of executions " + name + ": the reader let it pass");
  }
  batch.days.clear();
  batch.deadline.reset();
  return batch;
}

}  // namespace

std::string main_source(const model::Design& design) {
  std::string name;
  std::size_t most = 0;
  const auto consider = [&](const std::string& source, std::size_t executions) {
    if (executions <= most && !name.empty()) return;
    name = source;
    most = executions;
  };
  for (const model::Batch& batch : design.batches) consider(batch.name, static_cast<std::size_t>(batch.executions));
  for (const model::History& history : design.histories) consider(history.name, history.rows.size());
  if (name.empty() && !design.rates.empty()) name = design.rates.front().name;
  return name;
}

void put_one_batch(model::Design& design, Date start, const OneBatch& batch) {
  model::Batch one = like(design, batch.like);
  const Date due = start + batch.at;
  const std::chrono::seconds offset = model::offset_span(design.time_zone, due).offset;
  const auto local = std::chrono::floor<std::chrono::seconds>(due.time_since_epoch()) + offset;
  one.at = local - std::chrono::floor<std::chrono::days>(local);
  one.executions = batch.executions;
  design.batches = {std::move(one)};
  design.rates.clear();
  design.histories.clear();
}

}  // namespace rehearse::sim
