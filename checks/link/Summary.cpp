//===- Summary.cpp - keeping only the most general effects -------------------===//
//
// A helper that is reached twenty ways would otherwise carry twenty facts that say the same. A fact covers another when every
// caller that the other concerns is concerned by it too.
//
//===----------------------------------------------------------------------===//
#include "checks/link/Summary.h"
#include "llvm/ADT/STLExtras.h"

using namespace fencelint;

bool fencelint::implies(const Guard &Strong, const Guard &Weak) {
  for (const Atom &W : Weak) {
    bool Found = false;
    for (const Atom &S : Strong)
      if (S.Of == W.Of && S.Is.meet(W.Is) == S.Is) {
        Found = true;
        break;
      }
    if (!Found)
      return false;
  }
  return true;
}

/// Some contexts can only make General's difference at least as atomic as Special's.
static bool isAtLeast(const Context &General, const Context &Special) {
  for (unsigned I = 0; I < PartCount; ++I)
    if (General.Levels[I] < Special.Levels[I])
      return false;
  return true;
}

static bool covers(const EffectFact &G, const EffectFact &S, bool WhateverOwner = false) {
  return (WhateverOwner || G.Slot == None || (G.Slot == S.Slot && G.Owner == S.Owner)) && G.Kind == S.Kind && G.CallsParameter == S.CallsParameter && G.Callee == S.Callee && G.IfMapped == S.IfMapped &&
         (!G.OnLastReference || S.OnLastReference) && (G.NotIn & ~S.NotIn) == 0 && G.Sure >= S.Sure &&
         (G.Module == 0 || G.Module == S.Module) && (G.Audited == None || G.Audited == S.Audited) &&
         (G.UnlessActive == NoExpr || G.UnlessActive == S.UnlessActive) && (G.Counter == NoExpr || G.Counter == S.Counter) &&
         isAtLeast(G.Difference, S.Difference) && confidenceOf(G) >= confidenceOf(S) && implies(S.When, G.When);
}

/// So many files' functions in one slot that it matters little whose.
static constexpr unsigned MostOwners = 6;

/// Beyond this a summary takes no more: a function that reaches so many things reaches the common ones among them.
static constexpr unsigned MostEffects = 192;

/// So many chains of one kind that pointers hardly lead along: nobody sees them who does not ask for `low`, and then the surest.
static constexpr unsigned MostUnlikely = 8;

/// More conditions than this under which one thing happens are worth no more to callers than what they have in common.
static constexpr unsigned MostGuards = 3;

/// So much that has to be as a chain says, all at once, is seldom so (docs/numbers.md counts how seldom).
static constexpr unsigned Many = 12, TooMany = 20;

static Confidence ofPointers(uint8_t Sure) {
  return Sure >= Certain ? Confidence::High : 8 * Sure >= 7 * Certain ? Confidence::Medium : Confidence::Low;
}

Confidence fencelint::confidenceOf(const EffectFact &Fact, unsigned More) {
  Confidence OfLength = Fact.AtOnce < Many + More ? Confidence::High : Fact.AtOnce < TooMany + More ? Confidence::Medium : Confidence::Low;
  Confidence OfHolders = Fact.OnLastReference ? Confidence::Medium : Confidence::High; // no chain shows that nobody else holds one
  return std::min({ofPointers(Fact.Sure), OfLength, OfHolders});
}

bool fencelint::isSurer(const EffectFact &A, const EffectFact &B) {
  auto Rank = [](const EffectFact &E) { return std::tuple(confidenceOf(E), E.Sure, -int(E.Depth)); };
  return Rank(A) > Rank(B);
}

Guard fencelint::common(const Guard &A, const Guard &B) {
  Guard Both;
  for (const Atom &X : A)
    for (const Atom &Y : B) {
      if (X.Of != Y.Of)
        continue;
      Knowledge Is = X.Is.join(Y.Is);
      if (Is.isNothing())
        continue;
      // Two conditions on one expression meet in one: each pair for itself would square their number every time.
      auto Said = llvm::find_if(Both, [&](const Atom &Z) { return Z.Of == X.Of && Z.Flags == X.Flags; });
      if (Said == Both.end())
        Both.push_back({X.Of, Is, X.Flags, X.Inferred || Y.Inferred});
      else
        Said->Is = Said->Is.meet(Is);
    }
  return Both;
}

