//===- Solver.h - summaries for the whole program --------------------------------===//
#ifndef FENCELINT_LINK_SOLVER_H
#define FENCELINT_LINK_SOLVER_H

#include "checks/link/Program.h"

namespace fencelint {

/// Summaries bottom-up over strongly connected components, then the roots' contexts against their functions' effects.
void solve(Program &P);

} // namespace fencelint
#endif
