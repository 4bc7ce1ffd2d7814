//===- Context.h - what may hold at a program point -----------------------===//
//
// Why a product and not one "atomic level": `vfree()` defers itself in an interrupt and sleeps under a spinlock;
// a helper may drop its caller's lock but cannot leave an interrupt; `local_irq_enable()` undoes one part only. So a
// context is a small vector of independent parts, and a function's effect on it is a vector of differences.
//
// The same type serves both uses. Relative to a function's entry, +1 is "one level more than the caller had", -1 "the
// caller's level was given back". As an absolute context (a callback slot's contract) all parts are >= 0.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_EFFECTS_CONTEXT_H
#define FENCELINT_EFFECTS_CONTEXT_H

#include "llvm/ADT/StringRef.h"
#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace fencelint {

/// The counted parts. `Interrupt` levels cannot be left by the code that runs in them.
/// `DeviceActive` forbids nothing: what wakes a device up has nothing to do then.
enum class Part : uint8_t { PreemptOff, IrqsOff, BhOff, Rcu, Signalling, NoReclaim, NoFs, NoIo, DeviceActive };
inline constexpr unsigned PartCount = 9;

/// Where code runs, as bits: a set of possibilities that a caller may be in.
/// Facts that hold only for whole invocations, never changed by the code itself.
enum Where : uint8_t {
  InSoftirq = 1,
  InHardirq = 2,
  InNmi = 4,
  MaybeInterrupt = 8,    ///< interrupt or task, depending on who calls
  InFenceCallback = 16,  ///< under the lock of the fence that calls
  NoAllocation = 32,     ///< allocating at all breaks the contract
  NoSleepPromise = 64,   ///< declared not to block (`nonblocking`), wherever it runs
  NoFree = 128,          ///< giving memory back breaks the contract as well
};

struct Context {
  std::array<int8_t, PartCount> Levels{};
  uint8_t Where = 0;

  int8_t &operator[](Part P) { return Levels[static_cast<unsigned>(P)]; }
  int8_t operator[](Part P) const { return Levels[static_cast<unsigned>(P)]; }
  bool operator==(const Context &) const = default;

  /// One level more (or fewer) of a part; saturates at +-7, more nesting than any kernel allows.
  void change(Part P, int By);
  /// This context with a callee's difference on top.
  Context plus(const Context &Difference) const;
  /// True when no part differs from the entry's.
  bool isNeutral() const { return *this == Context(); }
  /// May not sleep: preemption, interrupts or bottom halves are off, an RCU reader, an interrupt, or a promise.
  bool isAtomic() const;
  bool isInterrupt() const { return Where & (InSoftirq | InHardirq | InNmi | MaybeInterrupt); }
  /// "preemption and interrupts are disabled", for a message.
  std::string describe() const;
};

/// "preempt-off", "irqs-off", ... as model files and annotations spell it.
std::optional<Part> parsePart(llvm::StringRef Name);
llvm::StringRef partName(Part P);
/// "softirq", "maybe-interrupt", ...
std::optional<uint8_t> parseWhere(llvm::StringRef Name);

} // namespace fencelint
#endif
