// A password that nobody chooses and nobody keeps: it lives as long as the object and guards what is on its way.
#pragma once

#include <string>

#include "model/steps/secret.hpp"

namespace rehearse::real {

/// 256 random bits as hexadecimal digits; `purpose` becomes the secret's name, "password of the key on its way".
steps::Secret one_time_password(const std::string& purpose);

}  // namespace rehearse::real
