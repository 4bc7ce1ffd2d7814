//===- Statements.cpp - which event a statement is --------------------------------===//
//
// `statement` is asked about one node whose operands had their turn, as the CFG delivers them. `walk` does the same for a
// whole tree, for what the CFG does not order: default arguments, the implicit parts of a coroutine, and bodies for which
// clang builds no CFG. Both skip what is never evaluated.
//
//===----------------------------------------------------------------------===//
#include "plugin/extract/Events.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/StmtCXX.h"

using namespace clang;
using namespace fencelint;
using facts::EventKind;

void Events::statement(const Stmt *S) {
  if (Used.isUnevaluated(S))
    return;
  switch (S->getStmtClass()) {
  case Stmt::BinaryOperatorClass: {
    const auto *B = cast<BinaryOperator>(S);
    if (B->getOpcode() != BO_Assign)
      return;
    ValueId Place = Values.place(B->getLHS());
    if (B->getType()->isRecordType())
      return initialize(Place, B->getRHS());
    return assign(Place, Values.value(B->getRHS()), B->getOperatorLoc());
  }
  case Stmt::CompoundAssignOperatorClass: {
    const auto *B = cast<CompoundAssignOperator>(S);
    return modify(B->getLHS(), B->getOpcode(), Values.value(B->getRHS()), B->getOperatorLoc());
  }
  case Stmt::UnaryOperatorClass: {
    const auto *U = cast<UnaryOperator>(S);
    if (U->isIncrementDecrementOp())
      modify(U->getSubExpr(), U->isIncrementOp() ? BO_AddAssign : BO_SubAssign, V.constant(1), U->getOperatorLoc());
    return;
  }
  case Stmt::ReturnStmtClass:
    if (const Expr *Value = cast<ReturnStmt>(S)->getRetValue(); Value && !Value->getType()->isVoidType())
      add({EventKind::Return, 0, None, None, None, Values.argument(Value), 0, 0, location(S->getBeginLoc())});
    return;
  case Stmt::DeclStmtClass:
    for (const Decl *D : cast<DeclStmt>(S)->decls())
      if (const auto *Var = dyn_cast<VarDecl>(D))
        declare(Var);
    return;
  case Stmt::CallExprClass:
  case Stmt::CXXMemberCallExprClass:
  case Stmt::CXXOperatorCallExprClass:
  case Stmt::UserDefinedLiteralClass:
    return call(cast<CallExpr>(S));
  case Stmt::CXXConstructExprClass:
  case Stmt::CXXTemporaryObjectExprClass:
    return construct(cast<CXXConstructExpr>(S));
  case Stmt::CXXInheritedCtorInitExprClass:
    return constructInherited(cast<CXXInheritedCtorInitExpr>(S));
  case Stmt::LambdaExprClass:
    return capture(cast<LambdaExpr>(S));
  case Stmt::CXXDeleteExprClass:
    return deallocate(cast<CXXDeleteExpr>(S));
  case Stmt::CXXThrowExprClass:
    return throwException(cast<CXXThrowExpr>(S));
  case Stmt::GCCAsmStmtClass:
    return assembly(cast<GCCAsmStmt>(S));
  case Stmt::MSAsmStmtClass:
    add({EventKind::Assembly, 0, None, None, None, None, 0, 0, location(S->getBeginLoc())});
    return;
  case Stmt::CompoundLiteralExprClass: {
    const Expr *Init = cast<CompoundLiteralExpr>(S)->getInitializer();
    if (Function && isa<InitListExpr>(Init))
      initialize(V.dereference(Values.constructed(Init)), Init);
    return;
  }
  case Stmt::StmtExprClass:
    if (const auto *E = cast<StmtExpr>(S); E->getBeginLoc().isMacroID() && actsOnItsResult(E, Used))
      macro(E->getBeginLoc(), Values.value(E));
    return;
  case Stmt::CStyleCastExprClass:
  case Stmt::IntegerLiteralClass:
  case Stmt::ImplicitCastExprClass:
  case Stmt::CXXBoolLiteralExprClass:
    if (SourceLocation At = Used.emptyMacro(S); At.isValid())
      return macro(At);
    if (isa<CStyleCastExpr>(S) && S->getBeginLoc().isMacroID() && isEmptyStatement(S))
      return macro(S->getBeginLoc());
    if (const Expr *Claim = S->getBeginLoc().isMacroID() ? claimWithoutCode(S) : nullptr)
      return macro(S->getBeginLoc(), Values.value(Claim));
    return;
  default:
    if (const auto *C = dyn_cast<CallExpr>(S))
      call(C);
  }
}

void Events::walk(const Stmt *S) {
  if (!S || Used.isUnevaluated(S))
    return;
  switch (S->getStmtClass()) {
  case Stmt::UnaryExprOrTypeTraitExprClass:
  case Stmt::OpaqueValueExprClass:
  case Stmt::RequiresExprClass:
  case Stmt::ConceptSpecializationExprClass:
  case Stmt::BlockExprClass:
  case Stmt::CXXNoexceptExprClass:
    return;
  case Stmt::CXXTypeidExprClass:
    if (const auto *T = cast<CXXTypeidExpr>(S); T->isTypeOperand() || !T->isPotentiallyEvaluated())
      return;
    break;
  case Stmt::GenericSelectionExprClass:
    return walk(cast<GenericSelectionExpr>(S)->getResultExpr());
  case Stmt::ChooseExprClass:
    return walk(cast<ChooseExpr>(S)->getChosenSubExpr());
  case Stmt::CXXDefaultArgExprClass: // with its call
    return;
  case Stmt::CXXDefaultInitExprClass:
    return walk(cast<CXXDefaultInitExpr>(S)->getExpr());
  case Stmt::LambdaExprClass:
    for (const Expr *Init : cast<LambdaExpr>(S)->capture_inits())
      walk(Init);
    return statement(S);
  case Stmt::DeclStmtClass:
    for (const Decl *D : cast<DeclStmt>(S)->decls())
      if (const auto *Var = dyn_cast<VarDecl>(D))
        walk(Var->getInit());
    return statement(S);
  case Stmt::CXXNewExprClass:
    allocate(cast<CXXNewExpr>(S));
    break;
  case Stmt::CXXBindTemporaryExprClass:
    if (DefaultAt.isValid())
      Defaulted[cast<CXXBindTemporaryExpr>(S)] = DefaultAt;
    break;
  case Stmt::CoawaitExprClass:
  case Stmt::CoyieldExprClass: {
    const auto *C = cast<CoroutineSuspendExpr>(S);
    walk(C->getCommonExpr());
    walk(C->getReadyExpr());
    walk(C->getSuspendExpr());
    return walk(C->getResumeExpr());
  }
  case Stmt::InitListExprClass:
    if (const InitListExpr *L = cast<InitListExpr>(S); !L->isSemanticForm() && L->getSemanticForm())
      return walk(L->getSemanticForm());
    break;
  default:
    break;
  }
  for (const Stmt *Child : S->children())
    walk(Child);
  statement(S);
}
