//===- References.h - counted references that one function took or gave back ---===//
//
// Why: two questions are the same. A put cannot be the last where the function itself still holds a reference that it took; and waking a device up
// has nothing to do where somebody holds a reference that keeps it active. So references are followed like locks: relative to a function's entry,
// and told to its callers when it returns.
//
//===----------------------------------------------------------------------------===//
#ifndef FENCELINT_LINK_REFERENCES_H
#define FENCELINT_LINK_REFERENCES_H

#include "checks/link/Expression.h"

namespace fencelint {

struct References {
  using List = llvm::SmallVector<ExprId, 1>;
  List Taken; ///< one for each reference
  List Given; ///< back, of those that the caller had
  List Kept;  ///< nobody has to hold one any more, and what they are of stays as it was for a while
  List Alive; ///< was asked for one, and got it if it was there; no lock was given back since, so whoever held it then hardly let go

  bool operator==(const References &) const = default;
  bool isNeutral() const { return *this == References(); }
  bool contains(ExprId Of) const;
  bool isAlive(ExprId Of) const;
  void take(ExprId Of);
  void give(ExprId Of);
  /// Gives one back that goes on to count for a while.
  void keep(ExprId Of);
  void askFor(ExprId Of);
  /// What a callee did, each of its names in this function's words; NoExpr for what has none here.
  void add(const References &Callee, llvm::function_ref<ExprId(ExprId)> Here);
  void forget(llvm::function_ref<bool(ExprId)> IsStale);
  /// Keeps what is held either way; true when this changed.
  bool merge(const References &O);
};

} // namespace fencelint
#endif
