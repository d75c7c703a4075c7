// What this thread has asked of the heap. Programs that link counted_heap.cpp have operators new and delete that count;
// what they count is the same with and without AddressSanitizer.
#pragma once

#include <cstdint>

namespace rehearse::tests {

struct HeapUse {
  std::uint64_t allocations = 0;  // since the thread began
  std::int64_t live_bytes = 0;    // allocated less freed, by this thread
};

HeapUse heap_use();

}  // namespace rehearse::tests
