// Ctrl-C, and the signals by which a system or a closed terminal asks a program to end: work in the simulated world is
// then given up, and what is complete is told. (Commands that act on real machines take the signals another way,
// real_platform.hpp.)
#pragma once

namespace rehearse::cli {

/// From here on these signals are noted and no longer end the program.
void note_interrupts();

/// Whether one came; from any thread.
bool interrupted();

}  // namespace rehearse::cli
