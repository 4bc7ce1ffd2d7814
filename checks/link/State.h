//===- State.h - what is known at one point of one function --------------------===//
//
// Paths are told apart by the context they lead to, and by nothing else: two paths that meet with equal contexts become one, and keep what both
// knew (property simulation). So `if (x) lock(); ... if (x) unlock();` stays two states while the lock is held and the second test decides each of
// them, and a function without locks is walked once however many branches it has.
//
//===----------------------------------------------------------------------------===//
#ifndef FENCELINT_LINK_STATE_H
#define FENCELINT_LINK_STATE_H

#include "checks/link/Program.h"
#include "checks/link/Ways.h"
#include <functional>

namespace fencelint {

struct State {
  Context Now;                                 ///< relative to entry
  llvm::SmallVector<HeldPart, 3> Held;         ///< what makes up Now
  llvm::SmallVector<std::pair<ExprId, ExprId>, 6> Places; ///< place -> what was written there; a callers' field stays until the function returns
  llvm::SmallVector<Atom, 8> Facts;            ///< what tests told
  llvm::SmallVector<Ways, 0> Met;              ///< what more is true of values that differed where paths met
  llvm::SmallVector<ExprId, 2> Emptied;        ///< objects that own nothing any more
  llvm::SmallVector<ExprId, 2> Referenced;     ///< objects somebody else holds a reference of
  struct Asked {                               ///< a call whose result repeats, and what it was asked with
    FunctionId Function;
    llvm::SmallVector<ExprId, 6> Arguments;
    ExprId Result;
    bool operator==(const Asked &) const = default;
  };
  llvm::SmallVector<Asked, 1> Asked;
  References Devices, Objects;                 ///< relative to entry, as in an Exit
  uint8_t NotIn = 0;                           ///< Excluded bits
  uint32_t DropEvent = None;                   ///< the counted drop that turned out to be the last
  ExprId Dropped = NoExpr;                     ///< its counter
  ExprId Returned = NoExpr;
  bool Warned = false;                         ///< whoever wrote this says, by a warning on the way here, that it never happens
  bool Denied = false;                         ///< and goes on as if it did not: so does another state

  bool sameKey(const State &O) const { return Now == O.Now && NotIn == O.NotIn; }
  /// Keeps what both know; true when this changed.
  bool merge(const State &O, ExprTable &Exprs);

private:
  /// Known: and what is known of values that have a new name.
  bool mergePlaces(const State &O, llvm::SmallVectorImpl<Atom> &Known, ExprTable &Exprs);
};

/// The operations on states of one function.
class StateLogic {
public:
  /// IsChoice: of a field, that callers know what it holds although it is two steps from what they pass.
  explicit StateLogic(ExprTable &Exprs, std::function<bool(SymbolId)> IsChoice = {}) : Exprs(Exprs), IsChoice(std::move(IsChoice)) {}

  /// Id with places replaced by what was written there and with known numbers folded.
  ExprId evaluate(ExprId Id, const State &S) const;
  /// The same for what is written, not read: `p->f` where p is known to be x is the field of x.
  ExprId place(ExprId Id, const State &S) const;
  Knowledge know(ExprId Id, const State &S) const;
  /// It is said of a field of the callers as it was at entry, and something else is there now.
  bool isOfBefore(ExprId Id, const State &S) const;
  /// A test has ruled that number out, which know() does not tell.
  bool isKnownNotToBe(ExprId Id, int64_t Number, const State &S) const;
  /// Narrows S by "Id is (not) zero"; false when that cannot be.
  bool assume(ExprId Id, bool Truth, State &S) const;
  /// The same for any knowledge: as a test where it is only whether Id is zero.
  bool suppose(ExprId Id, Knowledge Is, State &S) const {
    return Is.isFalse() || Is == Knowledge::truth(true) ? assume(Id, !Is.isFalse(), S) : learn(Id, Is, S);
  }
  /// Adds what is known of Id; false on a contradiction.
  bool learn(ExprId Id, Knowledge Is, State &S, bool Inferred = false) const;
  /// A place gets a new value (NoExpr: unknown).
  void write(ExprId Place, ExprId Value, State &S) const;
  /// Who was given the pointer may have written the numbers and elements behind it; Fields: and the fields of what it points to.
  void forgetBehind(ExprId Pointer, bool Fields, State &S) const;
  /// Who was given the local's address may have written it.
  void forgetLocal(ExprId Local, State &S) const;
  /// Somebody may have written what the place holds, or a part of it.
  void forgetContent(ExprId Place, State &S) const;
  /// Id is that value, until one of the two is written.
  void remember(ExprId Id, ExprId Value, State &S) const;
  /// The event's result is a new value: forget what an earlier iteration knew of it.
  void forgetResult(uint32_t Event, State &S) const;
  /// What memory holds may change from one iteration to the next. A field that was tested before is kept unless the loop waits for it.
  void forgetMemory(State &S, llvm::ArrayRef<ExprId> Polled) const;
  /// Takes or gives back a part of the context.
  void change(HeldPart Part, State &S) const;
  /// What S knows in terms of parameters only: the guard of whatever happens now.
  Guard guardOf(const State &S) const { return tellable(S.Facts); }
  /// It is what some memory holds now, and may be something else later.
  bool mentionsMemory(ExprId Id) const;
  /// What of these a caller can decide.
  Guard tellable(llvm::ArrayRef<Atom> Facts) const;

private:
  ExprId fieldOf(ExprId Object, SymbolId Field, const State &S) const;
  bool isOutside(ExprId Id, int64_t Number, const State &S) const;
  ExprTable &Exprs;
  std::function<bool(SymbolId)> IsChoice;
  mutable bool Following = false; ///< followChoices() is running
  bool isWorthTelling(ExprId Id, unsigned Fields = 0) const;
  bool ruleOut(ExprId Id, State &S) const;
  bool followChoices(ExprId Learned, State &S) const;
  static void forgetLocked(State &S, llvm::function_ref<bool(ExprId)> Stale);
  void forgetWays(State &S, llvm::function_ref<bool(ExprId)> Stale) const;
  bool sameLock(const HeldPart &A, const HeldPart &B, unsigned Strictness) const;
};

} // namespace fencelint
#endif
