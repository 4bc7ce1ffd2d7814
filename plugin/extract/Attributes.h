//===- Attributes.h - what declarations say about contexts --------------------===//
#ifndef FENCELINT_EXTRACT_ATTRIBUTES_H
#define FENCELINT_EXTRACT_ATTRIBUTES_H

#include "checks/facts/FactsFile.h"

namespace clang {
class ASTContext;
class NamedDecl;
} // namespace clang

namespace fencelint {

class EntityTable;

/// Writes the attributes of D, which is Entity: of all its redeclarations, its type, its typedefs, and its parameters'.
void extractAttributes(clang::ASTContext &Context, EntityTable &Entities, facts::UnitT &Out, const clang::NamedDecl *D,
                       uint32_t Entity);

} // namespace fencelint
#endif
