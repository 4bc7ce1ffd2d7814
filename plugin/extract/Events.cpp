//===- Events.cpp - assignments, returns, destructors -------------------------===//
//
// The CFG gives each expression that matters its own element, in evaluation order, so every event is written exactly
// when its element comes up; values only look back at events that exist. What the compiler does unasked (destructors,
// cleanup, guards of local statics) is written as if it were spelled out, with the flag Implicit.
//
//===----------------------------------------------------------------------===//
#include "plugin/extract/Events.h"
#include "plugin/extract/InitList.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Lex/Lexer.h"

using namespace clang;
using namespace fencelint;
using facts::EventFlag;
using facts::EventKind;
using K = facts::ValueKind;

static uint32_t bit(EventFlag Flag) { return static_cast<uint32_t>(Flag); }

uint32_t Events::add(const facts::Event &E) {
  uint32_t Id = Out.Events.size();
  Out.Events.push_back(E);
  Out.Blocks[Block].Events.push_back(Id);
  return Id;
}

uint32_t Events::addCall(uint32_t Flags, ValueId Callee, ValueId Object, llvm::ArrayRef<ValueId> Arguments,
                         SourceLocation At) {
  uint32_t First = Out.Arguments.size();
  Out.Arguments.insert(Out.Arguments.end(), Arguments.begin(), Arguments.end());
  return add({EventKind::Call, Flags, Callee, Object, None, None, First, static_cast<uint32_t>(Arguments.size()),
              location(At)});
}

uint32_t Events::callRuntime(llvm::StringRef Name, llvm::ArrayRef<ValueId> Arguments, SourceLocation At,
                             bool NoReturn) {
  ValueId Callee = V.leaf(K::Function, Entities.runtimeFunction(Name, NoReturn));
  return addCall(bit(EventFlag::Implicit), Callee, None, Arguments, At);
}

facts::Location Events::location(SourceLocation At) { return Entities.location(DefaultAt.isValid() ? DefaultAt : At); }

void Events::assign(ValueId Place, ValueId Value, SourceLocation At) {
  if (V.kind(Place) == K::Unknown || Place == Value)
    return;
  add({EventKind::Assign, 0, None, None, Place, Value, 0, 0, location(At)});
}

/// Of the members that an initialiser leaves out, so many are told.
static constexpr unsigned MostLeftOut = 8;

void Events::leaveOut(ValueId Member, SourceLocation At) {
  if (V.kind(Member) == K::Unknown)
    return;
  add({EventKind::Assign, bit(EventFlag::Implicit), None, None, Member, V.constant(0), 0, 0, location(At)});
}

/// A scalar, or the members of an aggregate one by one.
void Events::initialize(ValueId Place, const Expr *Init) {
  const Expr *E = Init->IgnoreParenImpCasts();
  if (const auto *Full = dyn_cast<FullExpr>(E))
    E = Full->getSubExpr()->IgnoreParenImpCasts();
  if (const auto *Literal = dyn_cast<CompoundLiteralExpr>(E); Literal && !Init->getType()->isPointerType())
    E = Literal->getInitializer()->IgnoreParenImpCasts();
  if (const auto *L = dyn_cast<InitListExpr>(E)) {
    L = semantic(L);
    if (L->isTransparent())
      return initialize(Place, L->getInit(0));
    if (L->getType()->getAsRecordDecl()) {
      unsigned Left = MostLeftOut;
      forMembers(L, [&](const FieldDecl *F, const Expr *Sub) { // zero, and first: it may soon be something else
        if (Sub && isa<ImplicitValueInitExpr>(Sub) && F->getType()->isScalarType() && Left && Left--)
          leaveOut(V.field(Place, Entities.field(F)), L->getBeginLoc());
      });
      forMembers(L, [&](const FieldDecl *F, const Expr *Sub) {
        if (Sub && !isa<ImplicitValueInitExpr>(Sub))
          initialize(F->isAnonymousStructOrUnion() ? Place : V.field(Place, Entities.field(F)), Sub);
      });
      return;
    }
    if (L->getType()->isArrayType()) {
      const Type *Element = L->getType()->getBaseElementTypeUnsafe();
      if (!Element->isRecordType() && !Element->isAnyPointerType())
        return;
      for (unsigned I = 0; I < L->getNumInits(); ++I)
        if (!isa<ImplicitValueInitExpr>(L->getInit(I)))
          initialize(V.element(Place, V.constant(I)), L->getInit(I));
      return;
    }
  }
  if (isa<StringLiteral, ImplicitValueInitExpr>(E))
    return;
  if (const auto *C = dyn_cast<CXXConstructExpr>(E))
    if (!C->isElidable() && !(C->getConstructor()->isTrivial() && C->getNumArgs() == 1))
      return; // its own call
  assign(Place, Values.argument(Init), Init->getExprLoc());
}

void Events::enterParameters() {
  for (const ParmVarDecl *P : Function->parameters())
    if (Values.isLocalCopy(P))
      assign(Values.local(P), V.leaf(K::Parameter, P->getFunctionScopeIndex()), P->getLocation());
}