/// The same but for the guard. Flags are no ordinary guard: what hangs on them is lost without them.
static bool isVariant(const EffectFact &A, const EffectFact &B) {
  return A.Kind == B.Kind && A.CallsParameter == B.CallsParameter && A.Callee == B.Callee &&
         A.OnLastReference == B.OnLastReference && A.IfMapped == B.IfMapped && A.NotIn == B.NotIn &&
         A.Module == B.Module && A.Audited == B.Audited && A.Slot == B.Slot && A.Owner == B.Owner && A.Difference == B.Difference && A.OnFlags == B.OnFlags &&
         A.UnlessActive == B.UnlessActive && A.Counter == B.Counter;
}

/// Of low confidence, whatever callers know: it cannot become surer.
static bool isUnlikely(const EffectFact &Fact) { return ofPointers(Fact.Sure) == Confidence::Low && Fact.Kind != EffectKind::Asked; }

static bool isOfOneKind(const EffectFact &A, const EffectFact &B) {
  return A.Kind == B.Kind && A.CallsParameter == B.CallsParameter && A.Callee == B.Callee && A.OnLastReference == B.OnLastReference && A.Module == B.Module &&
         (A.Audited == None) == (B.Audited == None);
}

bool Summary::add(EffectFact Fact) {
  unsigned Alive = 0, All = 0, Owners = 0, Unlikely = 0; // what is suppressed takes no room from what is not
  EffectFact *LeastSure = nullptr, *LeastLikely = nullptr;
  llvm::SmallVector<EffectFact *, MostGuards> Variants;
  for (EffectFact &E : Effects) {
    bool SameRoom = (E.Audited == None) == (Fact.Audited == None);
    All += SameRoom;
    if (E.Dead)
      continue;
    Alive += SameRoom;
    if (SameRoom && isUnlikely(E) && (!LeastSure || isSurer(*LeastSure, E)))
      LeastSure = &E;
    if (E.Kind != Fact.Kind || E.Callee != Fact.Callee) // most: neither covers the other, nor are they variants
      continue;
    if (covers(E, Fact))
      return false;
    if (isUnlikely(E) && isOfOneKind(E, Fact)) {
      ++Unlikely;
      if (!LeastLikely || isSurer(*LeastLikely, E))
        LeastLikely = &E;
    }
    Owners += Fact.Slot != None && E.Slot == Fact.Slot && covers(E, Fact, true);
    if (isVariant(E, Fact))
      Variants.push_back(&E);
  }
  if (Variants.size() >= MostGuards) { // of one call rather than of several: its chain must not stand for another's conditions
    llvm::SmallVector<EffectFact *, MostGuards> Here;
    for (EffectFact *V : Variants)
      if (V->Event == Fact.Event && V->Next == Fact.Next)
        Here.push_back(V);
    if (!Here.empty() || Variants.size() < 2 * MostGuards)
      Variants = std::move(Here);
    Guard Common = Fact.When;
    for (EffectFact *V : Variants)
      Common = common(Common, V->When);
    for (EffectFact *V : Variants) // the surest speaks for all
      if (isSurer(*V, Fact))
        Fact = *V;
    Fact.When = std::move(Common);
  }
  if (Owners >= MostOwners)
    Fact.Slot = Fact.Owner = None;
  if (isUnlikely(Fact) && Unlikely >= MostUnlikely) {
    if (!isSurer(Fact, *LeastLikely))
      return false;
    LeastLikely->Dead = true;
  }
  if (Alive >= MostEffects || All > 4 * MostEffects) {
    Full = true;
    if (All > 4 * MostEffects || !LeastSure || !isSurer(Fact, *LeastSure))
      return false;
    LeastSure->Dead = true;
  }
  for (EffectFact &E : Effects)
    if (!E.Dead && E.Kind == Fact.Kind && covers(Fact, E))
      E.Dead = true;
  Effects.push_back(std::move(Fact));
  return true;
}

bool Summary::hasEffects() const {
  for (const EffectFact &E : Effects)
    if (!E.Dead)
      return true;
  return false;
}
