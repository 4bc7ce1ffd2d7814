//===- Enter.cpp - what a callee does, in its caller's terms ------------------------------===//
//
// A callee's effect is bound to the arguments and lands in one of three places: the matrix forbids it here, then it is a violation of this
// function; it does not, then it joins this function's summary relative to its entry; or it hangs on a parameter, then the callers decide.
//
//===-------------------------------------------------------------------------------------===//
#include "checks/link/Active.h"
#include "checks/link/Simulation.h"
#include "checks/link/Solver.h"

using namespace fencelint;
using K = facts::ValueKind;
using facts::EventKind;

/// A chain may be a million calls long.
static uint16_t together(unsigned Some, unsigned More) { return std::min(Some + More, 0xffffu); }

/// The guard in this function's terms; nothing when it cannot hold here. Flags that nobody knows are not guessed.
std::optional<Simulation::BoundGuard> Simulation::bind(const Guard &When, llvm::ArrayRef<ExprId> Arguments, ExprId This, const State &S,
                                                       Translated &Known) const {
  BoundGuard Bound;
  for (const Atom &A : When) {
    auto [Here, New] = Known.try_emplace(A.Of, NoExpr); // a summary's effects share most of their conditions
    if (New)
      if (ExprId Of = P.Exprs.substitute(A.Of, Arguments, This); Of != NoExpr)
        Here->second = Logic.evaluate(Of, S);
    ExprId Of = Here->second;
    Knowledge Must = A.Is;
    if (ExprId Before = P.Exprs.beforeCleared(Of); Before != Of && Must.isTrue()) {
      Of = Before;
      Must = Knowledge::truth(true);
    }
    Knowledge Is = Of == NoExpr ? Knowledge() : Logic.know(Of, S), Both = Is.meet(Must);
    if (!Both.Signs || (Must.Exact && Logic.isKnownNotToBe(Of, Must.Number, S)))
      return std::nullopt;
    if (Both == Is) {
      Bound.Shown += !A.Inferred;
      continue;
    }
    Bound.IsOthers |= Must.isTrue() && (isOthersBit(Of) || isOthersField(Of));
    const Expr &E = P.Exprs[Of];
    if (A.Inferred && Logic.mentionsMemory(Of)) // of that callers know nothing: it is not worth asking them
      continue;
    if (E.UsesEntry && !E.Opaque) {
      Bound.When.push_back({Of, Must, A.Flags, A.Inferred});
    } else if (!A.Flags) {
      if (!bindWays(Of, Must, S, Bound.When))
        return std::nullopt;
    } else if (!bindFlags(Of, Must, S, Bound)) {
      return std::nullopt;
    }
  }
  return Bound;
}

/// `int state = failed ? ...` on several ways, and the callee asks for one state: then what was true on the way to it is what it asks for.
bool Simulation::bindWays(ExprId Of, Knowledge Must, const State &S, Guard &Bound) const {
  if (llvm::none_of(S.Met, [&](const Ways &W) { return P.Exprs.contains(Of, W.Of); }))
    return true;
  State Assumed = S;
  if (!Logic.suppose(Of, Must, Assumed))
    return false;
  Guard Before = Logic.guardOf(S);
  for (const Atom &A : Logic.guardOf(Assumed))
    if (A.Inferred && !Logic.mentionsMemory(A.Of) && !llvm::is_contained(Before, A))
      Bound.push_back(A);
  return true;
}

/// Flags that were chosen on the way: by what callers passed, which they know, or by where this runs. Any other choice is not guessed.
bool Simulation::bindFlags(ExprId Of, Knowledge Must, const State &S, BoundGuard &Bound) const {
  if (const Expr E = P.Exprs[Of]; E.Kind == K::Choose && asksWhere(static_cast<ExprId>(E.Number))) {
    State Assumed = S;
    if (!Logic.suppose(Of, Must, Assumed) || !noteMeaning(static_cast<ExprId>(E.Number), Assumed))
      return false;
    Bound.NotIn |= Assumed.NotIn;
    return true;
  }
  size_t Before = Bound.When.size();
  if (!bindWays(Of, Must, S, Bound.When))
    return false;
  for (Atom &A : llvm::MutableArrayRef(Bound.When).drop_front(Before))
    A.Flags = true;
  return Bound.When.size() > Before;
}

