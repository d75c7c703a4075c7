// Value::distribution: how long something takes, as JSON.
#include <fmt/format.h>

#include <stdexcept>

#include "model/reading.hpp"

namespace rehearse::model {
namespace {

const Shape& shape_of(std::string_view path) {
  for (const Shape& shape : distribution_shapes()) {
    if (shape.path == path) return shape;
  }
  throw std::logic_error(fmt::format("no distribution shape {}", path));
}

/// The lengths of an array of exactly `count` entries.
std::optional<std::vector<Duration>> lengths(const Value& value, std::size_t low, std::size_t high) {
  const std::optional<std::vector<Value>> values = value.elements(low, high);
  if (!values) return std::nullopt;
  std::vector<Duration> result;
  for (const Value& entry : *values) {
    if (const std::optional<Duration> length = entry.duration()) result.push_back(*length);
  }
  return result.size() == values->size() ? std::optional(std::move(result)) : std::nullopt;
}

std::optional<Distribution> read_kind(const std::string& kind, const Value& value) {
  constexpr std::size_t most_samples = 100000;
  constexpr double largest_shape = 1000;
  if (kind == "constant") {
    const auto length = value.duration();
    return length ? std::optional(Distribution::constant(*length)) : std::nullopt;
  }
  if (kind == "uniform") {
    const auto bounds = lengths(value, 2, 2);
    return bounds ? std::optional(Distribution::uniform((*bounds)[0], (*bounds)[1])) : std::nullopt;
  }
  if (kind == "triangular") {
    const auto corners = lengths(value, 3, 3);
    if (!corners) return std::nullopt;
    return Distribution::triangular((*corners)[0], (*corners)[1], (*corners)[2]);
  }
  if (kind == "empirical") {
    auto samples = lengths(value, 1, most_samples);
    return samples ? std::optional(Distribution::empirical(std::move(*samples))) : std::nullopt;
  }
  const std::optional<Object> object = value.object(shape_of("#distribution/" + kind));
  if (!object) return std::nullopt;
  const auto length = [&](std::string_view key) {
    std::optional<Duration> result;
    object->read(key, result, &Value::duration);
    return result;
  };
  if (kind == "exponential") {
    const auto mean = length("mean");
    return mean ? std::optional(Distribution::exponential(*mean)) : std::nullopt;
  }
  if (kind == "lognormal") {
    const auto median = length("median");
    const auto p95 = length("p95");
    return median && p95 ? std::optional(Distribution::lognormal(*median, *p95)) : std::nullopt;
  }
  if (kind == "weibull") {
    const auto scale = length("scale");
    std::optional<double> shape;
    object->read("shape", shape, &Value::number, 0.0, largest_shape);
    return scale && shape ? std::optional(Distribution::weibull(*scale, *shape)) : std::nullopt;
  }
  const auto mean = length("mean");
  std::optional<std::int64_t> stages;
  object->read("stages", stages, &Value::whole, std::int64_t{1}, std::int64_t{1000});
  return mean && stages ? std::optional(Distribution::erlang(*mean, static_cast<int>(*stages))) : std::nullopt;
}

}  // namespace

const std::vector<Shape>& distribution_shapes() {
  static const std::vector<Shape> shapes = {
      {"#distribution",
       {{"constant"},
        {"uniform"},
        {"triangular"},
        {"exponential"},
        {"lognormal"},
        {"weibull"},
        {"erlang"},
        {"empirical"}}},
      {"#distribution/exponential", {{"mean", Need::required}}},
      {"#distribution/lognormal", {{"median", Need::required}, {"p95", Need::required}}},
      {"#distribution/weibull", {{"scale", Need::required}, {"shape", Need::required}}},
      {"#distribution/erlang", {{"mean", Need::required}, {"stages", Need::required}}},
  };
  return shapes;
}

std::optional<Distribution> Value::distribution() const {
  if (node_->kind == JsonNode::Kind::text) {
    const auto length = duration();
    return length ? std::optional(Distribution::constant(*length)) : std::nullopt;
  }
  if (node_->kind != JsonNode::Kind::object) {
    wrong_type("a length of time or a distribution of it",
               "write for example \"30s\" or { \"lognormal\": { \"median\": \"10s\", \"p95\": \"40s\" } }");
    return std::nullopt;
  }
  const std::optional<Object> opened = object(shape_of("#distribution"));
  const std::optional<std::vector<Member>> kinds = members();
  if (kinds->size() != 1) {
    error(fmt::format("a distribution has exactly one kind, and here are {}", kinds->size()),
          "write for example { \"uniform\": [\"1s\", \"2s\"] }");
    return std::nullopt;
  }
  const Member& kind = kinds->front();
  for (const Key& known : shape_of("#distribution").keys) {
    if (known.name != kind.name) continue;
    std::optional<Distribution> result = read_kind(kind.name, kind.value);
    if (!result) return std::nullopt;
    const std::string problem = problem_of(*result);
    if (problem.empty()) return result;
    kind.value.error(problem, "mend the numbers of this distribution");
    return std::nullopt;
  }
  return std::nullopt;  // told when the object was opened
}

}  // namespace rehearse::model
