//===- Calls.cpp - calls, constructors, new and delete ------------------------===//
//
// The object of a call is always a pointer: `this`, `p`, or the address of the place, so that a callee's `this` can be
// replaced by it. An operand of a builtin that is not a function of any library leaves no call, but what it may write
// through a pointer becomes unknown.
//
//===----------------------------------------------------------------------===//
#include "plugin/extract/Events.h"
#include "clang/AST/ASTContext.h"
#include "clang/Basic/Builtins.h"

using namespace clang;
using namespace fencelint;
using facts::EventFlag;
using facts::EventKind;
using K = facts::ValueKind;

static uint32_t bit(EventFlag Flag) { return static_cast<uint32_t>(Flag); }

void Events::defaultArguments(llvm::ArrayRef<const Expr *> Arguments, SourceLocation At) {
  SourceLocation Outer = DefaultAt;
  if (DefaultAt.isInvalid())
    DefaultAt = At;
  for (const Expr *A : Arguments)
    if (const auto *Default = dyn_cast<CXXDefaultArgExpr>(A))
      walk(Default->getExpr());
  DefaultAt = Outer;
}

void Events::silentCall(const CallExpr *E) {
  const FunctionDecl *F = E->getDirectCallee();
  if (const auto *M = dyn_cast_or_null<CXXMethodDecl>(F)) {
    if (M->isCopyAssignmentOperator() || M->isMoveAssignmentOperator()) { // trivial: a copy of the object
      const auto *Member = dyn_cast<CXXMemberCallExpr>(E);
      const Expr *From = E->getArg(Member ? 0 : 1);
      assign(Values.place(Member ? Member->getImplicitObjectArgument() : E->getArg(0)), Values.place(From),
             E->getExprLoc());
    }
    return;
  }
  if (!F || Context.BuiltinInfo.isInStdNamespace(F->getBuiltinID()) ||
      Context.BuiltinInfo.isUnevaluated(F->getBuiltinID()))
    return;
  if (unsigned Id = F->getBuiltinID();
      Id == Builtin::BI__builtin_add_overflow || Id == Builtin::BI__builtin_sub_overflow) {
    K Op = Id == Builtin::BI__builtin_add_overflow ? K::Add : K::Subtract; // `args_len = sizeof(*args) + size`, checked
    ValueId L = Values.value(E->getArg(0));
    return assign(V.dereference(Values.value(E->getArg(2))), V.binary(Op, L, Values.value(E->getArg(1))),
                  E->getExprLoc());
  }
  for (const Expr *A : E->arguments()) {
    if (!A->getType()->isAnyPointerType() || A->getType()->getPointeeType().isConstQualified())
      continue;
    ValueId Pointer = Values.value(A);
    if (V.kind(Pointer) == K::AddressOf)
      assign(V[Pointer].a(), V.unknown(), E->getExprLoc());
  }
}

