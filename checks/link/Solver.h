//===- Solver.h - summaries for the whole program --------------------------------===//
#ifndef FENCELINT_LINK_SOLVER_H
#define FENCELINT_LINK_SOLVER_H

#include "checks/link/Program.h"

namespace fencelint {

/// Summaries bottom-up over strongly connected components, then the roots' contexts against their functions' effects.
void solve(Program &P);

/// What the tests on the way (Excluded bits) say about a root's context: `if (in_interrupt()) return;`.
bool canBeIn(uint8_t NotIn, const Context &Root);

} // namespace fencelint
#endif
