// The keys of a saved result, object by object (sim/report/json_report.hpp says what they mean).
#pragma once

#include "model/reading.hpp"

namespace rehearse::sim::saved_shapes {

using model::Need;
using model::Shape;

inline const Shape file{"",
                        {{"format", Need::required},
                         {"version", Need::required},
                         {"program", Need::required},
                         {"outcome", Need::required},
                         {"runs", Need::required}}};
inline const Shape run{
    "/runs/*", {{"scenario", Need::required},   {"description", Need::required},  {"file", Need::required},
                {"design", Need::required},     {"design_file", Need::required},  {"placement", Need::required},
                {"seed", Need::required},       {"start", Need::required},        {"duration", Need::required},
                {"events", Need::required},     {"fingerprint", Need::required},  {"outcome", Need::required},
                {"verdicts", Need::required},   {"observations", Need::required}, {"outages", Need::required},
                {"workers", Need::required},    {"roles", Need::required},        {"executions", Need::required},
                {"work", Need::required},       {"batches", Need::required},      {"deployment", Need::required},
                {"operations", Need::required}, {"switches", Need::required},     {"parameters", Need::required},
                {"parts", Need::required},      {"decisions", Need::optional},    {"timeline", Need::required}}};
inline const Shape verdict{"/runs/*/verdicts/*",
                           {{"outcome", Need::required},
                            {"expectation", Need::required},
                            {"reason", Need::required},
                            {"settle", Need::required},
                            {"line", Need::required},
                            {"column", Need::required},
                            {"pointer", Need::required}}};
inline const Shape outage{"/runs/*/outages/*",
                          {{"service", Need::required},
                           {"from", Need::required},
                           {"to", Need::required},
                           {"length", Need::required},
                           {"censored", Need::required},
                           {"phases", Need::required}}};
inline const Shape phase{"/runs/*/outages/*/phases/*",
                         {{"phase", Need::required},
                          {"from", Need::required},
                          {"to", Need::required},
                          {"length", Need::required},
                          {"begins", Need::required},
                          {"ends", Need::required},
                          {"rests_on", Need::required}}};
inline const Shape parameter{
    "/runs/*/parameters/*",
    {{"name", Need::required}, {"value", Need::required}, {"origin", Need::required}, {"source", Need::required}}};
inline const Shape a_switch{"/runs/*/switches/*",
                            {{"name", Need::required}, {"value", Need::required}, {"settle", Need::required}}};
inline const Shape part{
    "/runs/*/parts/*",
    {{"kind", Need::required}, {"name", Need::required}, {"role", Need::required}, {"states", Need::required}}};
inline const Shape state{"/runs/*/parts/*/states/*",
                         {{"from", Need::required},
                          {"to", Need::required},
                          {"state", Need::required},
                          {"meaning", Need::required},
                          {"begun_by", Need::required}}};
inline const Shape decision{"/runs/*/decisions/*",
                            {{"kind", Need::required},
                             {"at", Need::required},
                             {"record", Need::required},
                             {"about", Need::required},
                             {"answer", Need::required},
                             {"options", Need::required},
                             {"facts", Need::required},
                             {"rule", Need::required},
                             {"source", Need::required}}};
inline const Shape option{"/runs/*/decisions/*/options/*", {{"node", Need::required}, {"excluded", Need::required}}};
inline const Shape record{"/runs/*/timeline/*",
                          {{"id", Need::required},
                           {"at", Need::required},
                           {"cause", Need::required},
                           {"kind", Need::required},
                           {"who", Need::required},
                           {"subject", Need::required},
                           {"object", Need::required},
                           {"value", Need::required},
                           {"text", Need::required},
                           {"event", Need::optional},
                           {"more", Need::optional}}};

}  // namespace rehearse::sim::saved_shapes
