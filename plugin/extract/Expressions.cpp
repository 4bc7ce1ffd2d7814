//===- Expressions.cpp - places: variables, members, references -------------===//
//
// A reference is the pointer it is: an argument bound to one is an address, a use of one a dereference. So `f(m)` with
// `void f(mutex &m)` and `f(&m)` with `void f(mutex *m)` give the same values.
//
// A local that is initialised once is replaced by its initial value, so that `struct foo *f = p->foo; lock(&f->lock)` and
// `lock(&p->foo->lock)` are the same lock. That is only done while the value cannot have changed meanwhile: not when it reads a
// local, field or variable which this body writes (`old = p->x; p->x = NULL; if (old)`).
//
//===----------------------------------------------------------------------===//
#include "plugin/extract/Expressions.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/Basic/Builtins.h"

using namespace clang;
using namespace fencelint;
using K = facts::ValueKind;

Expressions::Expressions(ASTContext &Context, EntityTable &Entities, Skeleton &Out, const Uses &Used,
                         const FunctionDecl *F)
    : Context(Context), Entities(Entities), Out(Out), V(Out.Values), Used(Used), Function(F) {
  if (const auto *M = dyn_cast<CXXMethodDecl>(F); M && M->getParent()->isLambda())
    M->getParent()->getCaptureFields(Captures, ThisCapture);
}

std::pair<ValueId, bool> fencelint::asGuard(const ValueTable &V, ValueId Condition) {
  bool Truth = true;
  for (; V.kind(Condition) == K::Not; Condition = V[Condition].a())
    Truth = !Truth;
  return {V.kind(Condition) == K::Unknown ? None : Condition, Truth};
}

uint32_t Expressions::addLocal(llvm::StringRef Name, bool IsObject) {
  uint32_t Index = Out.Locals.size();
  Out.Locals.push_back(Entities.text(Name));
  if (IsObject)
    Objects.insert(Index);
  return Index;
}

ValueId Expressions::local(const VarDecl *D) {
  auto [It, New] = Locals.try_emplace(D, 0);
  if (New) {
    QualType T = D->getType();
    It->second = addLocal(D->getIdentifier() ? D->getName() : "(unnamed)", T->isRecordType() || T->isArrayType());
  }
  return V.leaf(K::Local, It->second);
}

ValueId Expressions::temporary(const Expr *For) {
  if (auto It = Temporaries.find(For); It != Temporaries.end())
    return It->second;
  ValueId T = V.leaf(K::Local, addLocal("(temporary)", true));
  return Temporaries[For] = T;
}

bool Expressions::isLocalCopy(const ParmVarDecl *P) const { return Used.changes(P); }

ValueId Expressions::self() {
  if (!ThisCapture)
    return V.leaf(K::This);
  ValueId Captured = V.field(V.leaf(K::This), Entities.field(ThisCapture));
  return ThisCapture->getType()->isRecordType() ? V.addressOf(Captured) : Captured; // `[*this]`
}

ValueId Expressions::variable(const VarDecl *D) {
  bool IsReference = D->getType()->isReferenceType();
  auto Referred = [&](ValueId P) { return IsReference ? V.dereference(P) : P; };
  if (D->hasGlobalStorage()) {
    Entities.mention(D);
    return Referred(V.leaf(K::Global, Entities.variable(D)));
  }
  if (FieldDecl *Captured = Captures.lookup(D)) {
    ValueId Field = V.field(V.leaf(K::This), Entities.field(Captured));
    return Captured->getType()->isReferenceType() ? V.dereference(Field) : Field;
  }
  if (const auto *P = dyn_cast<ParmVarDecl>(D)) {
    if (P->getDeclContext() == Function && P->getFunctionScopeIndex() < Function->getNumParams() && !isLocalCopy(P))
      return Referred(V.leaf(K::Parameter, P->getFunctionScopeIndex()));
    return Referred(local(P));
  }
  if (auto It = Substitutes.find(D); It != Substitutes.end())
    return Referred(It->second);
  return Referred(local(D));
}

