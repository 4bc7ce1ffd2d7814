//===- Summary.h - what a caller needs to know of a function ----------------===//
//
// One bottom-up summary per function replaces looking into it again. It holds three things:
//
//  * effects that a caller's context may forbid, each with the guard on the function's parameters under which it happens and the
//    difference between the context there and at entry (`unlock(l); wait(); lock(l)` waits at -1);
//  * exits: how the context differs when the function returns, which references it took, and what its result then is, so that a trylock, a wrapper of a lock and
//    "returns with the lock held" are ordinary functions;
//  * what the result tells: that the last reference went, or that the caller is in an interrupt.
//
// Effects are only appended: another summary's witness refers to them by number.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_LINK_SUMMARY_H
#define FENCELINT_LINK_SUMMARY_H

#include "checks/link/Expression.h"
#include "checks/link/References.h"
#include "checks/models/Model.h"
#include "checks/report/Finding.h"
#include "llvm/ADT/SmallVector.h"

namespace fencelint {

using FunctionId = uint32_t;
using SymbolId = uint32_t;

/// One thing that must hold of an expression over the parameters.
struct Atom {
  ExprId Of = NoExpr;
  Knowledge Is;
  bool Flags = false;   ///< tests bits of an argument: where nobody knows the bits, nothing is guessed
  bool Inferred = false; ///< from what another value is (Ways.h), not from a test of its own: unknown bits forbid no guess
  bool operator==(const Atom &) const = default;
};
/// All must hold; sorted by expression.
using Guard = llvm::SmallVector<Atom, 2>;
/// Every path that satisfies Strong satisfies Weak.
bool implies(const Guard &Strong, const Guard &Weak);
/// What both say.
Guard common(const Guard &A, const Guard &B);

/// Contexts in which code does not run, because it asked (`if (in_interrupt()) return;`).
enum Excluded : uint8_t { NotInterrupt = 1, NotIrqsOff = 2, NotPreemptOff = 4, NotAtomic = 7 };

/// A level of the context that somebody took: a lock, or a bare part.
struct HeldPart {
  LockKind Lock = LockKind::None;
  std::optional<Part> Which;
  ExprId Of = NoExpr;      ///< the lock, in terms of the function whose state this is
  uint32_t Event = None;   ///< where it was taken; an index into the function's events
  int By = 1;              ///< +1 taken, -1 given back although not taken here
  ExprId In = NoExpr;      ///< the pointer to what it was in when it was taken
  bool operator==(const HeldPart &) const = default;
};

/// How one call reaches what it calls.
enum class Via : uint8_t { Direct, Slot, Virtual, Destructor, Argument, Primitive };

/// EffectFact::Sure of a chain without a choice. A pointer that may lead to n functions of one module of which k have the effect
/// is worth k/n; a chain is worth the product.
inline constexpr uint8_t Certain = 16;

/// So likely is a chain that is not impossible, but needs what hardly ever is so: of low confidence.
inline uint8_t hardly(uint8_t Sure) { return std::max(1, Sure / 4); }

struct EffectFact {
  EffectKind Kind = EffectKind::Sleep;
  bool CallsParameter = false;   ///< instead of Kind: calls what its parameter (or that expression) Callee holds
  bool IfMapped = false;         ///< only when the memory it is given was mapped (`vmalloc`)
  bool OnLastReference = false;  ///< only when a counted reference was the last
  bool Dead = false;             ///< a more general effect was found later
  uint8_t NotIn = 0;             ///< Excluded bits
  uint8_t Sure = Certain;        ///< how likely the chain's pointers lead this way, in sixteenths
  uint32_t Module = 0;           ///< 0, or the module whose function a slot led to
  SymbolId Slot = None;          ///< the slot nearest to the callers that led to a function of another file ...
  uint32_t Owner = None;         ///< ... and the unit of that function
  FunctionId Audited =
      None; ///< a person has read this function, which it is in or comes through: a violation is suppressed
  Context Difference;            ///< from entry to the effect
  Guard When;
  ExprId UnlessActive = NoExpr;  ///< not when that device is active (Active.h)
  ExprId Counter = NoExpr;       ///< OnLastReference: what was counted down, over the parameters
  ExprId OnFlags = NoExpr;       ///< the bits that When tests, if it tests any
  ExprId Callee = NoExpr;        ///< CallsParameter: an expression over the parameters

