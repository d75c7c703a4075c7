// What an operator does to the roles of a running cluster and to single resources, each as a step (W 4.4, W 8).
#pragma once

#include <string>

#include "model/steps/step.hpp"

namespace rehearse::steps {

StepPtr move_role(std::string role, std::string node);
/// To the best possible node (W 4.3). Never satisfied beforehand: the role leaves its node when asked to.
StepPtr move_role_to_best(std::string role);

/// Of an availability group: the replica of the node becomes the primary whatever it lacks, which is lost (W 10).
StepPtr force_failover(std::string role, std::string node);
/// After a forced failover the data movement of the other replicas stands until somebody resumes it.
StepPtr resume_data_movement(std::string role, std::string node);

/// The role stays offline, whatever node it is on, until it is brought online again.
StepPtr offline_role(std::string role);
StepPtr online_role(std::string role);

/// With what needs it; the rest of the role keeps its state.
StepPtr offline_resource(std::string resource);
/// With what it needs.
StepPtr online_resource(std::string resource);

/// Lets an online resource fail once and leaves the rest to the policies. Never satisfied beforehand.
StepPtr fail_resource(std::string resource);

}  // namespace rehearse::steps
