//===- TableNumbers.h - what stands beside a function in its tables -------------===//
//
// `static const struct bus_ops usb = {.type = USB, .read = usb_read};`: whoever gets from `bus->ops->read` to usb_read() has an object whose
// `ops->type` is USB. A test of the type on the way there says whose function it is, and so does a test of another function of the same table.
//
// Only where a table is all there is: a field that code writes too, or a function that code puts into single objects, says nothing.
//
//===------------------------------------------------------------------------------===//
#ifndef FENCELINT_LINK_TABLENUMBERS_H
#define FENCELINT_LINK_TABLENUMBERS_H

#include "checks/link/Expression.h"
#include "checks/link/Summary.h"
#include "llvm/ADT/DenseMap.h"

namespace fencelint {

struct Program;

class TableNumbers {
public:
  void collect(const Program &P);
  /// What Field holds in every object that holds F in Slot, as far as its tables say.
  Knowledge beside(const Program &P, SymbolId Slot, FunctionId F, SymbolId Field) const;
  /// The numbers of a table by which code tells it from others of its struct.
  llvm::ArrayRef<SymbolId> distinguishing(SymbolId Slot, FunctionId F) const;

private:
  struct Table {
    SymbolId Record;
    llvm::SmallVector<std::pair<SymbolId, Knowledge>, 4> Fields; ///< what is not here is zero
  };
  std::vector<Table> Tables;
  llvm::DenseMap<std::pair<SymbolId, FunctionId>, llvm::SmallVector<uint32_t, 1>> Holding; ///< indices of Tables
  llvm::DenseMap<SymbolId, llvm::SmallVector<SymbolId, 2>> Tested; ///< by record: numbers of tables that code tests
};

} // namespace fencelint
#endif
