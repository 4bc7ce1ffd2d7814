//===- EffectTest.cpp - every cell of the matrix ---------------------------===//
//
// The table is written out again, by context instead of by property, so that a changed property shows in all its cells.
//
//===----------------------------------------------------------------------===//
#include "checks/effects/Effect.h"
#include "gtest/gtest.h"
#include <set>

using namespace fencelint;

namespace {

enum Place {
  Task,
  Spin,
  Irqs,
  Bh,
  SpinBh,
  Rcu,
  Soft,
  Hard,
  Nmi,
  Maybe,
  Callback,
  Promise,
  NoAlloc,
  Signalling,
  Scope,
  Balanced
};
constexpr unsigned PlaceCount = 16;

Context contextOf(Place P) {
  Context C;
  switch (P) {
  case Task:
    break;
  case Spin:
    C.change(Part::PreemptOff, 1);
    break;
  case Irqs:
    C.change(Part::IrqsOff, 1);
    break;
  case Bh:
    C.change(Part::BhOff, 1);
    break;
  case SpinBh:
    C.change(Part::PreemptOff, 1);
    C.change(Part::BhOff, 1);
    break;
  case Rcu:
    C.change(Part::Rcu, 1);
    break;
  case Soft:
    C.Where = InSoftirq;
    break;
  case Hard:
    C.Where = InHardirq;
    C.change(Part::IrqsOff, 1);
    break;
  case Nmi:
    C.Where = InNmi;
    break;
  case Maybe:
    C.Where = MaybeInterrupt;
    break;
  case Callback:
    C.Where = MaybeInterrupt | InFenceCallback | NoAllocation | NoFree;
    C.change(Part::IrqsOff, 1);
    C.change(Part::PreemptOff, 1);
    break;
  case Promise:
    C.Where = NoSleepPromise;
    break;
  case NoAlloc:
    C.Where = NoAllocation; // as every fence callback of the kernel for who asks for that rule
    break;
  case Signalling:
    C.change(Part::Signalling, 1);
    break;
  case Scope:
    C.change(Part::NoFs, 1);
    C.change(Part::NoReclaim, 1);
    break;
  case Balanced:
    C.change(Part::PreemptOff, -1);
    break;
  }
  return C;
}

const std::set<Place> Atomic = {Spin, Irqs, Bh, SpinBh, Rcu, Soft, Hard, Nmi, Maybe, Callback, Promise};

void expectForbiddenIn(EffectKind Kind, const std::set<Place> &Forbidden) {
  for (unsigned I = 0; I < PlaceCount; ++I)
    EXPECT_EQ(isForbidden(Kind, contextOf(static_cast<Place>(I))), Forbidden.count(static_cast<Place>(I)) == 1)
        << "'" << effectPhrase(Kind).str() << "' in place " << I << ": " << contextOf(static_cast<Place>(I)).describe();
}

TEST(Matrix, WhatSleeps) {
  for (EffectKind Kind : {EffectKind::Sleep, EffectKind::Reclaim, EffectKind::WaitFence, EffectKind::WaitWork,
                          EffectKind::WaitIrq, EffectKind::WaitGracePeriod, EffectKind::UserAccess})
    expectForbiddenIn(Kind, Atomic);
}

TEST(Matrix, WhatNobodyDescribedIsNoProof) { expectForbiddenIn(EffectKind::Unknown, Atomic); }

TEST(Matrix, WhatDefersItselfInInterrupts) {
  expectForbiddenIn(EffectKind::SleepOutsideIrq, {Spin, Irqs, Rcu, Nmi, Maybe, Callback, Promise});
}

TEST(Matrix, WhatUsesTheAllocator) {
  expectForbiddenIn(EffectKind::Allocate, {Callback, NoAlloc});
  expectForbiddenIn(EffectKind::Free, {Callback});
}

TEST(Matrix, WhatIsAskedAboutIsToldOfAllButATask) {
  EXPECT_FALSE(isForbidden(EffectKind::Asked, Context()));
  EXPECT_FALSE(isForbidden(EffectKind::Asked, contextOf(Balanced)));
  for (Place P : {Spin, Hard, Rcu, Signalling, Scope, NoAlloc})
    EXPECT_TRUE(isForbidden(EffectKind::Asked, contextOf(P))) << contextOf(P).describe();
}

TEST(Matrix, WhatSleepsOnRtOnly) {
  Context Soft, Reader, Bh, Raw, Irqs, Hard;
  Soft.Where = InSoftirq;
  Hard.Where = InHardirq;
  Reader[Part::Rcu] = Bh[Part::BhOff] = Raw[Part::PreemptOff] = Irqs[Part::IrqsOff] = 1;
  for (const Context &C : {Context(), Soft, Reader, Bh})
    EXPECT_FALSE(isForbidden(EffectKind::SleepOnRt, C)) << C.describe();
  for (const Context &C : {Raw, Irqs, Hard})
    EXPECT_TRUE(isForbidden(EffectKind::SleepOnRt, C)) << C.describe();
}

TEST(Matrix, WhatNoContextForbids) { expectForbiddenIn(EffectKind::SignalFence, {}); }

TEST(Matrix, PhrasesDifferButForTheTwoWaysToSleep) {
  std::set<std::string> Phrases;
  for (unsigned I = 0; I < EffectKindCount; ++I)
    Phrases.insert(effectPhrase(static_cast<EffectKind>(I)).str());
  EXPECT_EQ(Phrases.size(), EffectKindCount - 1) << "a sleeping lock may sleep, and says so";
}

} // namespace
