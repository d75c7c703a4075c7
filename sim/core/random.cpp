#include "sim/core/random.hpp"

#include <Random123/philox.h>

namespace rehearse::core {

std::uint64_t draw(Key key, Stream stream, std::uint64_t ordinal) {
  const r123::Philox4x64::ctr_type counter = {{ordinal, static_cast<std::uint64_t>(stream), 0, 0}};
  const r123::Philox4x64::key_type philox_key = {{key.seed, key.replication}};
  return r123::Philox4x64{}(counter, philox_key)[0];
}

}  // namespace rehearse::core
