//===- Body.h - a function's body becomes blocks and edges --------------------===//
#ifndef FENCELINT_EXTRACT_BODY_H
#define FENCELINT_EXTRACT_BODY_H

#include "checks/facts/FactsFile.h"
#include <memory>

namespace clang {
class ASTContext;
class FunctionDecl;
} // namespace clang

namespace fencelint {

class EntityTable;

/// The skeleton of a definition, without its hash.
std::unique_ptr<facts::FunctionT> extractBody(clang::ASTContext &Context, EntityTable &Entities,
                                              const clang::FunctionDecl *F);

} // namespace fencelint
#endif
