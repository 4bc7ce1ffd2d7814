//===- Uses.cpp - one walk over a body ---------------------------------------===//
//
// A local "changes" when anything but its initialiser may write it: an assignment, `++`, or its address in other hands
// (a reference, a capture, an inline assembly's output). Records are objects with an identity and are never replaced by
// a value, so nothing is recorded for them but whole assignments.
//
//===----------------------------------------------------------------------===//
#include "plugin/extract/Uses.h"
#include "plugin/extract/InitList.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Basic/Builtins.h"

using namespace clang;
using namespace fencelint;

bool fencelint::isEmptyStatement(const Stmt *S) {
  if (const auto *C = dyn_cast<CompoundStmt>(S))
    return llvm::all_of(C->body(), isEmptyStatement);
  if (isa<NullStmt>(S))
    return true;
  if (const auto *Cast = dyn_cast<CastExpr>(S))
    return Cast->getCastKind() == CK_ToVoid && isa<IntegerLiteral>(Cast->getSubExpr()->IgnoreParenImpCasts());
  if (const auto *P = dyn_cast<ParenExpr>(S))
    return isEmptyStatement(P->getSubExpr());
  if (const auto *E = dyn_cast<StmtExpr>(S))
    return isEmptyStatement(E->getSubStmt());
  return false;
}

const Expr *fencelint::claimWithoutCode(const Stmt *S) {
  const auto *Cast = dyn_cast<CastExpr>(S);
  if (!Cast || Cast->getCastKind() != CK_ToVoid)
    return nullptr;
  const auto *Size = dyn_cast<UnaryExprOrTypeTraitExpr>(Cast->getSubExpr()->IgnoreParenImpCasts());
  if (!Size || Size->getKind() != UETT_SizeOf || Size->isArgumentType())
    return nullptr;
  const Expr *Claim = Size->getArgumentExpr()->IgnoreParenCasts();
  return Claim->getType()->isScalarType() ? Claim : nullptr;
}

/// The variable that an expression is, whatever it is likely to hold: `__builtin_expect(!!(v), 0)`.
static const VarDecl *variableIn(const Expr *E) {
  for (;;) {
    E = E->IgnoreParenCasts();
    if (const auto *U = dyn_cast<UnaryOperator>(E); U && (U->getOpcode() == UO_LNot || U->getOpcode() == UO_Extension))
      E = U->getSubExpr();
    else if (const auto *C = dyn_cast<CallExpr>(E); C && C->getBuiltinCallee() == Builtin::BI__builtin_expect)
      E = C->getArg(0);
    else
      break;
  }
  const auto *Ref = dyn_cast<DeclRefExpr>(E);
  return Ref ? dyn_cast<VarDecl>(Ref->getDecl()) : nullptr;
}

static bool mentions(const Stmt *S, const VarDecl *V) {
  if (const auto *Ref = dyn_cast_or_null<DeclRefExpr>(S))
    return Ref->getDecl() == V;
  return S && llvm::any_of(S->children(), [&](const Stmt *Child) { return mentions(Child, V); });
}

static bool declares(const Stmt *S, const VarDecl *V) {
  const auto *D = dyn_cast<DeclStmt>(S);
  return D && llvm::is_contained(D->decls(), V);
}

bool fencelint::actsOnItsResult(const StmtExpr *E, const Uses &Used) {
  const CompoundStmt *Body = E->getSubStmt();
  const auto *Last = Body->body_empty() ? nullptr : dyn_cast<Expr>(Body->body_back());
  const VarDecl *Result = Last ? variableIn(Last) : nullptr;
  if (!Result || Used.changes(Result) || !declares(Body->body_front(), Result))
    return false;
  return llvm::any_of(Body->body(), [&](const Stmt *S) {
    const auto *If = dyn_cast<IfStmt>(S);
    return If && mentions(If->getCond(), Result);
  });
}

Uses::Uses(const FunctionDecl *F) {
  if (const auto *C = dyn_cast<CXXConstructorDecl>(F))
    for (const CXXCtorInitializer *I : C->inits()) {
      if (const FieldDecl *Field = I->getAnyMember())
        setTarget(I->getInit(), {Target::Member, Field});
      else
        setTarget(I->getInit(), {Target::This});
      walk(I->getInit());
    }
  walk(F->getBody());
}

