//===- Simulation.h - the walk over one body, in nine parts -----------------------------===//
//
// Walk.cpp goes through the blocks, Loops.cpp says what a way back to a loop's head forgets, Simulate.cpp goes through a block's events. Enter.cpp
// binds what a callee does, Weigh.cpp says how sure that is, Leave.cpp what is true when it returns, Stores.cpp what it wrote. Interest.cpp says
// which bodies are walked at all, PureResult.cpp what a function answers that does nothing else. Nobody else includes this.
//
//===------------------------------------------------------------------------------------===//
#ifndef FENCELINT_LINK_SIMULATION_H
#define FENCELINT_LINK_SIMULATION_H

#include "checks/link/BlockOrder.h"
#include "checks/link/Simulate.h"

namespace fencelint {

class Simulation {
public:
  Simulation(Program &P, FunctionId F)
      : P(P), F(F), Fn(P.Functions[F]), B(*Fn.Body), Resolver(P, F),
        Logic(P.Exprs, [this](SymbolId Field) { return this->P.Sets.isUsersChoice(this->P, Field, Fn.Module); }) {}
  bool run();
  std::vector<ReachableCall> calls();

private:
  Program &P;
  FunctionId F;
  ProgramFunction &Fn;
  const facts::Function &B;
  Calls Resolver;
  StateLogic Logic;
  BlockOrder Order;
  std::vector<llvm::SmallVector<State, 2>> In;    // by block
  std::vector<bool> Pending;                      // by rank: something new arrived
  std::vector<uint32_t> Visits;                   // by rank
  std::vector<std::vector<std::pair<uint32_t, State>>> Leaving; // by rank: to which block, when its loop is finished
  unsigned Rounds = 0;
  llvm::DenseMap<std::pair<uint32_t, uint32_t>, llvm::SmallVector<ExprId, 4>> Polled; // by a back edge's ends
  llvm::DenseSet<ExprId> LeftOut;                 // members that initialisers left out
  std::vector<Exit> Exits;
  bool Grew = false;
  bool Watching = false;                          // calls() is running
  std::vector<ReachableCall> Watched;

  /// A callee's guard in this function's terms.
  struct BoundGuard {
    Guard When;
    uint8_t NotIn = 0;     ///< Excluded bits that the flags' choice says
    uint16_t Shown = 0;    ///< conditions that hold for sure here
    bool IsOthers = false; ///< one holds for another driver's objects, not for those of this file or module
  };

  /// A function without effects is only followed for what its result says, and a long one says nothing that callers could use.
  static constexpr unsigned MostBlocksOfPredicate = 24;

