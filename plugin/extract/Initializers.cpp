//===- Initializers.cpp - ops tables and other constants ------------------------===//
//
// `static const struct ops o = { .open = f }` stores f in (ops, open), whatever the object is called; an array of
// structs stores into the same fields for each element; an array of function pointers stores into the variable (or field)
// that holds the array. The condition of `cond ? f : g` is not looked at: both are stored. A table that a constexpr function fills is asked of the
// compiler, which knows its value.
//
// The numbers that stand beside a function say when it is called: `if (ops->type == USB)` is a test of which table that is.
//
//===----------------------------------------------------------------------===//
#include "plugin/extract/Initializers.h"
#include "plugin/extract/EntityTable.h"
#include "plugin/extract/InitList.h"
#include "clang/AST/DeclCXX.h"
#include "clang/AST/ExprCXX.h"
#include "llvm/Support/SaveAndRestore.h"

using namespace clang;
using namespace fencelint;

namespace {

class InitializerWalk {
public:
  InitializerWalk(EntityTable &Entities, facts::UnitT &Out, llvm::DenseSet<uint32_t> &SetFields) : Entities(Entities), Out(Out), SetFields(SetFields) {}
  /// Slot is the field or variable that E initialises, null when it initialises nothing with a name.
  void walk(const ValueDecl *Slot, const Expr *E);

private:
  EntityTable &Entities;
  facts::UnitT &Out;
  llvm::DenseSet<uint32_t> &SetFields; ///< by initialisers of structs without functions: each is told once

  /// The struct that is being filled.
  struct Object {
    const RecordDecl *Record;
    uint32_t Table = None; ///< of the facts, as soon as it holds a function
    llvm::SmallVector<std::pair<const FieldDecl *, std::optional<int64_t>>, 8> Numbers;
  };
  Object *Filled = nullptr;

  void store(const ValueDecl *Slot, const FunctionDecl *F, SourceLocation At);
  void note(const FieldDecl *F, const Expr *Init);
  void tell(const Object &O);
  /// A value of type T that the compiler has computed at At.
  void walkValue(const ValueDecl *Slot, const APValue &Value, QualType T, SourceLocation At);
  void walkMembers(const InitListExpr *L, const ValueDecl *Slot);
};

} // namespace

void InitializerWalk::store(const ValueDecl *Slot, const FunctionDecl *F, SourceLocation At) {
  if (!Slot)
    return Entities.mention(F);
  uint32_t Into = isa<FieldDecl>(Slot) ? Entities.field(cast<FieldDecl>(Slot)) : Entities.variable(cast<VarDecl>(Slot));
  uint32_t Table = None;
  if (Filled && isa<FieldDecl>(Slot)) {
    if (Filled->Table == None) {
      Filled->Table = Out.tables.size();
      Out.tables.emplace_back(Entities.record(Filled->Record));
    }
    Table = Filled->Table;
  }
  Out.stores.emplace_back(Into, Entities.function(F), Table, Entities.location(At));
}

/// A scalar that this initialiser sets to something else than zero, and no function.
void InitializerWalk::note(const FieldDecl *F, const Expr *Init) {
  if (const auto *Full = dyn_cast<FullExpr>(Init))
    Init = Full->getSubExpr();
  QualType T = F->getType();
  if (!T->isScalarType() || T->isFunctionPointerType() || T->isMemberFunctionPointerType() || F->isAnonymousStructOrUnion() || isa<ImplicitValueInitExpr>(Init))
    return;
  std::optional<int64_t> Number;
  if (Expr::EvalResult Result; T->isIntegralOrEnumerationType() && Init->EvaluateAsInt(Result, F->getASTContext()))
    Number = Result.Val.getInt().tryExtValue();
  else if (Init->isNullPointerConstant(F->getASTContext(), Expr::NPC_ValueDependentIsNotNull))
    Number = 0;
  if (Number != 0)
    Filled->Numbers.push_back({F, Number});
}