ValueId Expressions::declaration(const DeclRefExpr *E) {
  const ValueDecl *D = E->getDecl();
  if (const auto *Var = dyn_cast<VarDecl>(D)) {
    if (Context.getLangOpts().CPlusPlus && Var->getType().isConstQualified() &&
        Var->getType()->isIntegralOrEnumerationType() && Var->mightBeUsableInConstantExpressions(Context)) {
      const VarDecl *Initialized = nullptr;
      if (const Expr *Init = Var->getAnyInitializer(Initialized); Init && !Init->isValueDependent())
        if (const APValue *Value = Initialized->evaluateValue(); Value && Value->isInt())
          return V.constant(numberOf(Value->getInt()));
    }
    return variable(Var);
  }
  if (const auto *F = dyn_cast<FunctionDecl>(D))
    return V.leaf(K::Function, Entities.function(F));
  if (const auto *C = dyn_cast<EnumConstantDecl>(D))
    return V.constant(numberOf(C->getInitVal()));
  if (const auto *B = dyn_cast<BindingDecl>(D)) {
    if (const VarDecl *Holding = B->getHoldingVar())
      return variable(Holding);
    if (const Expr *Binding = B->getBinding())
      return place(Binding);
  }
  return V.unknown();
}

ValueId Expressions::member(const MemberExpr *E) {
  const ValueDecl *D = E->getMemberDecl();
  if (const auto *F = dyn_cast<FieldDecl>(D)) {
    ValueId Base = E->isArrow() || E->getBase()->isPRValue() ? value(E->getBase()) : place(E->getBase());
    if (F->isAnonymousStructOrUnion()) // its members count as those of the record around it
      return Base;
    ValueId Field = V.field(Base, Entities.field(F));
    return F->getType()->isReferenceType() ? V.dereference(Field) : Field;
  }
  if (const auto *Var = dyn_cast<VarDecl>(D))
    return variable(Var);
  if (const auto *Method = dyn_cast<FunctionDecl>(D))
    return V.leaf(K::Function, Entities.function(Method));
  if (const auto *C = dyn_cast<EnumConstantDecl>(D))
    return V.constant(numberOf(C->getInitVal()));
  return V.unknown();
}

ValueId Expressions::constructed(const Expr *E) {
  const Target T = Used.target(E);
  switch (T.What) {
  case Target::Variable: {
    const auto *D = static_cast<const VarDecl *>(T.Of);
    if (D->getType()->isReferenceType())
      break;
    return V.addressOf(D->hasGlobalStorage() ? variable(D) : local(D));
  }
  case Target::Member: {
    const auto *F = static_cast<const FieldDecl *>(T.Of);
    return F->isAnonymousStructOrUnion() ? V.leaf(K::This) : V.addressOf(V.field(V.leaf(K::This), Entities.field(F)));
  }
  case Target::This:
    return V.leaf(K::This);
  case Target::New:
  case Target::Throw:
    if (auto It = Pointers.find(static_cast<const Stmt *>(T.Of)); It != Pointers.end())
      return It->second;
    break;
  case Target::Subobject: {
    ValueId Outer = V.dereference(constructed(T.Parent));
    const auto *F = static_cast<const FieldDecl *>(T.Of);
    return V.addressOf(F && !F->isAnonymousStructOrUnion() ? V.field(Outer, Entities.field(F)) : Outer);
  }
  case Target::None:
    break;
  }
  return V.addressOf(temporary(E));
}

bool Expressions::isStable(ValueId Id, bool AddressOnly) {
  const facts::Value X = V[Id];
  switch (X.kind()) {
  case K::Local:
    return AddressOnly || Objects.contains(X.a());
  case K::Global:
    return AddressOnly || !Used.isWritten(Entities.declaration(X.a()));
  case K::Field:
    return (AddressOnly || !Used.isWritten(Entities.declaration(X.b()))) && isStable(X.a(), false);
  case K::Element:
    return (AddressOnly || !Used.WritesElements) && isStable(X.a(), false) && isStable(X.b(), false);
  case K::Dereference:
    return (AddressOnly || !Used.WritesThroughPointers) && isStable(X.a(), false);
  case K::AddressOf:
    return isStable(X.a(), true);
  default: {
    bool Stable = true;
    V.forOperands(Id, [&](ValueId Operand) { Stable = Stable && isStable(Operand, false); });
    return Stable;
  }
  }
}

bool Expressions::initialize(const VarDecl *D, ValueId Initial) {
  QualType T = D->getType();
  bool Replaceable = !Used.changes(D) && !D->hasAttr<CleanupAttr>() && !T.isVolatileQualified() &&
                     (T->isScalarType() || T->isReferenceType()) && !Locals.contains(D);
  if (!Replaceable || !isStable(Initial, false))
    return true;
  Substitutes[D] = Initial;
  return false;
}

