//===- Effect.h - what a function may do that a context may forbid ---------===//
//
// Effects are kinds, not severities: which context forbids which effect is one table (Matrix.cpp), so that the rules read
// like docs/design.md.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_EFFECTS_EFFECT_H
#define FENCELINT_EFFECTS_EFFECT_H

#include "checks/effects/Context.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>

namespace fencelint {

enum class EffectKind : uint8_t {
  Sleep,            ///< schedule, sleeping lock, wait
  SleepOutsideIrq,  ///< sleeps in a task, defers itself in interrupts and with bottom halves off
  Reclaim,          ///< an allocation that may enter direct reclaim
  Allocate,         ///< an allocation of any kind
  Free,             ///< gives memory back to an allocator: only a promise never to touch it forbids that
  WaitFence,
  WaitWork,
  WaitIrq,
  WaitGracePeriod,
  UserAccess,
  SleepingLock,     ///< takes a lock that sleeps: told apart from Sleep so that neither hides the other on a chain
  SleepOnRt,        ///< takes what is a sleeping lock on PREEMPT_RT only: a spinlock_t
  SignalFence,
  Unknown,          ///< calls something nobody described
  Asked,            ///< runs a function that somebody asked about (`fencelint explain`): any context is worth telling
};
inline constexpr unsigned EffectKindCount = 15;

/// "may sleep", "may allocate with reclaim", ... the verb phrase of a message.
llvm::StringRef effectPhrase(EffectKind Kind);

/// May give up the CPU: everything that an atomic context forbids.
inline bool isSleeping(EffectKind Kind) {
  return Kind != EffectKind::Allocate && Kind != EffectKind::Free && Kind != EffectKind::SignalFence && Kind != EffectKind::Unknown &&
         Kind != EffectKind::Asked;
}

/// True when the matrix forbids this effect in this context.
bool isForbidden(EffectKind Kind, const Context &In);

} // namespace fencelint
#endif