/// The source says what object this call is given, and no allocation of such an object gives mapped memory.
bool Simulation::isNeverMapped(uint32_t Event) const {
  const facts::Event &E = *B.events()->Get(Event); // a macro's target is its name
  uint32_t Record = E.kind() == facts::EventKind::Call ? E.target() : None;
  return Record != None && P.Made.lookup(P.global(Fn.Unit, Record)) == Memory::NeverMapped;
}

/// A callee's device in this function's terms.
ExprId Simulation::deviceHere(ExprId Device, llvm::ArrayRef<ExprId> Arguments, ExprId This, const State &S) const {
  ExprId Here = P.Exprs.substitute(Device, Arguments, This);
  if (Here == Device && P.Exprs[Device].Kind == K::Global)
    return Device;
  return deviceOf(P.Exprs, Here == NoExpr ? NoExpr : Logic.evaluate(Here, S));
}

/// A callee's counter in this function's terms; NoExpr when it has no name here.
ExprId Simulation::counterHere(ExprId Counter, llvm::ArrayRef<ExprId> Arguments, ExprId This, const State &S) const {
  ExprId Here = P.Exprs.object(P.Exprs.substitute(Counter, Arguments, This));
  if (const Expr E = P.Exprs[Here]; E.Kind == K::Field) // where it is, not what it holds
    return P.Exprs.make(K::Field, Logic.evaluate(E.A, S), E.B);
  return Logic.evaluate(Here, S);
}

bool Simulation::isActive(ExprId Device, const State &S) const {
  return Device != NoExpr && (S.Devices.contains(Device) || S.Now[Part::DeviceActive] > 0);
}

void Simulation::enter(uint32_t Event, const Callee &C, const Summary &Of, llvm::ArrayRef<ExprId> Arguments, ExprId This,
                       const State &S) {
  if (!Of.Known) {
    if (P.FollowUnknown && C.Function != None && !P.Functions[C.Function].Body) {
      EffectFact Fact = factHere(Event, C.How, S);
      Fact.Kind = EffectKind::Unknown;
      Fact.Next = C.Function;
      Fact.NextEffect = None;
      deliver(std::move(Fact), S);
    }
    return;
  }
  std::optional<Guard> Beside = besideHere(C, S);
  if (!Beside)
    return;
  bool Held = false; // somebody else's reference keeps the object alive
  for (ExprId A : evaluated(Arguments, S))
    Held |= llvm::is_contained(S.Referenced, P.Exprs.object(A));
  Held |= This && llvm::is_contained(S.Referenced, P.Exprs.object(This));
  Translated Known;
  for (uint32_t I = 0, Count = Of.Effects.size(); I < Count; ++I) { // a recursive call appends while we read
    const EffectFact E = Of.Effects[I];
    if (E.Dead || (Held && E.OnLastReference) || !canBeIn(E.NotIn, S.Now))
      continue;
    if (E.Module && !P.mayReach(Fn, E.Module))
      continue;
    bool IsReported = C.Promised && !C.Promised->isNeutral() && !E.CallsParameter &&
                      llvm::none_of(E.When, [](const Atom &A) { return A.Flags; }) &&
                      isForbidden(E.Kind, C.Promised->plus(E.Difference)); // at the callee, whose contract this breaks
    if (IsReported)
      continue;
    if (E.IfMapped && isNeverMapped(Event))
      continue;
    ExprId Wakes = E.UnlessActive ? deviceHere(E.UnlessActive, Arguments, This, S) : NoExpr;
    ExprId Counter = E.Counter ? counterHere(E.Counter, Arguments, This, S) : NoExpr;
    if (Counter && S.Objects.contains(Counter)) // our own reference keeps it alive
      continue;
    if (isActive(Wakes, S) || (Wakes && C.Promised && (*C.Promised)[Part::DeviceActive] > 0))
      continue;
    std::optional<BoundGuard> Bound = bind(E.When, Arguments, This, S, Known);
    if (!Bound)
      continue;
    EffectFact Fact = factHere(Event, C.How, S);
    // The callee made itself atomic and is wrong whenever it gets there: bits that this function tests on the way to the call choose
    // a way like any other condition, and do not say whether sleeping is allowed.
    if (!E.CallsParameter && isForbidden(E.Kind, E.Difference))
      for (Atom &A : Fact.When)
        A.Flags = false;
    Fact.Kind = E.Kind;
    Fact.CallsParameter = E.CallsParameter;
    Fact.Callee = E.CallsParameter ? NoExpr : E.Callee;
    Fact.OnLastReference |= E.OnLastReference;
    Fact.NotIn |= E.NotIn | Bound->NotIn;
    Fact.UnlessActive = Wakes;
    if (E.OnLastReference && P.Exprs[Fact.Counter].Opaque) // of two that have to be the last, callers know the outer one
      Fact.Counter = Counter;
    Fact.Sure = E.CallsParameter ? E.Sure : E.Sure * C.share(E.Kind) / Certain;
    Fact.Module = moduleTag(E.Module ? E.Module : C.Module);
    weighOwner(Fact, E, C);
    if (Bound->IsOthers || S.Warned || (Counter && S.Objects.isAlive(Counter)))
      Fact.Sure = hardly(Fact.Sure);
    if (Fact.Audited == None)
      Fact.Audited = E.Audited;
    Fact.Difference = S.Now.plus(E.Difference);
    Fact.Next = C.Function;
    Fact.NextEffect = I;
    Fact.Depth = E.Depth + 1;
    Fact.AtOnce = together(Fact.AtOnce, E.AtOnce - std::min(E.AtOnce, Bound->Shown));
    Fact.AtOnce = together(Fact.AtOnce, Beside->size());
    Bound->When.append(*Beside);
    for (const Atom &A : Bound->When)
      if (Fact.When.size() < 6 && !llvm::is_contained(Fact.When, A))
        Fact.When.push_back(A);
    llvm::sort(Fact.When, [](const Atom &A, const Atom &B) { return A.Of < B.Of; });
    if (E.CallsParameter)
      bindCallee(Event, E, std::move(Fact), Arguments, This, S);
    else
      deliver(std::move(Fact), S);
  }
}

