//===- BlockOrder.h - in which order the blocks of a body are walked ------------------===//
//
// Why: a loop is gone round until nothing changes, and what one round knew is no help to the next, nor to what comes after: what is known of a list's
// first element is not known of each. So a loop's blocks stand together in this order, its head before the others (a weak topological order, Bourdoncle
// 1993), and the walk finishes a loop before it goes on.
//
//===----------------------------------------------------------------------------------===//
#ifndef FENCELINT_LINK_BLOCKORDER_H
#define FENCELINT_LINK_BLOCKORDER_H

#include "checks/link/Program.h"

namespace fencelint {

struct BlockOrder {
  struct Loop {
    uint32_t Head, End;        ///< ranks, without End
    uint32_t Outer;            ///< index of the loop that it is in, or None
    bool HasSideEntry = false; ///< something jumps into its middle
    bool contains(uint32_t Rank) const { return Rank >= Head && Rank < End; }
  };
  std::vector<uint32_t> Blocks; ///< by rank
  std::vector<uint32_t> Rank;   ///< by block; None where nothing leads
  std::vector<Loop> Loops;      ///< outer ones before inner ones
  std::vector<uint32_t> Within; ///< by rank: the innermost loop, or None

  /// Going on from one rank to a later one leaves a loop.
  bool leavesLoop(uint32_t From, uint32_t To) const { return Within[From] != None && To >= Loops[Within[From]].End; }
};

BlockOrder orderBlocks(const facts::Function &Body);

} // namespace fencelint
#endif
