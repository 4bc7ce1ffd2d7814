//===- InitList.h - which member an initialiser list gives what -----------------===//
#ifndef FENCELINT_EXTRACT_INITLIST_H
#define FENCELINT_EXTRACT_INITLIST_H

#include "clang/AST/DeclCXX.h"
#include "clang/AST/Expr.h"

namespace fencelint {

/// The list with what the language fills in where the source leaves something out.
inline const clang::InitListExpr *semantic(const clang::InitListExpr *L) {
  const clang::InitListExpr *Filled = L->isSemanticForm() ? nullptr : L->getSemanticForm();
  return Filled ? Filled : L;
}

/// Calls F(FieldDecl, Expr) for each member of a struct that its semantic list initialises, in order; of a union for the one. Bases come before them in
/// the list and are not told.
template <typename Callable> void forMembers(const clang::InitListExpr *L, Callable F) {
  const clang::RecordDecl *R = L->getType()->getAsRecordDecl();
  if (R->isUnion()) {
    if (const clang::FieldDecl *Only = L->getInitializedFieldInUnion(); Only && L->getNumInits())
      F(Only, L->getInit(0));
    return;
  }
  unsigned I = 0;
  if (const auto *C = llvm::dyn_cast<clang::CXXRecordDecl>(R))
    I = C->getNumBases();
  for (const clang::FieldDecl *Field : R->fields()) {
    if (Field->isUnnamedBitField())
      continue;
    if (I >= L->getNumInits())
      return;
    F(Field, L->getInit(I++));
  }
}

} // namespace fencelint
#endif