/// The temporary that an elidable copy is made from.
static const Expr *elided(const CXXConstructExpr *Copy) {
  const Expr *Source = Copy->getArg(0)->IgnoreParens();
  while (const auto *Cast = dyn_cast<ImplicitCastExpr>(Source))
    Source = Cast->getSubExpr()->IgnoreParens();
  if (const auto *M = dyn_cast<MaterializeTemporaryExpr>(Source))
    Source = M->getSubExpr();
  return Source;
}

void Uses::setTarget(const Expr *E, Target T) {
  while (E) {
    E = E->IgnoreParens();
    if (const auto *Cleanups = dyn_cast<FullExpr>(E))
      E = Cleanups->getSubExpr();
    else if (const auto *Default = dyn_cast<CXXDefaultInitExpr>(E))
      E = Default->getExpr();
    else if (const auto *Bind = dyn_cast<CXXBindTemporaryExpr>(E))
      E = Bind->getSubExpr();
    else if (const auto *Cast = dyn_cast<CastExpr>(E); Cast && Cast->getType()->isRecordType())
      E = Cast->getSubExpr();
    else if (const auto *M = dyn_cast<MaterializeTemporaryExpr>(E); M && T.What != Target::Variable)
      E = M->getSubExpr();
    else if (const auto *L = dyn_cast<InitListExpr>(E); L && L->isTransparent())
      E = L->getInit(0);
    else if (const auto *C = dyn_cast<CXXConstructExpr>(E); C && C->isElidable() && C->getNumArgs()) {
      E = elided(C);
    } else
      break;
  }
  if (!E)
    return;
  if (const auto *C = dyn_cast<ConditionalOperator>(E)) {
    setTarget(C->getTrueExpr(), T);
    setTarget(C->getFalseExpr(), T);
  }
  Targets[E] = T;
}

void Uses::markUnevaluated(const Stmt *S) {
  if (!S)
    return;
  Unevaluated.insert(S);
  for (const Stmt *Child : S->children())
    markUnevaluated(Child);
}

void Uses::giveAway(const Expr *Argument) {
  if (Argument->isGLValue()) // bound to a reference: the caller's
    return;
  Argument = Argument->IgnoreParens();
  while (const auto *Cast = dyn_cast<CastExpr>(Argument))
    Argument = Cast->getSubExpr()->IgnoreParens();
  if (const auto *Bind = dyn_cast<CXXBindTemporaryExpr>(Argument))
    GivenAway.insert(Bind);
}

void Uses::noteWrite(const Expr *E) {
  E = E->IgnoreParenCasts();
  if (const auto *Ref = dyn_cast<DeclRefExpr>(E)) {
    const auto *V = dyn_cast<VarDecl>(Ref->getDecl());
    if (!V)
      return;
    if (V->getType()->isReferenceType())
      WritesThroughPointers = true;
    else if (V->hasGlobalStorage())
      Written.insert(V->getCanonicalDecl());
    else
      Changed.insert(V);
  } else if (const auto *M = dyn_cast<MemberExpr>(E)) {
    Written.insert(M->getMemberDecl()->getCanonicalDecl());
  } else if (isa<ArraySubscriptExpr>(E)) {
    WritesElements = true;
  } else if (const auto *C = dyn_cast<ConditionalOperator>(E)) {
    noteWrite(C->getTrueExpr());
    noteWrite(C->getFalseExpr());
  } else {
    WritesThroughPointers = true;
  }
}

void Uses::walkChildren(const Stmt *S) {
  for (const Stmt *Child : S->children())
    walk(Child);
}

void Uses::walkUnder(Condition C, const Stmt *S) {
  Condition Outer = Current;
  Current = C;
  walk(S);
  Current = Outer;
}

/// Only the content of the place E is used.
void Uses::read(const Expr *E) {
  E = E->IgnoreParens();
  if (isa<DeclRefExpr>(E))
    return;
  if (const auto *C = dyn_cast<ConditionalOperator>(E)) {
    walk(C->getCond());
    read(C->getTrueExpr());
    return read(C->getFalseExpr());
  }
  if (const auto *C = dyn_cast<BinaryConditionalOperator>(E)) {
    read(C->getCommon());
    return read(C->getFalseExpr());
  }
  walk(E);
}

