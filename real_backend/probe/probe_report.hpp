// What a probe found, for people and for programs.
#pragma once

#include <iosfwd>

#include "real_backend/probe/probe.hpp"

namespace rehearse::real {

void write_text(std::ostream& out, const ProbeResult& result);

/// One object: "conclusion", "endpoints", "instances", "out_of_sight".
void write_json(std::ostream& out, const ProbeResult& result);

/// Whole days from `from` to the end of the certificate; negative when it has ended.
long days_left(const model::X509Facts& certificate, Date from);

}  // namespace rehearse::real