const CXXDestructorDecl *Events::destructorOf(QualType T) const {
  const CXXRecordDecl *R = T.getNonReferenceType()->getBaseElementTypeUnsafe()->getAsCXXRecordDecl();
  return R && R->hasDefinition() ? R->getDestructor() : nullptr;
}

void Events::leaveParameters() {
  for (const ParmVarDecl *P : llvm::reverse(Function->parameters())) {
    if (P->getType()->isReferenceType())
      continue;
    ValueId Place = Values.isLocalCopy(P) ? Values.local(P) : V.leaf(K::Parameter, P->getFunctionScopeIndex());
    destroy(destructorOf(P->getType()), V.addressOf(Place), bit(EventFlag::Implicit) | bit(EventFlag::Parameter),
            Function->getBody()->getEndLoc());
  }
}

void Events::destroy(const CXXDestructorDecl *D, ValueId Object, uint32_t Flags, SourceLocation At) {
  if (!D || D->isTrivial())
    return;
  add({EventKind::Destroy, Flags, V.leaf(K::Function, Entities.function(D)), Object, None, None, 0, 0, location(At)});
}

void Events::destroyLocal(const VarDecl *D, SourceLocation At, EventFlag Extra) {
  uint32_t Flags = bit(EventFlag::Implicit) | bit(Extra);
  if (D->hasAttr<CleanupAttr>()) {
    uint32_t First = Out.Arguments.size();
    Out.Arguments.push_back(V.addressOf(Values.local(D)));
    ValueId Callee = V.leaf(K::Function, Entities.function(D->getAttr<CleanupAttr>()->getFunctionDecl()));
    add({EventKind::Destroy, Flags, Callee, None, None, None, First, 1, location(At)});
  }
  destroy(destructorOf(D->getType()), D->getType()->isReferenceType() ? Values.local(D) : V.addressOf(Values.local(D)),
          Flags, At);
}

void Events::destroyBuilt(SourceLocation At) {
  const auto *C = dyn_cast<CXXConstructorDecl>(Function);
  if (!C || C->isDelegatingConstructor())
    return;
  uint32_t Flags = bit(EventFlag::Implicit) | bit(EventFlag::Unwinding) | bit(EventFlag::Member);
  llvm::SmallVector<const CXXCtorInitializer *, 8> Built(C->init_begin(), C->init_end()); // also what is not written
  for (const CXXCtorInitializer *I : llvm::reverse(Built)) {
    const FieldDecl *F = I->getAnyMember();
    if (const CXXDestructorDecl *D = destructorOf(F ? F->getType() : QualType(I->getBaseClass(), 0)))
      destroy(D, F ? V.addressOf(V.field(V.leaf(K::This), Entities.field(F))) : V.leaf(K::This), Flags, At);
  }
}

void Events::element(const CFGElement &E) {
  const uint32_t Implicit = bit(EventFlag::Implicit);
  switch (E.getKind()) {
  case CFGElement::Statement:
  case CFGElement::Constructor:
  case CFGElement::CXXRecordTypedCall:
    return statement(E.castAs<CFGStmt>().getStmt());
  case CFGElement::Initializer:
    return initializer(E.castAs<CFGInitializer>().getInitializer());
  case CFGElement::NewAllocator:
    return allocate(E.castAs<CFGNewAllocator>().getAllocatorExpr());
  case CFGElement::AutomaticObjectDtor: {
    auto Dtor = E.castAs<CFGAutomaticObjDtor>();
    const VarDecl *D = Dtor.getVarDecl();
    if (isa<ParmVarDecl>(D)) // leaveParameters
      return;
    const Stmt *Trigger = Dtor.getTriggerStmt();
    SourceLocation At = !Trigger                     ? D->getLocation()
                        : isa<CompoundStmt>(Trigger) ? Trigger->getEndLoc()
                                                     : Trigger->getBeginLoc();
    ValueId Object = D->getType()->isReferenceType() ? V.addressOf(Values.variable(D)) : V.addressOf(Values.local(D));
    return destroy(Dtor.getDestructorDecl(Context), Object, Implicit, At);
  }
  case CFGElement::DeleteDtor: {
    auto Dtor = E.castAs<CFGDeleteDtor>();
    const CXXDeleteExpr *Delete = Dtor.getDeleteExpr();
    const CXXDestructorDecl *D = destructorOf(Delete->getDestroyedType());
    if (!D)
      return;
    uint32_t Flags = bit(EventFlag::Deleted);
    if (D->isVirtual() && !D->hasAttr<FinalAttr>() && !D->getParent()->isEffectivelyFinal())
      Flags |= bit(EventFlag::Dispatch);
    return destroy(D, Values.value(Delete->getArgument()), Flags, Delete->getBeginLoc());
  }
  case CFGElement::BaseDtor:
    return destroy(destructorOf(E.castAs<CFGBaseDtor>().getBaseSpecifier()->getType()), V.leaf(K::This),
                   Implicit | bit(EventFlag::Member), Function->getLocation());
  case CFGElement::MemberDtor: {
    auto Dtor = E.castAs<CFGMemberDtor>();
    ValueId Object = V.addressOf(V.field(V.leaf(K::This), Entities.field(Dtor.getFieldDecl())));
    return destroy(destructorOf(Dtor.getFieldDecl()->getType()), Object, Implicit | bit(EventFlag::Member),
                   Function->getLocation());
  }
  case CFGElement::TemporaryDtor: {
    auto Dtor = E.castAs<CFGTemporaryDtor>();
    const CXXBindTemporaryExpr *Bind = Dtor.getBindTemporaryExpr();
    if (Used.isGivenAway(Bind))
      return;
    return destroy(Dtor.getDestructorDecl(Context), V.addressOf(Values.value(Bind)),
                   Implicit | bit(EventFlag::Temporary),
                   Defaulted.contains(Bind) ? Defaulted.lookup(Bind) : Bind->getExprLoc());
  }
  case CFGElement::CleanupFunction:
    return destroyLocal(E.castAs<CFGCleanupFunction>().getVarDecl(),
                        E.castAs<CFGCleanupFunction>().getVarDecl()->getLocation(), EventFlag::Implicit);
  case CFGElement::ScopeBegin:
  case CFGElement::ScopeEnd:
  case CFGElement::LifetimeEnds:
  case CFGElement::LoopExit:
    return;
  }
}

