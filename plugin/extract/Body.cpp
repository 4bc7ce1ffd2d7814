//===- Body.cpp - from clang's CFG to guarded blocks ----------------------------===//
//
// Blocks are visited in reverse postorder, so that a value finds the calls it depends on. What clang's CFG lacks is added here:
//
//  * destructors on the way from a throwing call to its handler (the CFG jumps there directly): a block between the two,
//    with the objects in scope at the call and not at the try;
//  * a sink: calls that do not return and uncaught exceptions end in an empty block that only leads to itself, because a block
//    without edges means that the function returns;
//  * by-value parameters, which die in the block that leaves the function.
//
// What it has too much is left out: no compiled program has a block that calls what the compiler refuses to call
// (`__attribute__((error))`, the kernel's BUILD_BUG_ON()), whatever its condition seems to be before inlining.
//
// When clang gives up on a body, one block holds everything the body may call, in source order.
//
//===----------------------------------------------------------------------===//
#include "plugin/extract/Body.h"
#include "plugin/extract/Events.h"
#include "clang/AST/ASTContext.h"
#include "clang/AST/Attr.h"
#include "clang/AST/ParentMap.h"
#include "clang/AST/StmtCXX.h"
#include "clang/Analysis/CFG.h"

using namespace clang;
using namespace fencelint;
using facts::EventFlag;
using K = facts::ValueKind;

namespace {

class BodyExtractor {
public:
  BodyExtractor(ASTContext &Context, EntityTable &Entities, const FunctionDecl *F)
      : Context(Context), F(F), Used(F), Values(Context, Entities, Out, Used, F),
        Writer(Context, Entities, Out, Values, Used, F) {
    Out.ParameterCount = F->getNumParams();
    Coroutine = dyn_cast<CoroutineBodyStmt>(F->getBody());
  }
  Skeleton run();

private:
  ASTContext &Context;
  const FunctionDecl *F;
  Skeleton Out;
  Uses Used;
  Expressions Values;
  Events Writer;
  std::unique_ptr<CFG> Graph;
  llvm::DenseSet<const CFGBlock *> Refused; // never compiled
  llvm::DenseMap<const CFGBlock *, uint32_t> Index;
  std::unique_ptr<ParentMap> Parents;
  uint32_t Sink = None;
  const CoroutineBodyStmt *Coroutine;

  void buildGraph();
  const CFGBlock *successor(const CFGBlock *B, unsigned I) const;
  void enter();
  void enterCoroutine();
  void leave();
  std::vector<const CFGBlock *> order() const;
  void fillBlock(const CFGBlock *B);
  void addEdge(const CFGBlock *From, const CFGBlock *To, ValueId Guard = None, bool Truth = true);
  void addBranch(const CFGBlock *B, ValueId Condition, const CFGBlock *WhenTrue, const CFGBlock *WhenFalse);
  void addSwitch(const CFGBlock *B, const SwitchStmt *S);
  void addUnwindEdge(const CFGBlock *From, const CFGBlock *To);
  void addStaticInit(const CFGBlock *B, const DeclStmt *S);
  void leadToSink(uint32_t Block);
  void leaveByException(const CFGBlock *From, const Stmt *Thrower);
  void leaveScopes(const Stmt *Thrower, const Stmt *Try);
};

const Stmt *lastStatement(const CFGBlock *B) {
  for (auto It = B->rbegin(); It != B->rend(); ++It)
    if (auto S = It->getAs<CFGStmt>())
      return S->getStmt();
  return nullptr;
}

bool callsWhatIsRefused(const CFGBlock *B) {
  return llvm::any_of(*B, [](const CFGElement &E) {
    const auto *Call = E.getKind() == CFGElement::Statement ? dyn_cast<CallExpr>(E.castAs<CFGStmt>().getStmt()) : nullptr;
    const auto *A = Call && Call->getDirectCallee() ? Call->getDirectCallee()->getAttr<ErrorAttr>() : nullptr;
    return A && A->isError();
  });
}

} // namespace