  bool isInteresting() const;
  bool isInteresting(const facts::Event &E) const;
  bool passesResultOn() const;
  bool choosesResult() const;
  bool stores() const;
  bool computes(const facts::Event &E, uint32_t Event, State &S) const;
  ExprId answerFrom(uint32_t Block, State S, llvm::SmallVectorImpl<uint32_t> &Path, unsigned &Answers) const;
  bool answers();
  void summarizeTrivially();
  ExprId behindResults(ExprId Id);
  llvm::ArrayRef<ExprId> polled(uint32_t First, uint32_t Last);
  static void markInferred(State &S, llvm::ArrayRef<Atom> Before);
  bool assumeNoCase(const facts::Block &Of, State &S) const;
  void walk();
  void walkBlock(uint32_t Rank);
  llvm::SmallVector<State, 4> through(const facts::Block &Block, llvm::ArrayRef<State> At);
  bool take(const facts::Block &From, const facts::Edge &Edge, State &S);
  void arrive(uint32_t Block, State S);
  void finishLoops(uint32_t Rank);
  std::optional<uint32_t> goRound(uint32_t Rank);
  bool isTested(ExprId Pointer);
  void leave(State S);
  llvm::SmallVector<State, 2> step(uint32_t Event, State S);
  llvm::SmallVector<State, 2> call(uint32_t Event, State S);
  /// The values of what is passed. What a callee says of its parameters is put in terms of what was written instead, and evaluated as a whole, once: a value
  /// of entry is not what is there now.
  llvm::SmallVector<ExprId, 6> evaluated(llvm::ArrayRef<ExprId> Arguments, const State &S) const;
  ExprId renameOld(uint32_t Event, ExprId Place, ExprId Value, State &S) const;
  bool isBranchedOn(uint32_t Macro) const;
  llvm::SmallVector<State, 2> expand(uint32_t Event, const FunctionModel &Model, const State &S);
  void forgetGivenAway(const facts::Event &E, State &S) const;
  SymbolId recordOf(ExprId Object) const;
  void noteZeroed(const Summary &Of, llvm::ArrayRef<ExprId> Arguments, State &S);
  void watch(uint32_t Event, const Resolution &R, const State &S);
  void weigh(Resolution &R) const;
  void enter(uint32_t Event, const Callee &C, const Summary &Of, llvm::ArrayRef<ExprId> Arguments, ExprId This, const State &S);
  bool isNeverMapped(uint32_t Event) const;
  ExprId deviceHere(ExprId Device, llvm::ArrayRef<ExprId> Arguments, ExprId This, const State &S) const;
  bool isActive(ExprId Device, const State &S) const;
  ExprId counterHere(ExprId Counter, llvm::ArrayRef<ExprId> Arguments, ExprId This, const State &S) const;
  ExprId countedDown(uint32_t Event, const Summary &Of, const State &S) const;
  /// A callee's expressions in this function's terms, of one call in one state.
  using Translated = llvm::SmallDenseMap<ExprId, ExprId, 16>;
  std::optional<BoundGuard> bind(const Guard &When, llvm::ArrayRef<ExprId> Arguments, ExprId This, const State &S, Translated &Known) const;
  bool bindFlags(ExprId Of, Knowledge Must, const State &S, BoundGuard &Bound) const;
  bool asksWhere(ExprId Condition) const;
  bool bindWays(ExprId Of, Knowledge Must, const State &S, Guard &Bound) const;
  bool isOthersBit(ExprId Tested) const;
  bool isOthersField(ExprId Tested) const;
  void bindCallee(uint32_t Event, const EffectFact &E, EffectFact Fact, llvm::ArrayRef<ExprId> Arguments, ExprId This, const State &S);
  uint16_t atOnce(uint32_t Event, const State &S) const;
  EffectFact factHere(uint32_t Event, Via How, const State &S) const;
  uint32_t moduleTag(uint32_t Module) const;
  llvm::SmallVector<SymbolId, 2> fieldsOf(ExprId Object, ExprId In) const;
  bool isDeniedBeside(const Callee &C, const State &S) const;
  std::optional<Guard> besideHere(const Callee &C, const State &S) const;
  void weighOwner(EffectFact &Fact, const EffectFact &Of, const Callee &C) const;
  void deliver(EffectFact Fact, const State &S);
  void dropReported();
  void violate(const EffectFact &Fact, const Context &Here, const State &S);
  llvm::SmallVector<State, 2> leaveCallee(uint32_t Event, const Summary &Of, llvm::ArrayRef<ExprId> Arguments, ExprId This, State S);
  void noteObjects(const Summary &Of, llvm::ArrayRef<ExprId> Arguments, ExprId This, State &S);
  void noteStores(Exit &X, const State &S) const;
  void noteOverwritten(Exit &X, const State &S) const;
  void overwrite(const Exit &X, llvm::ArrayRef<ExprId> Arguments, ExprId This, State &S) const;
  void store(const Exit &X, uint32_t Event, llvm::ArrayRef<ExprId> Arguments, ExprId This, const State &Before, State &S) const;
  void noteWaysTo(Exit &X, const State &S) const;
  bool noteWays(ExprId Result, llvm::ArrayRef<Way> Each, llvm::ArrayRef<ExprId> Arguments, ExprId This, State &S);
  void noteRepeated(uint32_t Event, FunctionId Function, State &S);
  bool noteMeaning(ExprId Condition, State &S) const;
  const Summary *meaningOf(ExprId Result) const;
  void finishExits();
};

} // namespace fencelint
#endif