void Events::initializer(const CXXCtorInitializer *I) {
  const FieldDecl *F = I->getAnyMember();
  if (!F || !I->getInit())
    return;
  const Expr *Init = I->getInit();
  if (const auto *Default = dyn_cast<CXXDefaultInitExpr>(Init))
    Init = Default->getExpr();
  ValueId Place = F->isAnonymousStructOrUnion() ? V.leaf(K::This) : V.field(V.leaf(K::This), Entities.field(F));
  if (F->getType()->isReferenceType())
    return assign(Place, Values.argument(Init), I->getSourceLocation());
  initialize(Place, Init);
}

/// Every macro on the way to this place, outermost first.
void Events::macro(SourceLocation At, ValueId Taken) {
  const SourceManager &SM = Context.getSourceManager();
  llvm::SmallVector<std::pair<llvm::StringRef, SourceLocation>, 4> Names;
  for (; At.isMacroID(); At = SM.getImmediateMacroCallerLoc(At))
    if (llvm::StringRef Name = Lexer::getImmediateMacroName(At, SM, Context.getLangOpts()); !Name.empty())
      Names.push_back({Name, At});
  for (auto [Name, Loc] : llvm::reverse(Names))
    add({EventKind::Macro, 0, None, None, Entities.text(Name), Taken, 0, 0, location(Loc)});
}

void Events::modify(const Expr *Place, BinaryOperatorKind Op, ValueId Operand, SourceLocation At) {
  ValueId Old = Values.place(Place), New;
  switch (Op) {
  case BO_AddAssign:
    New = V.binary(K::Add, Old, Operand);
    break;
  case BO_SubAssign:
    New = V.binary(K::Subtract, Old, Operand);
    break;
  case BO_AndAssign:
    New = V.binary(K::BitAnd, Old, Operand);
    break;
  case BO_OrAssign:
    New = V.binary(K::BitOr, Old, Operand);
    break;
  case BO_ShlAssign:
    New = V.binary(K::ShiftLeft, Old, Operand);
    break;
  case BO_ShrAssign:
    New = V.binary(K::ShiftRight, Old, Operand);
    break;
  default:
    New = V.unknown();
    break;
  }
  assign(Old, New, At);
}

void Events::assembly(const GCCAsmStmt *S) {
  if (S->getAsmString().empty() && S->getNumOutputs() == 0)
    return;
  facts::Location At = location(S->getAsmLoc());
  auto Same = [&](const facts::Event &E) {
    return E.kind() == EventKind::Assembly && E.location().line() == At.line() &&
           E.location().column() == At.column() && E.location().file() == At.file();
  };
  // One macro often leaves several in a row.
  if (!S->getAsmString().empty() &&
      (Out.Blocks[Block].Events.empty() || !Same(Out.Events[Out.Blocks[Block].Events.back()])))
    add({EventKind::Assembly, 0, None, None, None, None, 0, 0, At});
  for (unsigned I = 0; I < S->getNumOutputs(); ++I)
    assign(Values.place(S->getOutputExpr(I)), V.unknown(), S->getAsmLoc());
}

void Events::declare(const VarDecl *D) {
  if (D->isStaticLocal()) {
    Entities.mention(D);
    return finishStatic(D);
  }
  if (D->hasExternalStorage() || !D->getInit())
    return;
  const Expr *Init = D->getInit();
  QualType T = D->getType();
  if (T->isRecordType() || T->isArrayType())
    initialize(Values.local(D), Init);
  else if (ValueId Initial = Values.argument(Init); Values.initialize(D, Initial))
    assign(Values.local(D), Initial, D->getLocation());
  if (const auto *Parts = dyn_cast<DecompositionDecl>(D))
    for (const BindingDecl *B : Parts->bindings())
      if (const VarDecl *Holding = B->getHoldingVar())
        declare(Holding);
}
