#include "sim/async/aliases.hpp"

#include <stdexcept>
#include <utility>

namespace rehearse::sim {
namespace {

using steps::Answer;
using steps::CertificateInfo;
using steps::Fact;

bool is_binding(const Fact& fact) {
  return name_of(fact.question) == "CertificateStore.Binding";
}

/// The fact with `rename` applied to every thumbprint and AgentId in it, and `redate` to every certificate before that.
template <class Rename, class Redate>
Fact renamed(Fact fact, Rename&& rename, Redate&& redate) {
  if (auto* of_store = std::get_if<steps::CertificateRequest>(&fact.question)) {
    if (auto* access = std::get_if<steps::certificate_store::KeyAccess>(of_store)) rename(access->thumbprint);
  }
  if (fact.answer() == nullptr) return fact;
  const Answer::Value& value = fact.answer()->value();
  if (const auto* master = std::get_if<model::MasterSettings>(&value)) {
    model::MasterSettings settings = *master;
    rename(settings.certificate_thumbprint);
    fact.outcome = Answer(std::move(settings));
  } else if (const auto* worker = std::get_if<model::WorkerSettings>(&value)) {
    model::WorkerSettings settings = *worker;
    rename(settings.master_certificate_thumbprint);
    rename(settings.worker_certificate_thumbprint);
    rename(settings.agent_id);
    fact.outcome = Answer(std::move(settings));
  } else if (const auto* certificates = std::get_if<std::vector<CertificateInfo>>(&value)) {
    std::vector<CertificateInfo> copies = *certificates;
    for (CertificateInfo& copy : copies) {
      redate(copy);
      rename(copy.thumbprint);
    }
    steps::sort_copies(copies);
    fact.outcome = Answer(std::move(copies));
  } else if (const auto* parts = std::get_if<std::vector<std::string>>(&value);
             parts != nullptr && !parts->empty() && is_binding(fact)) {
    std::vector<std::string> binding = *parts;
    rename(binding.front());
    fact.outcome = Answer(std::move(binding));
  }
  return fact;
}

const std::string& found(const std::map<std::string, std::string>& names, const std::string& name) {
  const auto entry = names.find(name);
  return entry == names.end() ? name : entry->second;
}

}  // namespace

void Aliases::add(const std::string& real, const std::string& in_world) {
  const bool fresh = to_world_.emplace(real, in_world).second && to_real_.emplace(in_world, real).second;
  if (!fresh) throw std::logic_error("two names stand for one: " + real + ", " + in_world);
}

const std::string& Aliases::in_world(const std::string& real) const {
  return found(to_world_, real);
}

void Aliases::add_certificate(const CertificateInfo& real, const std::string& in_world, Date begins_in_world) {
  add(real.thumbprint, in_world);
  const Begin begin{real.not_before, begins_in_world};
  begins_[real.thumbprint] = begin;
  begins_[in_world] = begin;
}

Fact Aliases::to_world(const Fact& fact) const {
  return renamed(
      fact, [&](std::string& name) { name = found(to_world_, name); },
      [&](CertificateInfo& copy) {
        if (const auto begin = begins_.find(copy.thumbprint); begin != begins_.end()) {
          copy.not_before = begin->second.in_world;
        }
      });
}

Fact Aliases::to_real(const Fact& fact) const {
  return renamed(
      fact, [&](std::string& name) { name = found(to_real_, name); },
      [&](CertificateInfo& copy) {
        if (const auto begin = begins_.find(copy.thumbprint); begin != begins_.end()) {
          copy.not_before = begin->second.real;
        }
      });
}

bool Aliases::names_unmade(const Fact& of_world) const {
  bool unmade = false;
  renamed(
      of_world, [&](std::string& name) { unmade = unmade || (!name.empty() && !knows_in_world(name)); },
      [](CertificateInfo&) {});
  return unmade;
}

}  // namespace rehearse::sim