void BodyExtractor::buildGraph() {
  CFG::BuildOptions Options;
  bool Cxx = Context.getLangOpts().CPlusPlus;
  Options.PruneTriviallyFalseEdges = true;
  Options.AddEHEdges = Used.HasTry;
  Options.AddInitializers = Cxx;
  Options.AddImplicitDtors = true; // and __attribute__((cleanup))
  Options.AddTemporaryDtors = Cxx;
  Options.AddStaticInitBranches = Cxx;
  Options.AddCXXNewAllocator = Cxx;
  Options.AssumeReachableDefaultInSwitchStatements = true; // an enum may hold any number
  Options.AddCXXDefaultInitExprInCtors = true;
  Options.AddCXXDefaultInitExprInAggregates = true;
  for (Stmt::StmtClass Class : {Stmt::BinaryOperatorClass, Stmt::CompoundAssignOperatorClass, Stmt::UnaryOperatorClass,
                                Stmt::CXXConstructExprClass, Stmt::CXXTemporaryObjectExprClass,
                                Stmt::CXXInheritedCtorInitExprClass, Stmt::LambdaExprClass, Stmt::CXXThrowExprClass,
                                Stmt::CXXNewExprClass, Stmt::CXXDeleteExprClass, Stmt::CompoundLiteralExprClass,
                                Stmt::StmtExprClass})
    Options.setAlwaysAdd(Class);
  Stmt *Body = Coroutine ? Coroutine->getBody() : F->getBody();
  Graph = CFG::buildCFG(F, Body, &Context, Options);
  if (Graph)
    for (const CFGBlock *B : *Graph)
      if (callsWhatIsRefused(B))
        Refused.insert(B);
}

/// Null where the way cannot be taken.
const CFGBlock *BodyExtractor::successor(const CFGBlock *B, unsigned I) const {
  const CFGBlock *To = I < B->succ_size() ? (B->succ_begin() + I)->getReachableBlock() : nullptr;
  return Refused.contains(To) ? nullptr : To;
}

std::vector<const CFGBlock *> BodyExtractor::order() const {
  std::vector<const CFGBlock *> Order;
  llvm::DenseSet<const CFGBlock *> Seen{&Graph->getEntry()};
  llvm::SmallVector<std::pair<const CFGBlock *, unsigned>, 16> Stack{{&Graph->getEntry(), 0}};
  while (!Stack.empty()) {
    auto &[B, Next] = Stack.back();
    if (Next == B->succ_size()) {
      Order.push_back(B);
      Stack.pop_back();
      continue;
    }
    const CFGBlock *To = successor(B, B->succ_size() - 1 - Next++);
    if (To && Seen.insert(To).second)
      Stack.push_back({To, 0});
  }
  std::reverse(Order.begin(), Order.end());
  return Order;
}

void BodyExtractor::addEdge(const CFGBlock *From, const CFGBlock *To, ValueId Guard, bool Truth) {
  if (!To)
    return;
  if (Guard != None) {
    if (std::optional<int64_t> N = Out.Values.number(Guard)) {
      if ((*N != 0) != Truth)
        return;
      Guard = None;
    } else {
      auto [Positive, Flip] = asGuard(Out.Values, Guard);
      Guard = Positive;
      Truth = Truth == Flip;
    }
  }
  uint32_t Target = Index[To];
  if (Coroutine && Coroutine->getFallthroughHandler() && To == &Graph->getExit() &&
      !isa_and_nonnull<CoreturnStmt>(lastStatement(From))) { // the end of the body, not a co_return
    Target = Out.Blocks.size();
    Out.Blocks.emplace_back();
    Writer.setBlock(Target);
    Writer.walk(Coroutine->getFallthroughHandler());
    Out.Blocks[Target].Edges.push_back({Index[To]});
  }
  Out.Blocks[Index[From]].Edges.push_back({Target, Guard, Guard == None || Truth, false});
}

void BodyExtractor::addBranch(const CFGBlock *B, ValueId Condition, const CFGBlock *WhenTrue,
                              const CFGBlock *WhenFalse) {
  addEdge(B, WhenTrue, Condition, true);
  addEdge(B, WhenFalse, Condition, false);
}

void BodyExtractor::leadToSink(uint32_t Block) {
  if (Sink == None) {
    Sink = Out.Blocks.size();
    Out.Blocks.emplace_back();
    Out.Blocks[Sink].Edges.push_back({Sink});
  }
  Out.Blocks[Block].Edges.push_back({Sink});
}

/// An exception that is thrown here and caught by nobody in this function.
void BodyExtractor::leaveByException(const CFGBlock *From, const Stmt *Thrower) {
  uint32_t Landing = Out.Blocks.size();
  Out.Blocks.emplace_back();
  Out.Blocks[Index[From]].Edges.push_back({Landing, None, true, true});
  Writer.setBlock(Landing);
  leaveScopes(Thrower, nullptr);
  Writer.destroyBuilt(Thrower->getBeginLoc());
  leadToSink(Landing);
}

