#include "sim/diff/outage_distributions.hpp"

#include <algorithm>
#include <stdexcept>
#include <utility>

#include "sim/diff/course_differences.hpp"

namespace rehearse::sim {
namespace {

/// A service that both designs have, with its time out in each replication.
struct Compared {
  Service in_a, in_b;
  std::string name;
  std::vector<Duration> a, b;
  std::uint64_t unended_a = 0, unended_b = 0;
};

std::vector<Compared> services_of_both(const world::Blueprint& a, const world::Blueprint& b) {
  const std::vector<Service> in_b = services_of(b);
  std::vector<Compared> both;
  for (const Service& service : services_of(a)) {
    const std::string name = name_of(service, a);
    const auto same = std::find_if(in_b.begin(), in_b.end(), [&](const auto& one) { return name_of(one, b) == name; });
    if (same != in_b.end()) both.push_back({service, *same, name, {}, {}, 0, 0});
  }
  return both;
}

/// How long the service was out in the run; `unended` is counted up where it still was at the end.
Duration time_out(const RunResult& run, const Service& service, std::uint64_t& unended) {
  Duration total{};
  for (const Outage& outage : run.outages) {
    if (outage.service != service) continue;
    total += outage.length();
    unended += outage.censored;
  }
  return total;
}

OutageDistribution distribution_of(std::vector<Duration> lengths, std::uint64_t unended) {
  std::sort(lengths.begin(), lengths.end());
  const auto quantile = [&](double p) { return lengths[statistics::quantile_rank(lengths.size(), p) - 1]; };
  const auto none = std::upper_bound(lengths.begin(), lengths.end(), Duration::zero());
  return {quantile(0.5), quantile(0.95), lengths.back(), static_cast<std::uint64_t>(lengths.end() - none), unended};
}

double seconds(Duration length) {
  return std::chrono::duration<double>(length).count();
}

}  // namespace

bool DistributionDifference::longer_in_b() const {
  return mean.interval.low > 0 && mean.value >= seconds(shortest_difference);
}

bool DistributionDifference::shorter_in_b() const {
  return mean.interval.high < 0 && mean.value <= -seconds(shortest_difference);
}

std::vector<DistributionDifference> distribution_differences(const Scenario& a, const Prepared& prepared_a,
                                                             const Scenario& b, const Prepared& prepared_b,
                                                             std::uint64_t replications, Duration least,
                                                             const std::function<bool()>& interrupted) {
  if (replications < 2) throw std::logic_error("a distribution takes two replications or more");
  std::vector<Compared> services = services_of_both(*prepared_a.plan, *prepared_b.plan);
  for (std::uint64_t replication = 1; replication <= replications; ++replication) {
    if (interrupted && interrupted()) throw Interrupted();
    const RunResult in_a = rehearse(a, prepared_a, {{a.seed, replication}, world::Pace::drawn, 0});
    const RunResult in_b = rehearse(b, prepared_b, {{b.seed, replication}, world::Pace::drawn, 0});
    for (Compared& service : services) {
      service.a.push_back(time_out(in_a, service.in_a, service.unended_a));
      service.b.push_back(time_out(in_b, service.in_b, service.unended_b));
    }
  }
  std::vector<DistributionDifference> differences;
  for (Compared& service : services) {
    std::vector<double> paired;
    bool differs = false;
    for (std::size_t place = 0; place < service.a.size(); ++place) {
      const Duration difference = service.b[place] - service.a[place];
      paired.push_back(seconds(difference));
      differs = differs || std::chrono::abs(difference) >= least;
    }
    if (!differs) continue;
    const auto mean = statistics::mean_interval(statistics::moments_of(paired), distribution_confidence);
    differences.push_back({service.name, distribution_of(std::move(service.a), service.unended_a),
                           distribution_of(std::move(service.b), service.unended_b), mean.value()});
  }
  return differences;
}

}  // namespace rehearse::sim