void Events::call(const CallExpr *E) {
  llvm::ArrayRef<const Expr *> Passed(E->getArgs(), E->getNumArgs());
  defaultArguments(Passed, E->getExprLoc());
  if (!Values.isEvent(E))
    return silentCall(E);
  const Expr *Callee = E->getCallee()->IgnoreParens();
  SourceLocation At = Callee->getExprLoc();
  if (isa<CXXOperatorCallExpr>(E) || At.isInvalid())
    At = E->getExprLoc();
  uint32_t Flags = 0;
  ValueId Object = None, Target = None;
  const FunctionDecl *F = E->getDirectCallee();
  const auto *Method = dyn_cast_or_null<CXXMethodDecl>(F);
  const Expr *ObjectExpr = nullptr;
  bool Dispatches = false;
  if (const auto *Member = dyn_cast<CXXMemberCallExpr>(E)) {
    if (const auto *Through = dyn_cast<BinaryOperator>(Callee); Through && Through->isPtrMemOp()) {
      Object = Through->getOpcode() == BO_PtrMemI ? Values.value(Through->getLHS())
                                                  : V.addressOf(Values.place(Through->getLHS()));
      Target = Values.value(Through->getRHS());
    } else {
      ObjectExpr = Member->getImplicitObjectArgument();
      const auto *Named = dyn_cast<MemberExpr>(Callee);
      Dispatches = Method && Method->isVirtual() && Named && Named->performsVirtualDispatch(Context.getLangOpts());
    }
  } else if (isa<CXXOperatorCallExpr>(E) && Method && !Passed.empty()) {
    if (Method->isInstance())
      ObjectExpr = Passed[0];
    if (Method->isImplicitObjectMemberFunction() || Method->isStatic())
      Passed = Passed.drop_front();
    Dispatches = Method->isVirtual();
  }
  if (Method && Method->isExplicitObjectMemberFunction())
    ObjectExpr = nullptr;
  if (ObjectExpr)
    Object = ObjectExpr->getType()->isPointerType() && isa<CXXMemberCallExpr>(E)
                 ? Values.value(ObjectExpr)
                 : V.addressOf(Values.place(ObjectExpr));
  if (Dispatches)
    if (const CXXMethodDecl *Real = Method->getDevirtualizedMethod(ObjectExpr, Context.getLangOpts().AppleKext)) {
      F = Method = Real;
      Dispatches = false;
    }
  if (Dispatches)
    Flags |= bit(EventFlag::Dispatch);
  if (const auto *D = dyn_cast_or_null<CXXDestructorDecl>(F))
    return destroy(D, Object, Flags, At);
  if (F && F->getBuiltinID() && Context.BuiltinInfo.isLibFunction(F->getBuiltinID())) {
    llvm::StringRef Name = F->getName();
    Name.consume_front("__builtin_");
    Target = V.leaf(K::Function, Entities.runtimeFunction(Name, F->isNoReturn()));
  } else if (F) {
    Target = V.leaf(K::Function, Entities.function(F));
  } else if (Target == None) {
    Target = Values.value(E->getCallee());
  }
  if (isa<UserDefinedLiteral>(E) || (isa<CXXMemberCallExpr>(E) && isa_and_nonnull<CXXConversionDecl>(F) &&
                                     Callee->getExprLoc() == ObjectExpr->getExprLoc()))
    Flags |= bit(EventFlag::Implicit);
  llvm::SmallVector<ValueId, 8> Arguments;
  for (const Expr *A : Passed)
    Arguments.push_back(Values.argument(A));
  uint32_t Call = addCall(Flags, Target, Object, Arguments, At);
  Values.setResult(E, Call);
  for (unsigned I = 0; F && !F->getBuiltinID() && I < std::min<size_t>(F->getNumParams(), Passed.size()); ++I)
    if (F->getParamDecl(I)->getType()->isVoidPointerType())
      Values.noteObject(Call, Passed[I]->IgnoreParenImpCasts()->getType());
}

void Events::allocateException(const CXXThrowExpr *E) {
  uint32_t Call = callRuntime("__cxa_allocate_exception", {V.unknown()}, E->getThrowLoc());
  Values.setPointer(E, V.leaf(K::Result, Call));
}

void Events::construct(const CXXConstructExpr *E) {
  llvm::ArrayRef<const Expr *> Passed(E->getArgs(), E->getNumArgs());
  defaultArguments(Passed, E->getExprLoc());
  Target T = Used.target(E);
  if (T.What == Target::Throw && !Values.hasPointer(static_cast<const Stmt *>(T.Of)))
    allocateException(static_cast<const CXXThrowExpr *>(T.Of));
  const CXXConstructorDecl *C = E->getConstructor();
  if (C->isTrivial() || (E->isElidable() && C->isCopyOrMoveConstructor()))
    return;
  ValueId Object = Values.constructed(E);
  llvm::SmallVector<ValueId, 8> Arguments;
  for (const Expr *A : Passed)
    Arguments.push_back(Values.argument(A));
  uint32_t Flags = C->isImplicit() ? bit(EventFlag::Implicit) : 0;
  addCall(Flags, V.leaf(K::Function, Entities.function(C)), Object, Arguments, E->getExprLoc());
}

void Events::constructInherited(const CXXInheritedCtorInitExpr *E) {
  llvm::SmallVector<ValueId, 8> Arguments;
  for (unsigned I = 0; I < E->getConstructor()->getNumParams(); ++I)
    Arguments.push_back(V.leaf(K::Parameter, I));
  addCall(bit(EventFlag::Implicit), V.leaf(K::Function, Entities.function(E->getConstructor())), V.leaf(K::This),
          Arguments, E->getExprLoc());
}

