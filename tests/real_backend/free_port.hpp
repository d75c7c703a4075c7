// A port for a server that a test starts.
#pragma once

namespace rehearse::real {

/// A port of 127.0.0.1 that nobody listens on just now; somebody else may take it the next moment.
int free_port();

}  // namespace rehearse::real
