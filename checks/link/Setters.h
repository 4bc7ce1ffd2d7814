//===- Setters.h - for whose objects a field is ever set ------------------------===//
#ifndef FENCELINT_LINK_SETTERS_H
#define FENCELINT_LINK_SETTERS_H

#include "checks/facts/FactsFile.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/SmallVector.h"
#include <vector>

namespace fencelint {

struct Program;
using FunctionId = uint32_t;
using SymbolId = uint32_t;

/// Who gives a field another value than zero, and who gets these functions to run.
class Setters {
public:
  /// Where function pointers lead must be known.
  void collect(const Program &P);
  /// Somebody sets the field, and nobody whom that module calls or who calls it: in what it passes on the field is most likely zero.
  bool isOnlyForOthers(const Program &P, SymbolId Field, uint32_t Module);
  /// Some set the field, none of them in that module: it tests what its users have chosen.
  bool isUsersChoice(const Program &P, SymbolId Field, uint32_t Module);

private:
  struct Reached {
    bool Anybody = false;                      ///< who gets them to run is not known
    llvm::SmallVector<uint32_t, 4> Modules;    ///< of the setters and of all who call them
    llvm::SmallVector<uint32_t, 2> Beginnings; ///< of those among them whose address somebody keeps
  };
  std::vector<std::pair<SymbolId, FunctionId>> ByField; ///< sorted
  std::vector<std::pair<SymbolId, uint32_t>> ByTable;   ///< (field, module) whose constant tables set it, sorted
  std::vector<std::pair<SymbolId, SymbolId>> Copies;    ///< (field, the other field that somebody sets it to), sorted
  std::vector<std::pair<FunctionId, FunctionId>> Callers; ///< (callee, caller), sorted
  llvm::DenseSet<FunctionId> Stored;                    ///< somewhere in memory, so whoever reads that calls it
  llvm::DenseMap<SymbolId, Reached> Known;
  llvm::DenseMap<std::pair<SymbolId, uint32_t>, bool> ForOthers, Chosen; ///< what was asked before

  bool isOnlyForOthers(const Program &P, SymbolId Field, uint32_t Module, unsigned Depth);
  const Reached &whoReaches(const Program &P, SymbolId Field);
};

} // namespace fencelint
#endif
