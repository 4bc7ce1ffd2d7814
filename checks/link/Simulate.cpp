//===- Simulate.cpp - what an event does to the state -----------------------------------===//
//
// Walk.cpp goes through the blocks, and each of their events comes here. At each call the callee's summary is bound to the arguments and its effects
// land in one of three places: the matrix forbids them here, then they are violations of this function; it does not, then they join this function's
// summary relative to its entry; or they hang on a parameter, then the callers decide.
//
// A body in which no call does anything is not walked for what it does, and most are such (Interest.cpp).
//
//===-----------------------------------------------------------------------------------===//
#include "checks/link/Simulation.h"
#include "checks/link/Described.h"

using namespace fencelint;
using K = facts::ValueKind;
using facts::EventFlag;
using facts::EventKind;

/// Above the serials of what nobody knows (facts.fbs): what a place held before this event.
static constexpr int64_t FirstOld = int64_t(1) << 40;

bool Simulation::run() {
  Fn.Violations.clear();
  Fn.Summary.IsPure = false;
  size_t Before = Fn.Summary.Effects.size();
  bool DoesSomething = isInteresting();
  if (!DoesSomething && answers())
    Fn.Summary.IsPure = true;
  else if (DoesSomething || passesResultOn() || choosesResult() || stores())
    walk();
  else
    summarizeTrivially();
  dropReported();
  finishExits();
  bool Changed = Grew || Before != Fn.Summary.Effects.size() || !Fn.Summary.Known;
  Fn.Summary.Known = true;
  return Changed;
}

//===- Events ---------------------------------------------------------------------===//

/// `flags |= NOWAIT`, where flags are a local or a field of one: how others change bits in memory is not followed.
static bool changesBits(const ExprTable &Exprs, ExprId Place, ExprId Value) {
  const Expr &At = Exprs[Place], &Is = Exprs[Value];
  bool IsOwn = Exprs[At.Kind == K::Field ? At.A : Place].Kind == K::Local;
  return IsOwn && (Is.Kind == K::BitOr || Is.Kind == K::BitAnd) && Exprs.contains(Value, Place);
}

llvm::SmallVector<State, 2> Simulation::step(uint32_t Event, State S) {
  const facts::Event &E = *B.events()->Get(Event);
  switch (E.kind()) {
  case EventKind::Assign: {
    ExprId Value = E.value() == None ? NoExpr : Logic.evaluate(Resolver.value(E.value()), S);
    ExprId Place = Logic.place(Resolver.value(E.target()), S);
    if (changesBits(P.Exprs, Place, Value))
      Value = renameOld(Event, Place, Value, S);
    Logic.write(Place, Value, S);
    if (isLeftOut(E))
      LeftOut.insert(Place);
    else
      LeftOut.erase(Place);
    break;
  }
  case EventKind::Return:
    S.Returned = E.value() == None ? NoExpr : Logic.evaluate(Resolver.value(E.value()), S);
    break;
  case EventKind::Call:
  case EventKind::Destroy:
    return call(Event, std::move(S));
  case EventKind::Macro:
    if (const FunctionModel *M = P.Models->function(P.text(Fn.Unit, E.target()), ""))
      return expand(Event, *M, S);
    break;
  case EventKind::Assembly:
    break;
  }
  llvm::SmallVector<State, 2> One;
  One.push_back(std::move(S));
  return One;
}

/// What was known of the old flags goes on under another name, in which the new ones are said.
ExprId Simulation::renameOld(uint32_t Event, ExprId Place, ExprId Value, State &S) const {
  ExprId Old = P.Exprs.make(K::Unknown, 0, 0, FirstOld + Event);
  Logic.write(Old, NoExpr, S); // that of the round before
  State Only;
  Only.Places.push_back({Place, Old});
  for (Atom &A : S.Facts)
    A.Of = Logic.evaluate(A.Of, Only);
  for (Ways &W : S.Met) {
    W.Of = Logic.evaluate(W.Of, Only);
    for (Way &Each : W.Each)
      for (Atom &A : Each.Then)
        A.Of = Logic.evaluate(A.Of, Only);
  }
  for (auto &[Other, Holds] : S.Places)
    Holds = Logic.evaluate(Holds, Only);
  return Logic.evaluate(Value, Only);
}

/// `if (WARN_ON(x)) give_up();`: what is done then was written for it.
bool Simulation::isBranchedOn(uint32_t Macro) const {
  auto Asked = [&](uint32_t Value) {
    ExprId Id = Value == None ? NoExpr : Resolver.value(Value);
    while (P.Exprs[Id].Kind == K::Not)
      Id = P.Exprs[Id].A;
    return Id;
  };
  for (const facts::Block *Blk : *B.blocks()) {
    uint32_t End = Blk->first_event() + Blk->event_count();
    if (Macro < Blk->first_event() || Macro >= End)
      continue;
    for (uint32_t Later = Macro + 1; Later < End; ++Later)
      if (B.events()->Get(Later)->kind() != EventKind::Macro)
        return false;
    ExprId Condition = Asked(B.events()->Get(Macro)->value());
    return Condition != NoExpr && Blk->edge_count() && Asked(B.edges()->Get(Blk->first_edge())->guard()) == Condition;
  }
  return false;
}

