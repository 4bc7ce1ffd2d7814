//===- Initializers.h - functions that initialisers store ----------------------===//
#ifndef FENCELINT_EXTRACT_INITIALIZERS_H
#define FENCELINT_EXTRACT_INITIALIZERS_H

#include "checks/facts/FactsFile.h"
#include "llvm/ADT/DenseSet.h"

namespace clang {
class VarDecl;
} // namespace clang

namespace fencelint {

class EntityTable;

/// Writes what the initialiser of a variable with static storage puts into fields and variables, and mentions everything else
/// that it names, so that the functions of a table's table are found too. SetFields: what was told of the unit's other variables.
void extractInitializer(EntityTable &Entities, facts::UnitT &Out, llvm::DenseSet<uint32_t> &SetFields, const clang::VarDecl *Definition);

} // namespace fencelint
#endif