void Uses::walkInitList(const InitListExpr *L) {
  L = semantic(L);
  if (const RecordDecl *R = L->getType()->getAsRecordDecl(); R && isa<CXXRecordDecl>(R) && !L->isTransparent()) {
    forMembers(L, [&](const FieldDecl *F, const Expr *Init) { setTarget(Init, {Target::Subobject, F, L}); });
  } else if (L->getType()->isArrayType() && L->getType()->getBaseElementTypeUnsafe()->isRecordType()) {
    for (const Expr *Init : L->inits())
      setTarget(Init, {Target::Subobject, nullptr, L});
  }
  walkChildren(L);
}

void Uses::walkDo(const DoStmt *D) {
  if (D->getBeginLoc().isMacroID() && isEmptyStatement(D->getBody()))
    EmptyMacros[D->getCond()] = D->getBeginLoc();
  walkChildren(D);
}

void Uses::walk(const Stmt *S) {
  if (!S)
    return;
  switch (S->getStmtClass()) {
  case Stmt::DeclRefExprClass: {
    const auto *V = dyn_cast<VarDecl>(cast<DeclRefExpr>(S)->getDecl());
    if (V && !V->hasGlobalStorage() && !V->getType()->isRecordType() && !V->getType()->isReferenceType() &&
        !V->getType().isConstQualified())
      Changed.insert(V);
    return;
  }
  case Stmt::ImplicitCastExprClass: {
    const auto *Cast = cast<ImplicitCastExpr>(S);
    bool Reads = Cast->getCastKind() == CK_LValueToRValue ||
                 (Cast->getCastKind() == CK_NoOp && Cast->getType().isConstQualified());
    return Reads ? read(Cast->getSubExpr()) : walk(Cast->getSubExpr());
  }
  case Stmt::BinaryOperatorClass:
  case Stmt::CompoundAssignOperatorClass: {
    const auto *B = cast<BinaryOperator>(S);
    if (B->isAssignmentOp()) {
      noteWrite(B->getLHS());
      if (!isa<DeclRefExpr>(B->getLHS()->IgnoreParens()))
        walk(B->getLHS());
      return walk(B->getRHS());
    }
    walk(B->getLHS());
    if (B->isLogicalOp())
      return walkUnder({B->getLHS(), B->getOpcode() == BO_LAnd}, B->getRHS());
    return walk(B->getRHS());
  }
  case Stmt::UnaryOperatorClass: {
    const auto *U = cast<UnaryOperator>(S);
    if (U->isIncrementDecrementOp()) {
      noteWrite(U->getSubExpr());
      if (isa<DeclRefExpr>(U->getSubExpr()->IgnoreParens()))
        return;
    }
    return walk(U->getSubExpr());
  }
  case Stmt::ConditionalOperatorClass: {
    const auto *C = cast<ConditionalOperator>(S);
    walk(C->getCond());
    walkUnder({C->getCond(), true}, C->getTrueExpr());
    return walkUnder({C->getCond(), false}, C->getFalseExpr());
  }
  case Stmt::BinaryConditionalOperatorClass: {
    const auto *C = cast<BinaryConditionalOperator>(S);
    walk(C->getCommon());
    return walkUnder({C->getCond(), false}, C->getFalseExpr());
  }
  case Stmt::OpaqueValueExprClass:
  case Stmt::BlockExprClass:
  case Stmt::RequiresExprClass:
  case Stmt::ConceptSpecializationExprClass:
    return;
  case Stmt::UnaryExprOrTypeTraitExprClass: {
    const auto *T = cast<UnaryExprOrTypeTraitExpr>(S);
    if (T->isArgumentType() || !T->getArgumentExpr()->getType()->isVariablyModifiedType())
      return;
    return walk(T->getArgumentExpr());
  }
  case Stmt::ConstantExprClass:
    if (const auto *C = cast<ConstantExpr>(S); C->isImmediateInvocation() && C->hasAPValueResult())
      return markUnevaluated(C->getSubExpr());
    return walkChildren(S);
  case Stmt::CXXNoexceptExprClass:
    return markUnevaluated(cast<CXXNoexceptExpr>(S)->getOperand());
  case Stmt::CXXTypeidExprClass: {
    const auto *T = cast<CXXTypeidExpr>(S);
    if (T->isTypeOperand())
      return;
    return T->isPotentiallyEvaluated() ? walk(T->getExprOperand()) : markUnevaluated(T->getExprOperand());
  }
  case Stmt::GenericSelectionExprClass: {
    const auto *G = cast<GenericSelectionExpr>(S);
    return G->isResultDependent() ? void() : walk(G->getResultExpr());
  }
  case Stmt::ChooseExprClass:
    return walk(cast<ChooseExpr>(S)->getChosenSubExpr());
  case Stmt::LambdaExprClass: {
    const auto *L = cast<LambdaExpr>(S);
    auto Field = L->getLambdaClass()->field_begin(), End = L->getLambdaClass()->field_end();
    for (const Expr *Init : L->capture_inits()) {
      if (Init && Field != End)
        setTarget(Init, {Target::Subobject, *Field++, L});
      walk(Init);
    }
    return;
  }
  case Stmt::PseudoObjectExprClass:
    for (const Expr *E : cast<PseudoObjectExpr>(S)->semantics())
      walk(E);
    return;
  case Stmt::ArrayInitLoopExprClass:
    walk(cast<ArrayInitLoopExpr>(S)->getCommonExpr()->getSourceExpr());
    return walk(cast<ArrayInitLoopExpr>(S)->getSubExpr());
  case Stmt::CXXDefaultInitExprClass:
    return walk(cast<CXXDefaultInitExpr>(S)->getExpr());
  case Stmt::CXXDefaultArgExprClass:
    return walk(cast<CXXDefaultArgExpr>(S)->getExpr());
  case Stmt::DeclStmtClass:
    for (const Decl *D : cast<DeclStmt>(S)->decls()) {
      const auto *V = dyn_cast<VarDecl>(D);
      if (!V || !V->getInit())
        continue;
      bool IsConstant = V->getASTContext().getLangOpts().CPlusPlus && !V->getInit()->isValueDependent() &&
                        (V->isConstexpr() || (V->isStaticLocal() && V->hasConstantInitialization()));
      if (IsConstant) { // no code
        markUnevaluated(V->getInit());
        continue;
      }
      setTarget(V->getInit(), {Target::Variable, V});
      walk(V->getInit());
      if (const auto *Parts = dyn_cast<DecompositionDecl>(V))
        for (const BindingDecl *B : Parts->bindings())
          if (const VarDecl *Holding = B->getHoldingVar())
            walk(Holding->getInit());
    }
    return;
  case Stmt::InitListExprClass:
    return walkInitList(cast<InitListExpr>(S));
  case Stmt::DoStmtClass:
    return walkDo(cast<DoStmt>(S));
  case Stmt::CXXTryStmtClass:
    HasTry = true;
    return walkChildren(S);
  case Stmt::CXXBindTemporaryExprClass:
    if (Current.If)
      Conditions[cast<CXXBindTemporaryExpr>(S)] = Current;
    return walkChildren(S);
  case Stmt::CXXNewExprClass: {
    const auto *N = cast<CXXNewExpr>(S);
    if (const Expr *Init = N->getInitializer())
      setTarget(Init, {Target::New, N});
    return walkChildren(S);
  }
  case Stmt::CXXThrowExprClass:
    if (const Expr *Sub = cast<CXXThrowExpr>(S)->getSubExpr())
      setTarget(Sub, {Target::Throw, S});
    return walkChildren(S);
  case Stmt::GCCAsmStmtClass: {
    const auto *A = cast<GCCAsmStmt>(S);
    for (unsigned I = 0; I < A->getNumOutputs(); ++I)
      noteWrite(A->getOutputExpr(I));
    return walkChildren(S);
  }
  case Stmt::CallExprClass:
  case Stmt::CXXMemberCallExprClass:
  case Stmt::CXXOperatorCallExprClass:
  case Stmt::UserDefinedLiteralClass:
    if (cast<CallExpr>(S)->getDirectCallee())
      for (const Expr *Argument : cast<CallExpr>(S)->arguments())
        giveAway(Argument);
    return walkChildren(S);
  case Stmt::CXXConstructExprClass:
  case Stmt::CXXTemporaryObjectExprClass:
    for (const Expr *Argument : cast<CXXConstructExpr>(S)->arguments())
      giveAway(Argument);
    if (const auto *C = cast<CXXConstructExpr>(S); C->isElidable() && C->getNumArgs())
      giveAway(elided(C));
    return walkChildren(S);
  default:
    return walkChildren(S);
  }
}