/// A macro without code is what is said of it. An assertion that is compiled out holds all the same, and who wrote it vouches for it: it is nothing that
/// only holds because this way was taken. The same goes for a condition that is only warned of, but for the way on which it was warned of.
llvm::SmallVector<State, 2> Simulation::expand(uint32_t Event, const FunctionModel &Model, const State &S) {
  const facts::Event &E = *B.events()->Get(Event);
  Summary Of = summaryOf(P, None, Model);
  ExprId Given = Resolver.value(E.value()), Taken = Given == NoExpr ? NoExpr : Logic.evaluate(Given, S);
  enter(Event, {None, Via::Direct, 0, nullptr}, Of, Given, NoExpr, S);
  llvm::SmallVector<State, 2> After;
  for (const Exit &X : Of.Exits) {
    State Next = S;
    Next.Warned |= X.Warned && !isBranchedOn(Event);
    if (llvm::all_of(X.When, [&](const Atom &A) {
          ExprId On = P.Exprs.substitute(A.Of, Taken, NoExpr);
          return On == NoExpr || Logic.suppose(On, A.Is, Next);
        })) {
      if (!X.Warned)
        markInferred(Next, S.Facts);
      After.push_back(std::move(Next));
    }
  }
  if (After.size() > 1)
    for (State &Out : After)
      Out.Denied |= Out.Warned && !S.Warned;
  return After;
}

/// Who was given the address of a number may have written it. What a struct's fields hold is kept: callees mostly read those. But a member that its
/// initialiser left out may have been left for the callee to fill in, and whoever is described and is given a field's address writes that (`set_bit()`).
void Simulation::forgetGivenAway(const facts::Event &E, State &S) const {
  if (E.kind() != EventKind::Call)
    return;
  FunctionId Named = P.named(F, E);
  const ProgramFunction *G = Named == None ? nullptr : &P.Functions[Named];
  if (G && G->Summary.IsPure)
    return;
  bool IsSeen = !G || G->Body, Writes = G && !G->isWalked() && !G->Summary.Repeats;
  for (ExprId Given : Resolver.arguments(E)) {
    Logic.forgetBehind(Logic.evaluate(Given, S), false, S);
    ExprId Of = P.Exprs.object(Given);
    if (P.Exprs[Given].Kind != K::AddressOf)
      continue;
    llvm::erase_if(S.Places, [&](const auto &X) {
      return LeftOut.contains(X.first) && P.Exprs.contains(X.first, Of) && (!IsSeen || P.Fields.mayBeFilled(P, P.Exprs[X.first].B));
    });
    if (Writes && P.Exprs[Of].Kind != K::Local)
      Logic.forgetContent(Logic.place(Of, S), S);
    if (P.Exprs[Of].Kind == K::Local &&
        llvm::none_of(S.Places, [&](const auto &X) { return X.first == Of && Resolver.carriesFunctions(X.second); }))
      Logic.forgetLocal(Of, S);
  }
}

/// The record that an object of this function is of, as far as its members are named here.
SymbolId Simulation::recordOf(ExprId Object) const {
  for (uint32_t I = 0; I < B.values()->size(); ++I)
    if (B.values()->Get(I)->kind() == K::Field)
      if (const Expr E = P.Exprs[Resolver.value(I)]; E.Kind == K::Field && E.A == Object)
        return P.Symbols[E.B].Parent;
  return None;
}

/// A struct of this function's own was filled with zeroes: so are those of its members that anybody asks for, until somebody writes them.
void Simulation::noteZeroed(const Summary &Of, llvm::ArrayRef<ExprId> Arguments, State &S) {
  for (const auto &[On, When] : Of.Zeroes) {
    if (On.Index >= Arguments.size())
      continue;
    ExprId Object = P.Exprs.object(Arguments[On.Index]);
    bool IsOwn = P.Exprs[Arguments[On.Index]].Kind == K::AddressOf && P.Exprs[Object].Kind == K::Local;
    bool IsSo = IsOwn && llvm::all_of(When, [&](const Atom &A) {
      ExprId Asked = P.Exprs.substitute(A.Of, Arguments, NoExpr);
      Knowledge Is = Asked == NoExpr ? Knowledge() : Logic.know(Asked, S);
      return Is.meet(A.Is) == Is;
    });
    auto Before = S.Places; // how much of it is filled nobody says: what was set before may be so still
    if (P.Exprs[Arguments[On.Index]].Kind == K::AddressOf)
      Logic.forgetContent(Object, S);
    else
      Logic.forgetBehind(Arguments[On.Index], true, S);
    SymbolId Record = IsSo ? recordOf(Object) : None;
    if (Record == None || P.Symbols[Record].Usr.contains("@U@") || P.Symbols[Record].Usr.contains("@UA@")) // members of a union are one
      continue;
    for (SymbolId Field : P.Fields.askedForOf(Record)) {
      ExprId Place = P.Exprs.make(K::Field, Object, Field);
      if (llvm::any_of(Before, [&](const auto &X) { return X.first == Place && !Logic.know(X.second, S).isFalse(); }))
        continue;
      Logic.write(Place, P.Exprs.constant(0), S);
      LeftOut.insert(Place);
    }
  }
}

