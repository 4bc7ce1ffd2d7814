//===- Memory.h - how the objects of a class are allocated ----------------------===//
#ifndef FENCELINT_LINK_MEMORY_H
#define FENCELINT_LINK_MEMORY_H

#include "checks/link/Program.h"

namespace fencelint {

/// Fills Program::Made from every allocation that the source takes for an object of a class. Described functions must have their summaries.
void noteMemory(Program &P);

} // namespace fencelint
#endif
