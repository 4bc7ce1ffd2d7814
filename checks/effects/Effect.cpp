//===- Effect.cpp - the matrix: which context forbids which effect ---------===//
//
// One row per effect, one column per property of a context; a cell says whether the property alone forbids the effect.
// Properties are few on purpose: every reason why code may not sleep forbids the same effects, with one exception. What
// defers itself in interrupts (SleepOutsideIrq) asks at run time whether it is in one or bottom halves are off, and only
// then is safe. Where it may be a task (MaybeInterrupt) it asks too, and sleeps when it is one, so that does not help.
//
// Not here: what only a fence signalling critical section forbids; it needs to know which locks are held elsewhere.
//
//===----------------------------------------------------------------------===//
#include "checks/effects/Effect.h"
#include "llvm/ADT/STLExtras.h"

namespace fencelint {
namespace {

enum Property : uint8_t {
  Atomic = 1,      ///< Context::isAtomic()
  CannotDefer = 2, ///< atomic, and code that asks "am I in an interrupt?" may hear "no"
  ForbidsAllocation = 4,
  ForbidsFree = 8,
  Special = 16,    ///< anything but a plain task
  NotPreemptible = 32, ///< atomic on PREEMPT_RT too, where softirqs are threads and RCU readers may wait for a spinlock_t
};

struct Row {
  EffectKind Kind;
  llvm::StringLiteral Phrase;
  uint8_t ForbiddenIn; ///< any of these properties
};

// clang-format off
constexpr Row Matrix[EffectKindCount] = {
  {EffectKind::Sleep,           "may sleep",                           Atomic},
  {EffectKind::SleepOutsideIrq, "may sleep outside interrupts",        CannotDefer},
  {EffectKind::Reclaim,         "may allocate with reclaim",           Atomic},
  {EffectKind::Allocate,        "may allocate",                        ForbidsAllocation},
  {EffectKind::Free,            "may free memory",                     ForbidsFree},
  {EffectKind::WaitFence,       "may wait for a fence",                Atomic},
  {EffectKind::WaitWork,        "may wait for work",                   Atomic},
  {EffectKind::WaitIrq,         "may wait for an interrupt handler",   Atomic},
  {EffectKind::WaitGracePeriod, "may wait for a grace period",         Atomic},
  {EffectKind::UserAccess,      "may touch user memory",               Atomic},
  {EffectKind::SleepingLock,    "may sleep",                           Atomic},
  {EffectKind::SleepOnRt,       "may sleep on PREEMPT_RT",             NotPreemptible},
  {EffectKind::SignalFence,     "may signal a fence",                  0},
  {EffectKind::Unknown,         "calls something nobody described",    Atomic},
  {EffectKind::Asked,           "runs what was asked about",           Special},
};
// clang-format on

constexpr bool isInEnumOrder() {
  for (unsigned I = 0; I < EffectKindCount; ++I)
    if (static_cast<unsigned>(Matrix[I].Kind) != I)
      return false;
  return true;
}
static_assert(isInEnumOrder(), "a row is found by its effect's number");

uint8_t propertiesOf(const Context &In) {
  uint8_t Has = 0;
  if (In.isAtomic()) {
    Has |= Atomic;
    bool IsSeenAsInterrupt = (In.Where & (InSoftirq | InHardirq)) || In[Part::BhOff] > 0;
    if (!IsSeenAsInterrupt)
      Has |= CannotDefer;
  }
  // An NMI cannot even defer: what it would queue the work with takes locks.
  if (In.Where & InNmi)
    Has |= CannotDefer;
  if (In[Part::PreemptOff] > 0 || In[Part::IrqsOff] > 0 || (In.Where & (InHardirq | InNmi)))
    Has |= NotPreemptible;
  if (In.Where & NoAllocation)
    Has |= ForbidsAllocation;
  if (In.Where & NoFree)
    Has |= ForbidsFree;
  if (In.Where || llvm::any_of(In.Levels, [](int8_t Level) { return Level > 0; }))
    Has |= Special;
  return Has;
}

} // namespace

llvm::StringRef effectPhrase(EffectKind Kind) { return Matrix[static_cast<unsigned>(Kind)].Phrase; }

bool isForbidden(EffectKind Kind, const Context &In) {
  return Matrix[static_cast<unsigned>(Kind)].ForbiddenIn & propertiesOf(In);
}

} // namespace fencelint