void InitializerWalk::tell(const Object &O) {
  for (auto [Field, Number] : O.Numbers)
    if (O.Table != None)
      Out.table_numbers.emplace_back(O.Table, Entities.field(Field), Number.value_or(0), Number.has_value());
    else if (uint32_t Entity = Entities.field(Field); SetFields.insert(Entity).second)
      Out.table_numbers.emplace_back(None, Entity, 0, false);
}

static const ValueDecl *slotOf(const FieldDecl *F) { return F->isAnonymousStructOrUnion() ? nullptr : F; }

void InitializerWalk::walkMembers(const InitListExpr *L, const ValueDecl *Slot) {
  L = semantic(L);
  const RecordDecl *R = L->getType()->getAsRecordDecl();
  if (!R || L->isTransparent()) {
    for (const Expr *Init : L->inits())
      walk(Slot, Init);
    return;
  }
  Object Here{R, None, {}};
  llvm::SaveAndRestore Inside(Filled, R->isUnion() ? Filled : &Here);
  if (const auto *C = dyn_cast<CXXRecordDecl>(R); C && !R->isUnion())
    for (unsigned I = 0; I < C->getNumBases() && I < L->getNumInits(); ++I)
      walk(nullptr, L->getInit(I));
  forMembers(L, [&](const FieldDecl *F, const Expr *Init) {
    if (!R->isUnion())
      note(F, Init);
    walk(slotOf(F), Init);
  });
  tell(Here);
}

void InitializerWalk::walkValue(const ValueDecl *Slot, const APValue &Value, QualType T, SourceLocation At) {
  switch (Value.getKind()) {
  case APValue::LValue: {
    const auto *D = Value.getLValueBase().dyn_cast<const ValueDecl *>();
    if (const auto *F = dyn_cast_or_null<FunctionDecl>(D))
      store(Slot, F, At);
    else if (const auto *V = dyn_cast_or_null<VarDecl>(D); V && V->hasGlobalStorage())
      Entities.mention(V);
    return;
  }
  case APValue::MemberPointer:
    if (const auto *M = dyn_cast_or_null<CXXMethodDecl>(Value.getMemberPointerDecl()))
      Entities.mention(M);
    return;
  case APValue::Struct: {
    llvm::SaveAndRestore Inside(Filled, static_cast<Object *>(nullptr));
    const RecordDecl *R = T->getAsRecordDecl();
    if (const auto *C = dyn_cast<CXXRecordDecl>(R)) {
      unsigned I = 0;
      for (const CXXBaseSpecifier &Base : C->bases())
        walkValue(nullptr, Value.getStructBase(I++), Base.getType(), At);
    }
    for (const FieldDecl *F : R->fields())
      walkValue(slotOf(F), Value.getStructField(F->getFieldIndex()), F->getType(), At);
    return;
  }
  case APValue::Union:
    if (const FieldDecl *F = Value.getUnionField())
      walkValue(slotOf(F), Value.getUnionValue(), F->getType(), At);
    return;
  case APValue::Array: {
    QualType Element = QualType(T->getArrayElementTypeNoTypeQual(), 0);
    for (unsigned I = 0; I < Value.getArrayInitializedElts(); ++I)
      walkValue(Slot, Value.getArrayInitializedElt(I), Element, At);
    return;
  }
  default:
    return;
  }
}