/// The callee calls what it was given: here we may know what that is.
void Simulation::bindCallee(uint32_t Event, const EffectFact &E, EffectFact Fact, llvm::ArrayRef<ExprId> Arguments, ExprId This,
                            const State &S) {
  ExprId Callee = P.Exprs.substitute(E.Callee, Arguments, This);
  if (Callee == NoExpr)
    return;
  Callee = P.Exprs.beforeCleared(Logic.evaluate(Callee, S));
  if (Resolver.isUpToCallers(Callee)) {
    Fact.Callee = Callee;
    deliver(std::move(Fact), S);
    return;
  }
  Resolution R = Resolver.resolve(Callee, false);
  weigh(R);
  for (const fencelint::Callee &C : R.Callees) {
    const Summary &Of = P.Functions[C.Function].Summary;
    Translated Known;
    for (uint32_t I = 0, Count = Of.Effects.size(); I < Count; ++I) {
      const EffectFact Inner = Of.Effects[I];
      if (Inner.Dead || Inner.CallsParameter || (Inner.Module && !P.mayReach(Fn, Inner.Module)))
        continue;
      ExprId Wakes = Inner.UnlessActive ? deviceHere(Inner.UnlessActive, {}, NoExpr, S) : NoExpr;
      if (isActive(Wakes, S))
        continue;
      if (!bind(Inner.When, {}, NoExpr, S, Known))
        continue;
      EffectFact Whole = Fact;
      Whole.CallsParameter = false;
      Whole.Callee = Inner.Callee;
      Whole.Kind = Inner.Kind;
      Whole.OnLastReference |= Inner.OnLastReference;
      Whole.NotIn |= Inner.NotIn;
      Whole.UnlessActive = Wakes;
      if (Whole.Audited == None)
        Whole.Audited = Inner.Audited;
      Whole.Sure = Fact.Sure * Inner.Sure / Certain * C.share(Inner.Kind) / Certain;
      Whole.Difference = Fact.Difference.plus(Inner.Difference);
      Whole.Module = moduleTag(Inner.Module ? Inner.Module : C.Module);
      weighOwner(Whole, Inner, C);
      Whole.Given = C.Function;
      Whole.GivenEffect = I;
      Whole.Depth += Inner.Depth + 1;
      Whole.AtOnce = together(Whole.AtOnce, Inner.AtOnce);
      deliver(std::move(Whole), S);
    }
  }
}

/// How much is taken for granted by who follows this call: that it gets to what the callee does, each condition that only holds because this way was
/// taken, and that a reference was the last. The plumbing of headers and the compiler's own destructions leave less to doubt.
uint16_t Simulation::atOnce(uint32_t Event, const State &S) const {
  uint16_t Last = S.DropEvent != None ? LastReference : 0;
  if (!Fn.Module)
    return Last;
  bool IsImplicit = B.events()->Get(Event)->kind() == EventKind::Destroy;
  return Last + !IsImplicit + llvm::count_if(S.Facts, [&](const Atom &A) { return !A.Inferred && !Logic.isOfBefore(A.Of, S); });
}