/// Destroys what is alive at Thrower and not outside Try (null: all of the function).
void BodyExtractor::leaveScopes(const Stmt *Thrower, const Stmt *Try) {
  if (!Parents)
    Parents = std::make_unique<ParentMap>(F->getBody());
  auto Leave = [&](const Stmt *Declared, const Stmt *Until) {
    const auto *D = dyn_cast_or_null<DeclStmt>(Declared);
    if (!D)
      return;
    llvm::SmallVector<const VarDecl *, 2> Alive;
    for (const Decl *One : D->decls()) {
      const auto *V = dyn_cast<VarDecl>(One);
      if (!V || V->hasGlobalStorage())
        continue;
      if (Until && V->getInit() && V->getInit()->getSourceRange().fullyContains(Until->getSourceRange()))
        break;
      Alive.push_back(V);
    }
    for (const VarDecl *V : llvm::reverse(Alive))
      if (!V->getType()->isReferenceType())
        Writer.destroyLocal(V, Thrower->getBeginLoc(), EventFlag::Unwinding);
  };
  const Stmt *Inner = Thrower;
  for (const Stmt *Outer = Parents->getParent(Inner); Outer && Inner != Try;
       Inner = Outer, Outer = Parents->getParent(Outer)) {
    if (isa<DeclStmt>(Outer))
      Leave(Outer, Inner);
    llvm::SmallVector<const Stmt *, 8> Before;
    if (isa<CompoundStmt, ForStmt, IfStmt, WhileStmt, SwitchStmt, CXXForRangeStmt>(Outer))
      for (const Stmt *Child : Outer->children()) {
        if (Child == Inner)
          break;
        Before.push_back(Child);
      }
    for (const Stmt *Child : llvm::reverse(Before))
      Leave(Child, nullptr);
  }
}

void BodyExtractor::addUnwindEdge(const CFGBlock *From, const CFGBlock *To) {
  if (!To || To == &Graph->getExit()) // leaves the function: destructors on that way are those of the normal way
    return;
  uint32_t Landing = Out.Blocks.size();
  Out.Blocks.emplace_back();
  Out.Blocks[Index[From]].Edges.push_back({Landing, None, true, true});
  const Stmt *Thrower = lastStatement(From);
  if (const auto *Try = dyn_cast_or_null<CXXTryStmt>(To->getTerminatorStmt()); Try && Thrower) {
    Writer.setBlock(Landing);
    leaveScopes(Thrower, Try);
  }
  Out.Blocks[Landing].Edges.push_back({Index[To], None, true, true});
}

void BodyExtractor::addSwitch(const CFGBlock *B, const SwitchStmt *S) {
  ValueId Condition = Values.value(S->getCond());
  for (unsigned I = 0; I < B->succ_size(); ++I) {
    const CFGBlock *To = successor(B, I);
    const auto *Case = To ? dyn_cast_or_null<CaseStmt>(To->getLabel()) : nullptr;
    bool IsLast = I + 1 == B->succ_size(); // default, or behind the switch
    if (!Case || IsLast || Case->getRHS() || Case->getLHS()->isValueDependent()) {
      addEdge(B, To);
      continue;
    }
    llvm::APSInt N = Case->getLHS()->EvaluateKnownConstInt(Context);
    addEdge(B, To, Out.Values.binary(K::Equal, Condition, Out.Values.constant(numberOf(N))), true);
  }
}

void BodyExtractor::addStaticInit(const CFGBlock *B, const DeclStmt *S) {
  const auto *D = dyn_cast<VarDecl>(S->getSingleDecl());
  ValueId Guard = D ? Writer.acquireGuard(D) : None;
  if (Guard == None) {
    addEdge(B, successor(B, 0));
    return addEdge(B, successor(B, 1));
  }
  addBranch(B, Guard, successor(B, 1), successor(B, 0));
}

