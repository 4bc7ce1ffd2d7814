//===- OwnBits.h - which bits a file gives a field of its own objects ----------===//
#ifndef FENCELINT_LINK_OWNBITS_H
#define FENCELINT_LINK_OWNBITS_H

#include "checks/link/Program.h"

namespace fencelint {

/// Fills Program::OwnBits and NamedBits.
void collectOwnBits(Program &P);

} // namespace fencelint
#endif
