//===- Summary.cpp - keeping only the most general effects -------------------===//
//
// A helper that is reached twenty ways would otherwise carry twenty facts that say the same. A fact covers another when every
// caller that the other concerns is concerned by it too.
//
//===----------------------------------------------------------------------===//
#include "checks/link/Summary.h"

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

static bool covers(const EffectFact &G, const EffectFact &S) {
  return G.Kind == S.Kind && G.CallsParameter == S.CallsParameter && G.Callee == S.Callee &&
         (!G.OnLastReference || S.OnLastReference) && (G.NotIn & ~S.NotIn) == 0 && G.Sure >= S.Sure &&
         (G.Module == 0 || G.Module == S.Module) && isAtLeast(G.Difference, S.Difference) && implies(S.When, G.When);
}

/// Beyond this a summary stops telling its callers apart; what is dropped is said (`Truncated`).
static constexpr unsigned MostEffects = 192;

bool Summary::add(EffectFact Fact) {
  unsigned Alive = 0;
  for (EffectFact &E : Effects) {
    if (E.Dead)
      continue;
    if (covers(E, Fact))
      return false;
    ++Alive;
  }
  if (Alive >= MostEffects || Effects.size() > 4 * MostEffects) {
    Truncated = true;
    return false;
  }
  for (EffectFact &E : Effects)
    if (!E.Dead && covers(Fact, E))
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