  // The witness: one shortest way there.
  uint32_t Event = None;         ///< in the function's body; None in a described function
  FunctionId Next = None;        ///< the function that call enters; None when this function is described as doing it
  uint32_t NextEffect = 0;
  Via How = Via::Primitive;
  FunctionId Given = None;       ///< the function that was passed along and is called there
  uint32_t GivenEffect = 0;
  uint32_t DropEvent = None;     ///< the counted drop, when it is in this function
  HeldPart Entered;              ///< what made the context atomic here, when Difference does
  uint16_t Depth = 0;            ///< calls on the way
  uint16_t AtOnce = 0;           ///< how much has to be as this chain says: atOnce()
};

/// That nobody else holds a reference is worth as much as so many conditions.
inline constexpr uint16_t LastReference = 3;

/// The weakest of what the chain rests on: pointers that may lead elsewhere, and how much has to be so at once.
/// More: how much longer it may be than others.
Confidence confidenceOf(const EffectFact &Fact, unsigned More = 0);

/// Of two chains to the same, the one to tell: the surer, then the shorter.
bool isSurer(const EffectFact &A, const EffectFact &B);

/// One of the ways that led to a value, and what was true on it.
struct Way {
  Knowledge Is;
  llvm::SmallVector<Atom, 1> Then;
  bool operator==(const Way &) const = default;
};

/// A field of what callers passed that may be written on the way.
struct Overwrite {
  ExprId Place = NoExpr;         ///< over the parameters
  ExprId Holds = NoExpr;         ///< over the parameters as they were at entry, when that says it
  Knowledge Is;
  bool operator==(const Overwrite &) const = default;
};

struct Exit {
  Guard When;
  Knowledge Result;
  llvm::SmallVector<Way, 0> Ways; ///< what the result is when: none, or at least two
  ExprId ResultIs = NoExpr;      ///< over the parameters, when one expression says it
  /// What it stored: (field of a parameter's or of its result's object, value over the parameters). Its result is the result of event None.
  llvm::SmallVector<std::pair<ExprId, ExprId>, 0> Stores;
  llvm::SmallVector<Overwrite, 0> Overwritten; ///< sorted by place
  llvm::SmallVector<HeldPart, 2> Changes;
  References Devices;            ///< that keep these active, named by deviceOf()
  References Objects;            ///< counters
  uint8_t NotIn = 0;
  bool Warned = false;           ///< a warning was printed that says that this should never happen
  bool operator==(const Exit &) const = default;
};

/// How far from the caller's context it returns.
Context changeOf(const Exit &X);

/// What a true result means.
struct Answer {
  Action::Question Asked;
  int64_t Mask = 0;              ///< only these bits of the result; 0: its truth
};

struct Summary {
  std::vector<EffectFact> Effects;
  llvm::SmallVector<Exit, 1> Exits;     ///< none: never returns
  llvm::SmallVector<Answer, 1> Answers;
  bool Repeats = false;                 ///< the same arguments give the same result
  bool IsPure = false;                  ///< it looks and computes; its one exit says in one expression what it returns
  bool CountsDown = false;              ///< Last tells that the last reference went
  Knowledge Last;
  ExprId Counter = NoExpr;              ///< CountsDown: over the parameters
  llvm::SmallVector<Guard, 1> GivesMapped; ///< when the result may be mapped memory
  llvm::SmallVector<Subject, 1> Empties;
  llvm::SmallVector<std::pair<Subject, Guard>, 0> Zeroes; ///< what it fills with zeroes, and when
  llvm::SmallVector<Subject, 1> HoldsReference;
  bool Known = false;                   ///< a body or a description was found
  bool Full = false;                    ///< something was left out for want of room

  /// Appends unless a more general one is there; marks what it replaces. Returns true when something was added.
  bool add(EffectFact Fact);
  bool hasEffects() const;
};

} // namespace fencelint
#endif
