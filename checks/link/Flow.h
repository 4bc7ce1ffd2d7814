//===- Flow.h - where function pointers lead, and who calls what is stored -----===//
#ifndef FENCELINT_LINK_FLOW_H
#define FENCELINT_LINK_FLOW_H

#include "checks/link/Program.h"

namespace fencelint {

/// Fills Program::PointsTo, Slots' contracts, Roots and ModuleCalls, which bits files give their fields, and for whom a field is set.
void followPointers(Program &P);

/// A place that may hold functions: the key of Program::PointsTo.
struct Holder {
  enum Kind : uint64_t { Slot = 1, Parameter, Return, Local }; // no key is 0
  static uint64_t slot(SymbolId S) { return key(Slot, S, 0); }
  static uint64_t parameter(FunctionId F, unsigned I) { return key(Parameter, F, I); }
  static uint64_t result(FunctionId F) { return key(Return, F, 0); }
  static uint64_t local(FunctionId F, unsigned I) { return key(Local, F, I); }

  static Kind kindOf(uint64_t Key) { return static_cast<Kind>(Key >> 60); }
  /// The symbol or function.
  static uint32_t whose(uint64_t Key) { return Key >> 24; }
  static unsigned index(uint64_t Key) { return Key & 0xffffff; }

private:
  static uint64_t key(Kind K, uint64_t A, uint64_t B) { return K << 60 | A << 24 | (B & 0xffffff); }
};

} // namespace fencelint
#endif