/// Something happens at this event, in this state.
EffectFact Simulation::factHere(uint32_t Event, Via How, const State &S) const {
  EffectFact Fact;
  Fact.Event = Event;
  Fact.How = How;
  Fact.Audited = Fn.Audited ? F : None;
  Fact.Difference = S.Now;
  Fact.When = Logic.guardOf(S);
  Fact.AtOnce = atOnce(Event, S);
  Fact.NotIn = S.NotIn;
  Fact.DropEvent = S.DropEvent;
  Fact.Counter = S.Dropped;
  Fact.OnLastReference = S.DropEvent != None;
  return Fact;
}

/// Whoever calls into this module may get to what this module stored: no need to remember.
/// Unless this body stands for copies in other modules.
uint32_t Simulation::moduleTag(uint32_t Module) const { return Module == Fn.Module && Fn.CopiesIn.empty() ? 0 : Module; }

/// The last part of the context taken here that still counts and is a reason why the effect is forbidden.
static HeldPart takenHere(const State &S, EffectKind Kind) {
  auto IsReason = [&](const HeldPart &H) {
    Context Alone;
    Alone.change(*H.Which, H.By);
    return Kind != EffectKind::SleepOnRt || isForbidden(Kind, Alone);
  };
  for (size_t I = S.Held.size(); I-- > 0;)
    if (S.Held[I].By > 0 && S.Held[I].Lock != LockKind::None)
      return S.Held[I];
  for (size_t I = S.Held.size(); I-- > 0;)
    if (S.Held[I].By > 0 && IsReason(S.Held[I]))
      return S.Held[I];
  return {};
}

void Simulation::deliver(EffectFact Fact, const State &S) {
  Context Here = Fact.Difference;
  Fact.Entered = takenHere(S, Fact.Kind);
  Fact.OnFlags = NoExpr;
  for (const Atom &A : Fact.When)
    if (A.Flags)
      Fact.OnFlags = A.Of;
  bool Forbidden = !Fact.CallsParameter && isForbidden(Fact.Kind, Here);
  if (P.IsOpen && Fact.Kind == EffectKind::Unknown) // to know that nothing is unknown is all that is asked
    Forbidden = false;
  bool IsAsked = Fact.Kind == EffectKind::Asked; // is told here, and again of callers for what they add
  if (Forbidden && (IsAsked || Fact.When.empty() || (!Fn.HasCallers && !Fact.OnFlags))) {
    violate(Fact, Here, S);
    if (!IsAsked)
      return;
  }
  if (!Fact.CallsParameter && (!Forbidden || IsAsked)) {
    if (Fact.Kind == EffectKind::SleepOutsideIrq && Fact.Difference[Part::BhOff] > 0)
      return; // it always defers here
    for (int8_t &Level : Fact.Difference.Levels)
      Level = std::min<int8_t>(Level, 0);
    Fact.Entered = {};
  }
  if (Fact.UnlessActive && P.Exprs[Fact.UnlessActive].Opaque)
    Fact.UnlessActive = someDevice(P.Exprs);
  if (P.Exprs[Fact.Counter].Opaque)
    Fact.Counter = NoExpr;
  Fn.Summary.add(std::move(Fact));
}

void Simulation::violate(const EffectFact &Fact, const Context &Here, const State &S) {
  for (Violation &V : Fn.Violations)
    if (V.Event == Fact.Event && V.Effect.Kind == Fact.Kind && V.Effect.OnLastReference == Fact.OnLastReference &&
        V.Effect.Module == Fact.Module && V.Effect.Audited == Fact.Audited && V.Effect.Callee == Fact.Callee &&
        (Fact.Kind != EffectKind::Asked || V.In == Here)) {
      if (isSurer(Fact, V.Effect))
        V = {F, Fact.Event, Fact, Here, Fact.Entered, None};
      return;
    }
  Fn.Violations.push_back({F, Fact.Event, Fact, Here, Fact.Entered, None});
}

/// What is a violation here whatever the callers pass is not told to them again.
void Simulation::dropReported() {
  for (EffectFact &E : Fn.Summary.Effects)
    for (const Violation &V : Fn.Violations)
      if ((V.Effect.Audited == None || V.Effect.Audited == E.Audited) && E.Event == V.Event &&
          E.Kind == V.Effect.Kind && E.OnLastReference == V.Effect.OnLastReference && !E.CallsParameter &&
          isForbidden(E.Kind, E.Difference))
        E.Dead = true;
}