void InitializerWalk::walk(const ValueDecl *Slot, const Expr *E) {
  if (!E)
    return;
  E = E->IgnoreParenCasts();
  if (const auto *Full = dyn_cast<FullExpr>(E))
    return walk(Slot, Full->getSubExpr());
  switch (E->getStmtClass()) {
  case Stmt::IntegerLiteralClass:
  case Stmt::StringLiteralClass:
  case Stmt::ImplicitValueInitExprClass:
  case Stmt::FloatingLiteralClass:
  case Stmt::UnaryExprOrTypeTraitExprClass:
  case Stmt::OffsetOfExprClass:
    return;
  case Stmt::InitListExprClass:
    return walkMembers(cast<InitListExpr>(E), Slot);
  case Stmt::CompoundLiteralExprClass:
    return walk(nullptr, cast<CompoundLiteralExpr>(E)->getInitializer());
  case Stmt::DeclRefExprClass: {
    const ValueDecl *D = cast<DeclRefExpr>(E)->getDecl();
    if (const auto *F = dyn_cast<FunctionDecl>(D))
      store(Slot, F, E->getExprLoc());
    else if (const auto *V = dyn_cast<VarDecl>(D); V && V->hasGlobalStorage())
      Entities.mention(V);
    return;
  }
  case Stmt::UnaryOperatorClass:
    return walk(Slot, cast<UnaryOperator>(E)->getSubExpr());
  case Stmt::ConditionalOperatorClass:
    walk(Slot, cast<ConditionalOperator>(E)->getTrueExpr());
    return walk(Slot, cast<ConditionalOperator>(E)->getFalseExpr());
  case Stmt::ChooseExprClass:
    return walk(Slot, cast<ChooseExpr>(E)->getChosenSubExpr());
  case Stmt::GenericSelectionExprClass:
    return walk(Slot, cast<GenericSelectionExpr>(E)->getResultExpr());
  case Stmt::MaterializeTemporaryExprClass:
    return walk(Slot, cast<MaterializeTemporaryExpr>(E)->getSubExpr());
  case Stmt::CXXBindTemporaryExprClass:
    return walk(Slot, cast<CXXBindTemporaryExpr>(E)->getSubExpr());
  case Stmt::CXXDefaultInitExprClass:
    return walk(Slot, cast<CXXDefaultInitExpr>(E)->getExpr());
  case Stmt::SubstNonTypeTemplateParmExprClass:
    return walk(Slot, cast<SubstNonTypeTemplateParmExpr>(E)->getReplacement());
  case Stmt::LambdaExprClass: // in a slot only as a function pointer: the cast was seen through
    if (const CXXMethodDecl *Body = cast<LambdaExpr>(E)->getCallOperator(); !Body->isDependentContext())
      store(Slot, Body, E->getExprLoc());
    return;
  case Stmt::CXXMemberCallExprClass: {
    const auto *Call = cast<CXXMemberCallExpr>(E);
    if (const auto *C = dyn_cast_or_null<CXXConversionDecl>(Call->getMethodDecl()); C && C->getParent()->isLambda()) {
      if (const CXXMethodDecl *Body = C->getParent()->getLambdaCallOperator(); Body && !Body->isDependentContext())
        store(Slot, Body, E->getExprLoc());
      return;
    }
    break;
  }
  case Stmt::CXXConstructExprClass:
  case Stmt::CXXTemporaryObjectExprClass: {
    const auto *C = cast<CXXConstructExpr>(E);
    if (!C->getConstructor()->isTrivial())
      Entities.mention(C->getConstructor());
    for (const Expr *Argument : C->arguments())
      walk(Slot, Argument);
    return;
  }
  default:
    break;
  }
  if (const auto *Call = dyn_cast<CallExpr>(E))
    if (const FunctionDecl *F = Call->getDirectCallee(); F && F->isConstexpr())
      if (Expr::EvalResult Result; E->EvaluateAsConstantExpr(Result, F->getASTContext()))
        return walkValue(Slot, Result.Val, E->getType(), E->getExprLoc());
  for (const Stmt *Child : E->children())
    if (const auto *Sub = dyn_cast_or_null<Expr>(Child))
      walk(nullptr, Sub);
}

void fencelint::extractInitializer(EntityTable &Entities, facts::UnitT &Out, llvm::DenseSet<uint32_t> &SetFields, const VarDecl *Definition) {
  if (const Expr *Init = Definition->getInit(); Init && !Init->isValueDependent())
    InitializerWalk(Entities, Out, SetFields).walk(Definition, Init);
}
