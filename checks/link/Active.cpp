//===- Active.cpp - the names of devices that may be awake ------------------------===//
#include "checks/link/Active.h"

using namespace fencelint;
using K = facts::ValueKind;

ExprId fencelint::someDevice(ExprTable &Exprs) { return Exprs.constant(0); }

ExprId fencelint::deviceOf(ExprTable &Exprs, ExprId Id) {
  ExprId Object = Exprs.object(Id);
  const Expr E = Exprs[Object];
  switch (E.Kind) {
  case K::Field:
    return Exprs.make(K::Global, E.B); // of whatever object
  case K::Global:
  case K::Parameter:
  case K::This:
  case K::Local:
  case K::Result:
    return Object;
  default:
    return someDevice(Exprs);
  }
}