ValueId Expressions::last(const StmtExpr *E, bool WantPlace) {
  const CompoundStmt *Body = E->getSubStmt();
  if (const auto *Value = Body->body_empty() ? nullptr : dyn_cast<ValueStmt>(Body->body_back()))
    if (const Expr *Result = Value->getExprStmt())
      return WantPlace && Result->isGLValue() ? place(Result) : argument(Result);
  return V.unknown();
}

ValueId Expressions::place(const Expr *E) {
  if (!E->isGLValue())
    return value(E);
  switch (E->getStmtClass()) {
  case Stmt::ParenExprClass:
    return place(cast<ParenExpr>(E)->getSubExpr());
  case Stmt::DeclRefExprClass:
    return declaration(cast<DeclRefExpr>(E));
  case Stmt::MemberExprClass:
    return member(cast<MemberExpr>(E));
  case Stmt::ArraySubscriptExprClass: {
    const auto *A = cast<ArraySubscriptExpr>(E);
    ValueId Base = value(A->getBase());
    return V.element(Base, value(A->getIdx()));
  }
  case Stmt::UnaryOperatorClass: {
    const auto *U = cast<UnaryOperator>(E);
    if (U->getOpcode() == UO_Deref)
      return V.dereference(value(U->getSubExpr()));
    return place(U->getSubExpr()); // ++x, __extension__, __real
  }
  case Stmt::BinaryOperatorClass:
  case Stmt::CompoundAssignOperatorClass: {
    const auto *B = cast<BinaryOperator>(E);
    if (B->isAssignmentOp())
      return place(B->getLHS());
    return B->getOpcode() == BO_Comma ? place(B->getRHS()) : V.unknown();
  }
  case Stmt::ConditionalOperatorClass: {
    const auto *C = cast<ConditionalOperator>(E);
    ValueId Condition = value(C->getCond());
    ValueId True = V.addressOf(place(C->getTrueExpr()));
    return V.dereference(V.choose(Condition, True, V.addressOf(place(C->getFalseExpr()))));
  }
  case Stmt::BinaryConditionalOperatorClass: {
    const auto *C = cast<BinaryConditionalOperator>(E);
    ValueId Common = place(C->getCommon());
    return V.choose(Common, Common, place(C->getFalseExpr()));
  }
  case Stmt::MaterializeTemporaryExprClass:
    return value(cast<MaterializeTemporaryExpr>(E)->getSubExpr());
  case Stmt::ExprWithCleanupsClass:
  case Stmt::ConstantExprClass:
    return place(cast<FullExpr>(E)->getSubExpr());
  case Stmt::OpaqueValueExprClass:
    if (const Expr *Source = cast<OpaqueValueExpr>(E)->getSourceExpr())
      return place(Source);
    return V.unknown();
  case Stmt::GenericSelectionExprClass:
    return place(cast<GenericSelectionExpr>(E)->getResultExpr());
  case Stmt::ChooseExprClass:
    return place(cast<ChooseExpr>(E)->getChosenSubExpr());
  case Stmt::CXXDefaultArgExprClass:
    return place(cast<CXXDefaultArgExpr>(E)->getExpr());
  case Stmt::CXXDefaultInitExprClass:
    return place(cast<CXXDefaultInitExpr>(E)->getExpr());
  case Stmt::SubstNonTypeTemplateParmExprClass:
    return place(cast<SubstNonTypeTemplateParmExpr>(E)->getReplacement());
  case Stmt::CompoundLiteralExprClass:
    return V.dereference(constructed(cast<CompoundLiteralExpr>(E)->getInitializer()));
  case Stmt::StmtExprClass:
    return last(cast<StmtExpr>(E), true);
  case Stmt::InitListExprClass:
    if (const auto *L = cast<InitListExpr>(E); L->getNumInits() == 1)
      return place(L->getInit(0));
    return V.unknown();
  case Stmt::CXXRewrittenBinaryOperatorClass:
    return place(cast<CXXRewrittenBinaryOperator>(E)->getSemanticForm());
  case Stmt::CXXDynamicCastExprClass:
    return V.dereference(V.unknown());
  case Stmt::StringLiteralClass: // equal texts are one value
    return V.text(cast<StringLiteral>(E)->getBytes());
  default:
    break;
  }
  if (const auto *C = dyn_cast<CastExpr>(E)) {
    if (C->getCastKind() == CK_LValueToRValue)
      return V.unknown();
    return place(C->getSubExpr());
  }
  if (const auto *C = dyn_cast<CallExpr>(E))
    return V.dereference(call(C));
  if (const auto *C = dyn_cast<CoroutineSuspendExpr>(E); C && C->getResumeExpr())
    return place(C->getResumeExpr());
  return V.unknown();
}
