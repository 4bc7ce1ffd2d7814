//===- Ways.h - what else was so where a place held another value --------------===//
//
// `int ret = -1; if (dev->parent) ret = 0; ... if (ret >= 0) sleep();` sleeps where there is a parent. The two ways that met in between had equal
// contexts, so they are one state, and what they knew differently is gone: except for this. Of a local that lost its value where ways met, each way's
// value stays known, with what was true on that way only. A later test that rules a way's value out rules the way out, and what all the others
// knew is true again. What a function returns is such a value too: its summary keeps the ways to each.
//
//===------------------------------------------------------------------------===//
#ifndef FENCELINT_LINK_WAYS_H
#define FENCELINT_LINK_WAYS_H

#include "checks/link/Summary.h"

namespace fencelint {

struct State;

/// Ways of one value; more are no readable reason, and cost time.
inline constexpr size_t MostWays = 4;

/// The ways that led to one value, as it is read.
struct Ways {
  ExprId Of = NoExpr;
  llvm::SmallVector<Way, 2> Each;
  bool operator==(const Ways &) const = default;

  /// What it is on one of them.
  Knowledge any() const;
};

/// Before A and B become one state: of what each place holds on both, and what will not be known any more afterwards.
llvm::SmallVector<Ways, 0> waysThatMeet(const State &A, const State &B, ExprTable &Exprs);
/// One more way; two with one value are one, which knows what both knew.
void addWay(llvm::SmallVectorImpl<Way> &To, Way New);
/// Whether a test can learn something of them: neither too few nor too many, a value to rule out and something that is true then.
bool areWorthKeeping(llvm::ArrayRef<Way> Each);
/// What a place holds where it holds A on one way and B on another; NoExpr when that is nothing to speak of.
ExprId either(ExprId A, ExprId B, ExprTable &Exprs);

} // namespace fencelint
#endif
