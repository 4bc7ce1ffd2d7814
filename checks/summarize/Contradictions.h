//===- Contradictions.h - descriptions held against the bodies they stand for ----------===//
//
// A person wrote what `foo` does, from its documentation or an older source; here its body is among the units. Both are summaries, so they can be
// compared, and where the body surely does what the description denies, checks of everything that calls it were wrong.
//
// What a body does not show proves nothing: a description says what an interface may do. So only the other direction is a contradiction, and "says more
// than the body shows" is a remark.
//
//===---------------------------------------------------------------------------------===//
#ifndef FENCELINT_SUMMARIZE_CONTRADICTIONS_H
#define FENCELINT_SUMMARIZE_CONTRADICTIONS_H

#include "checks/link/Program.h"

namespace fencelint {

/// Before solving: which described functions have a body here that is to be looked at. Their number.
unsigned chooseBodies(Program &P);
/// After solving: adds to Findings of Into what contradicts, to Remarks what says more than is seen.
void findContradictions(Program &P, Report &Into);

} // namespace fencelint
#endif
