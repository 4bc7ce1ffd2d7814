//===- Described.h - a description becomes a summary -----------------------------===//
#ifndef FENCELINT_LINK_DESCRIBED_H
#define FENCELINT_LINK_DESCRIBED_H

#include "checks/link/Program.h"

namespace fencelint {

/// The summary of a function that a model or an annotation describes: the same thing the solver makes of a body, so that nobody after
/// this asks where a summary came from.
Summary summaryOf(Program &P, FunctionId F, const FunctionModel &Model);
/// What a slot's `does:` says a call through it does.
Summary summaryOf(Program &P, const SlotModel &Slot);

} // namespace fencelint
#endif
