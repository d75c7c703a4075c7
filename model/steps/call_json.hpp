// Requests, answers and failures as JSON, and back from JSON that was read: what transcripts and plans are made of.
//
//   request  {"call": "Cluster.MoveRole", "with": ["SQL Server (MSSQLSERVER)", "SQL2", "10m"]}
//   answer   null (done), true, 5, "SQL1", ["SQL1", "SQL2"], {"date": ...}, {"master_settings": {...}},
//            {"worker_settings": {...}}, {"certificates": [...]}, {"secret": "name"}
//   failure  {"code": "refused", "message": "access denied", "step": ..., "primitive": ..., "node": ...}
//
// Reading gives what was written, but of a secret only its name: its text is never in a file. Bytes that are no UTF-8
// are written as U+FFFD.
#pragma once

#include <optional>
#include <string>

#include "model/reading.hpp"
#include "model/steps/answer.hpp"
#include "model/steps/failure.hpp"
#include "model/steps/requests.hpp"

namespace rehearse::steps {

// On one line, without a line end.
std::string request_json(const AnyRequest& request);
std::string answer_json(const Answer& answer);
std::string failure_json(const Failure& failure);

// nullopt after a diagnostic.
std::optional<AnyRequest> read_request(const model::Value& value);
std::optional<Answer> read_answer(const model::Value& value);
std::optional<Failure> read_failure(const model::Value& value);

/// The same for an object that has more keys than "call" and "with"; its shape must hold both.
std::optional<AnyRequest> read_request(const model::Object& object);

}  // namespace rehearse::steps