llvm::SmallVector<ExprId, 6> Simulation::evaluated(llvm::ArrayRef<ExprId> Arguments, const State &S) const {
  llvm::SmallVector<ExprId, 6> Values;
  for (ExprId A : Arguments)
    Values.push_back(Logic.evaluate(A, S));
  return Values;
}

llvm::SmallVector<State, 2> Simulation::call(uint32_t Event, State S) {
  const facts::Event &E = *B.events()->Get(Event);
  Logic.forgetResult(Event, S);
  llvm::SmallVector<State, 2> One;
  llvm::SmallVector<ExprId, 6> Arguments = Resolver.arguments(E);
  ExprId This = Resolver.object(E);
  ExprId Place = P.Exprs.object(This);
  if (E.kind() == EventKind::Destroy && This && llvm::is_contained(S.Emptied, Place)) {
    One.push_back(std::move(S));
    return One;
  }
  if (This)
    llvm::erase(S.Emptied, Place);

  ExprId Callee = P.Exprs.beforeCleared(Logic.evaluate(Resolver.value(E.callee()), S)); // it is not NULL where it is called
  bool Dispatch = E.flags() & static_cast<uint32_t>(EventFlag::Dispatch);
  Resolution R = Resolver.resolve(Callee, Dispatch);
  Resolver.choose(R, E);
  if (Watching)
    watch(Event, R, S);
  if (R.Described) {
    Summary Of = summaryOf(P, *R.Described);
    enter(Event, {None, Via::Slot, 0, nullptr}, Of, Arguments, This, S);
    return leaveCallee(Event, Of, Arguments, This, std::move(S));
  }
  if (Resolver.isUpToCallers(Callee)) {
    R = {};
    EffectFact Fact = factHere(Event, Via::Argument, S); // the callers know what this is
    Fact.CallsParameter = true;
    Fact.Callee = Callee;
    deliver(std::move(Fact), S);
  } else if (R.IsUnknown && P.FollowUnknown) {
    EffectFact Fact = factHere(Event, Via::Slot, S);
    Fact.Kind = EffectKind::Unknown;
    deliver(std::move(Fact), S);
  }
  weigh(R);
  for (const fencelint::Callee &C : R.Callees)
    enter(Event, C, P.Functions[C.Function].Summary, Arguments, This, S);
  if (R.Callees.size() == 1) {
    const ProgramFunction &G = P.Functions[R.Callees[0].Function];
    if (P.Symbols[G.Symbol].is(facts::EntityFlag::MoveConstructor) && !Arguments.empty())
      S.Emptied.push_back(P.Exprs.object(Logic.evaluate(Arguments[0], S)));
    if (G.Summary.Repeats)
      noteRepeated(Event, R.Callees[0].Function, S);
    if (!G.Summary.Zeroes.empty()) {
      noteZeroed(G.Summary, evaluated(Arguments, S), S);
      One.push_back(std::move(S));
      return One;
    }
    if (G.Summary.Known)
      return leaveCallee(Event, G.Summary, Arguments, This, std::move(S));
    if (P.Symbols[G.Symbol].is(facts::EntityFlag::NoReturn))
      return One;
  }
  forgetGivenAway(E, S);
  One.push_back(std::move(S));
  return One;
}

void Simulation::watch(uint32_t Event, const Resolution &R, const State &S) {
  auto Before = llvm::find_if(Watched, [&](const ReachableCall &C) { return C.Event == Event; });
  if (Before == Watched.end()) {
    Watched.push_back({Event, Logic.guardOf(S), R});
    return;
  }
  Before->When = common(Before->When, Logic.guardOf(S)); // another path gets there too
  for (const fencelint::Callee &C : R.Callees)
    if (llvm::none_of(Before->To.Callees, [&](const fencelint::Callee &Known) { return Known.Function == C.Function; }))
      Before->To.Callees.push_back(C);
  Before->To.IsUnknown |= R.IsUnknown;
}

std::vector<ReachableCall> Simulation::calls() {
  Summary Solved = Fn.Summary;
  std::vector<Violation> Found = Fn.Violations;
  Watching = true;
  walk();
  Fn.Summary = std::move(Solved);
  Fn.Violations = std::move(Found);
  llvm::sort(Watched, [](const ReachableCall &A, const ReachableCall &B) { return A.Event < B.Event; });
  return std::move(Watched);
}

std::vector<ReachableCall> fencelint::reachableCalls(Program &P, FunctionId F) { return Simulation(P, F).calls(); }

bool fencelint::simulate(Program &P, FunctionId F) { return Simulation(P, F).run(); }
