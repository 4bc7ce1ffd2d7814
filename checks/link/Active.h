//===- Active.h - the names of devices that may be awake -------------------===//
//
// Why: waking a device up sleeps, but only when it is asleep. Drivers do it again and again where somebody up the chain did it before, or holds the
// reference that keeps it awake (References.h); each of these would be a false report.
//
// A device is named by the field or variable that holds it, whatever object that is in: the path to it differs from function to function, and
// what one driver wakes up in one chain of calls is one device nearly always.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_LINK_ACTIVE_H
#define FENCELINT_LINK_ACTIVE_H

#include "checks/link/Expression.h"

namespace fencelint {

/// The field, variable, parameter or result that holds the device; someDevice() when it is none of these.
ExprId deviceOf(ExprTable &Exprs, ExprId Id);
/// A device that nobody can name: never known to be active, except where all are.
ExprId someDevice(ExprTable &Exprs);

} // namespace fencelint
#endif