/// What goes into a closure: captures are its fields.
void Events::capture(const LambdaExpr *E) {
  const CXXRecordDecl *Closure = E->getLambdaClass();
  if (const CXXMethodDecl *Body = E->getCallOperator(); !Body->isDependentContext())
    Entities.function(Body);
  if (Closure->field_empty())
    return;
  ValueId Object = Values.constructed(E);
  auto Field = Closure->field_begin();
  for (auto Init = E->capture_init_begin(); Init != E->capture_init_end() && Field != Closure->field_end();
       ++Init, ++Field) {
    if (!*Init)
      continue;
    ValueId Place = V.field(Object, Entities.field(*Field));
    if (Field->getType()->isReferenceType())
      assign(Place, Values.argument(*Init), E->getBeginLoc());
    else
      initialize(Place, *Init);
  }
}

void Events::allocate(const CXXNewExpr *E) {
  const FunctionDecl *F = E->getOperatorNew();
  if (!F || Values.hasPointer(E))
    return;
  llvm::SmallVector<ValueId, 4> Arguments;
  if (E->isArray() || E->getAllocatedType()->isIncompleteType())
    Arguments.push_back(V.unknown());
  else
    Arguments.push_back(V.constant(Context.getTypeSizeInChars(E->getAllocatedType()).getQuantity()));
  for (unsigned I = 0; I < E->getNumPlacementArgs(); ++I)
    Arguments.push_back(Values.argument(E->getPlacementArg(I)));
  uint32_t Call =
      addCall(bit(EventFlag::Implicit), V.leaf(K::Function, Entities.function(F)), None, Arguments, E->getBeginLoc());
  bool InPlace = F->isReservedGlobalPlacementOperator() && Arguments.size() == 2;
  Values.setPointer(E, InPlace ? Arguments[1] : V.leaf(K::Result, Call));
}

void Events::deallocate(const CXXDeleteExpr *E) {
  const FunctionDecl *F = E->getOperatorDelete();
  if (!F)
    return;
  addCall(bit(EventFlag::Implicit), V.leaf(K::Function, Entities.function(F)), None, {Values.value(E->getArgument())},
          E->getBeginLoc());
}

void Events::throwException(const CXXThrowExpr *E) {
  if (!E->getSubExpr()) {
    callRuntime("__cxa_rethrow", {}, E->getThrowLoc(), true);
    return;
  }
  if (!Values.hasPointer(E))
    allocateException(E);
  callRuntime("__cxa_throw", {Values.pointer(E)}, E->getThrowLoc(), true);
}

/// Without code at run time: by a constant, or by nothing but the zeroes that every static begins with.
static bool isInitializedByLoader(const VarDecl *D) {
  const auto *Construct = dyn_cast_if_present<CXXConstructExpr>(D->getInit());
  bool ByNothing = Construct && Construct->getConstructor()->isTrivial() && Construct->getConstructor()->isDefaultConstructor();
  return !D->getInit() || ByNothing || D->hasConstantInitialization();
}

ValueId Events::acquireGuard(const VarDecl *D) {
  if (!Context.getLangOpts().ThreadsafeStatics || D->getTLSKind() != VarDecl::TLS_None)
    return None;
  if (isInitializedByLoader(D) && D->needsDestruction(Context) == QualType::DK_none)
    return None;
  uint32_t Call =
      callRuntime("__cxa_guard_acquire", {V.addressOf(V.leaf(K::Global, Entities.variable(D)))}, D->getLocation());
  return V.leaf(K::Result, Call);
}

/// After the initialisation of a local static.
void Events::finishStatic(const VarDecl *D) {
  if (!Context.getLangOpts().CPlusPlus || !D->getInit())
    return;
  bool Destroyed = D->needsDestruction(Context) != QualType::DK_none;
  if (isInitializedByLoader(D) && !Destroyed)
    return;
  ValueId Address = V.addressOf(V.leaf(K::Global, Entities.variable(D)));
  if (!D->getType()->isRecordType() && !D->getType()->isArrayType())
    assign(V.leaf(K::Global, Entities.variable(D)), Values.argument(D->getInit()), D->getLocation());
  bool IsThreadLocal = D->getTLSKind() != VarDecl::TLS_None;
  if (Destroyed) {
    ValueId Destructor = V.constant(0);
    if (const CXXDestructorDecl *Dtor = destructorOf(D->getType()))
      Destructor = V.leaf(K::Function, Entities.function(Dtor));
    callRuntime(IsThreadLocal ? "__cxa_thread_atexit" : "__cxa_atexit", {Destructor, Address}, D->getLocation());
  }
  if (!IsThreadLocal && Context.getLangOpts().ThreadsafeStatics)
    callRuntime("__cxa_guard_release", {Address}, D->getLocation());
}