void BodyExtractor::fillBlock(const CFGBlock *B) {
  uint32_t Here = Index[B];
  Writer.setBlock(Here);
  for (const CFGElement &E : *B)
    Writer.element(E);
  if (B == &Graph->getExit())
    return leave();
  const Stmt *Last = lastStatement(B);
  bool Throws = isa_and_nonnull<CXXThrowExpr>(Last);
  if (Throws && successor(B, 0) == &Graph->getExit())
    return leaveByException(B, Last);
  if (B->hasNoReturnElement())
    return leadToSink(Here);
  if (Throws) {
    for (unsigned I = 0; I < B->succ_size(); ++I)
      addUnwindEdge(B, successor(B, I));
    return;
  }
  const Stmt *Terminator = B->getTerminatorStmt();
  if (isa_and_nonnull<CXXTryStmt>(Terminator)) {
    bool Handled = false;
    for (unsigned I = 0; I < B->succ_size(); ++I)
      if (const CFGBlock *To = successor(B, I); To && To != &Graph->getExit()) {
        Out.Blocks[Here].Edges.push_back({Index[To], None, true, true});
        Handled = true;
      }
    return Handled ? void() : leadToSink(Here);
  }
  if (!Terminator || isa<GotoStmt, BreakStmt, ContinueStmt, IndirectGotoStmt>(Terminator)) {
    bool IsDispatch = B == Graph->getIndirectGotoBlock();
    addEdge(B, successor(B, 0));
    for (unsigned I = 1; I < B->succ_size(); ++I)
      IsDispatch ? addEdge(B, successor(B, I)) : addUnwindEdge(B, successor(B, I));
    return;
  }
  if (B->getTerminator().isTemporaryDtorsBranch()) {
    const auto *Temporary = dyn_cast<CXXBindTemporaryExpr>(Terminator);
    Uses::Condition C = Temporary ? Used.conditionOf(Temporary) : Uses::Condition();
    ValueId Made = C.If ? Values.value(C.If) : None;
    addEdge(B, successor(B, 0), Made, C.Truth);
    return addEdge(B, successor(B, 1), Made, !C.Truth);
  }
  if (const auto *S = dyn_cast<SwitchStmt>(Terminator))
    return addSwitch(B, S);
  if (const auto *S = dyn_cast<DeclStmt>(Terminator))
    return addStaticInit(B, S);
  if (const auto *S = dyn_cast<GCCAsmStmt>(Terminator))
    Writer.assembly(S);
  const auto *Condition = dyn_cast_or_null<Expr>(B->getTerminatorCondition());
  if (!Condition || B->succ_size() != 2) {
    for (unsigned I = 0; I < B->succ_size(); ++I)
      addEdge(B, successor(B, I));
    return;
  }
  // `a && b`: the block of `a` has its own terminator, this one decides on `b`.
  for (;;) {
    Condition = Condition->IgnoreParens();
    const auto *Logical = dyn_cast<BinaryOperator>(Condition);
    if (!Logical || !Logical->isLogicalOp())
      break;
    Condition = Logical->getRHS();
  }
  // An edge that clang pruned decides alone.
  if (!successor(B, 0) || !successor(B, 1))
    return addEdge(B, successor(B, 0) ? successor(B, 0) : successor(B, 1));
  addBranch(B, Values.value(Condition), successor(B, 0), successor(B, 1));
}

/// The frame, the promise and the first suspension. CFG has no order for them, the language has.
void BodyExtractor::enterCoroutine() {
  Writer.walk(Coroutine->getAllocate());
  for (const Stmt *Copy : Coroutine->getParamMoves())
    Writer.walk(Copy);
  Writer.walk(Coroutine->getPromiseDeclStmt());
  Writer.walk(Coroutine->getResultDecl() ? Coroutine->getResultDecl() : Coroutine->getReturnValueInit());
  Writer.walk(Coroutine->getInitSuspendStmt());
}

void BodyExtractor::enter() {
  Writer.setBlock(0);
  Writer.enterParameters();
  if (Coroutine)
    enterCoroutine();
}

void BodyExtractor::leave() {
  if (Coroutine) {
    Writer.walk(Coroutine->getFinalSuspendStmt());
    Writer.destroyLocal(Coroutine->getPromiseDecl(), F->getBody()->getEndLoc(), EventFlag::Implicit);
  }
  Writer.leaveParameters();
  if (Coroutine)
    Writer.walk(Coroutine->getDeallocate());
}

Skeleton BodyExtractor::run() {
  buildGraph();
  if (!Graph) {
    Out.Blocks.resize(1);
    enter();
    Writer.walk(Coroutine ? Coroutine->getBody() : F->getBody());
    leave();
    return std::move(Out);
  }
  std::vector<const CFGBlock *> Order = order();
  Out.Blocks.resize(Order.size());
  for (auto [I, B] : llvm::enumerate(Order))
    Index[B] = I;
  enter();
  for (const CFGBlock *B : Order) {
    fillBlock(B);
    if (B != &Graph->getExit() && Out.Blocks[Index[B]].Edges.empty()) // all it could do next is never compiled
      leadToSink(Index[B]);
  }
  if (Coroutine && Coroutine->getExceptionHandler() && Index.contains(&Graph->getExit())) {
    // What the body throws ends here, whatever was done before.
    uint32_t Handler = Out.Blocks.size();
    Out.Blocks.emplace_back();
    Writer.setBlock(Handler);
    Writer.walk(Coroutine->getExceptionHandler());
    Out.Blocks[Handler].Edges.push_back({Index[&Graph->getExit()], None, true, true});
    Out.Blocks[0].Edges.push_back({Handler, None, true, true});
  }
  return std::move(Out);
}

std::unique_ptr<facts::FunctionT> fencelint::extractBody(ASTContext &Context, EntityTable &Entities,
                                                         const FunctionDecl *F) {
  return reduce(BodyExtractor(Context, Entities, F).run());
}
