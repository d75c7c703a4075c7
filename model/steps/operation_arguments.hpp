// What the arguments of an operation mean: names of the design, and words. For operations.cpp, which makes steps of
// them.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "model/steps/operations.hpp"

namespace rehearse::steps {

std::vector<std::string> node_names(const model::Design& design);
std::vector<std::string> resource_names(const model::Design& design);

/// An argument that names a part of the design: its name there. The name must be among `names`.
std::string named(const std::vector<std::string>& names, const OperationArguments& arguments,
                  const std::string& argument);

/// Which of the argument's words was given; 0, the default, when none was.
std::size_t word_given(const OperationArguments& arguments, std::string_view argument);

}  // namespace rehearse::steps
