//===- Skeleton.h - a function while it is being built ---------------------===//
//
// Blocks refer to events by number and events to values by number, so that events can be dropped and blocks joined
// before anything is laid out. `reduce` does that and gives the function as facts hold it.
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_EXTRACT_SKELETON_H
#define FENCELINT_EXTRACT_SKELETON_H

#include "plugin/extract/ValueTable.h"
#include <memory>

namespace fencelint {

struct SkeletonEdge {
  uint32_t To;
  ValueId Guard = None;
  bool Truth = true;
  bool Unwind = false;
  bool operator==(const SkeletonEdge &) const = default;
};

struct SkeletonBlock {
  std::vector<uint32_t> Events;
  std::vector<SkeletonEdge> Edges;
};

struct Skeleton {
  ValueTable Values;
  uint32_t ParameterCount = 0;
  std::vector<uint32_t> Locals; ///< texts
  std::vector<facts::Event> Events;
  std::vector<uint32_t> Arguments;
  std::vector<SkeletonBlock> Blocks; ///< 0 is the entry
};

/// Drops assignments nobody reads, skips blocks without events, joins chains, drops unreachable blocks and unused values.
std::unique_ptr<facts::FunctionT> reduce(Skeleton S);

} // namespace fencelint
#endif
