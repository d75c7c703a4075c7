// Observations of two platforms, made comparable. What only one run of one platform can make is told by what it is, not
// by its value:
//
// - a certificate that the design does not state is "made on SQL1": after the first machine that holds it with the
//   private key, and numbered by the dates on which such certificates begin. It has no names and dates, which Setup
//   chooses (S 3);
// - of a certificate that the design states by names and dates, thumbprint and begin are what is not stated;
// - an AgentId that the design does not state is "agent of WRK1";
// - of the settings of a worker that name no master's certificate yet, endpoint and own certificate are told: the rest
//   is Setup's until the worker is configured. What such a worker does is published nowhere, so nothing is said of when
//   it was last heard of.
//
// Everything else is compared as it is: also stores, private keys, bindings, settings, states, owners and failures.
#pragma once

#include <string>
#include <vector>

#include "model/design.hpp"
#include "model/steps/observation.hpp"

namespace rehearse::agreement {

steps::Observation normal_form(const steps::Observation& observation, const model::Design& design);

}  // namespace rehearse::agreement
