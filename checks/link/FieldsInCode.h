//===- FieldsInCode.h - what code does to the fields of structs --------------------===//
//
// Constant tables and initialisers say what a field holds only as long as nobody else writes it. One walk over all bodies collects who does, and
// which fields are ever tested.
//
//===--------------------------------------------------------------------------------===//
#ifndef FENCELINT_LINK_FIELDSINCODE_H
#define FENCELINT_LINK_FIELDSINCODE_H

#include "checks/facts/FactsFile.h"
#include "checks/link/Summary.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"

namespace fencelint {

struct Program;
struct ProgramFunction;

/// A member that the initialiser of a function's own object leaves out, and that is zero therefore.
inline bool isLeftOut(const facts::Event &E) {
  return E.kind() == facts::EventKind::Assign && (E.flags() & static_cast<uint32_t>(facts::EventFlag::Implicit));
}

class FieldsInCode {
public:
  void collect(const Program &P);

  llvm::DenseSet<SymbolId> Written;
  llvm::DenseSet<SymbolId> Tested;                       ///< by a branch
  llvm::DenseSet<SymbolId> AskedFor;                     ///< tested, or handed on to somebody who may test it
  llvm::DenseSet<SymbolId> Mixed;                        ///< given a function that is not named there: from who knows which table
  llvm::DenseSet<std::pair<SymbolId, FunctionId>> Given; ///< named functions that code puts into a field
  /// Somebody who is given an object may write the field: through a pointer, or as memory without a type.
  bool mayBeFilled(const Program &P, SymbolId Field) const;
  /// The fields of that record that are asked for; none of one that has too many to keep in mind.
  llvm::ArrayRef<SymbolId> askedForOf(SymbolId Record) const;

private:
  llvm::DenseMap<SymbolId, llvm::SmallVector<SymbolId, 4>> AskedForOf;
  llvm::DenseSet<SymbolId> FilledFields, FilledRecords;

  void read(const Program &P, const ProgramFunction &Fn);
  void noteTests(const Program &P, const ProgramFunction &Fn, uint32_t Value, llvm::DenseSet<SymbolId> &Fields, llvm::DenseSet<uint32_t> &Seen);
};

} // namespace fencelint
#endif
