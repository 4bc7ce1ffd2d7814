//===- NumberSet.h - a few numbers, one of which it is ------------------------===//
//
// Why: `switch (event)` merges what its cases do. "One of 3, 5 and 7" still tells a caller that passes 4 that nothing of that happens to it, where
// "positive" would not.
//
// Sets are few and small, and states that hold them are copied all the time: each set is made once and lives as long as the program. Not for use from
// several threads.
//
//===----------------------------------------------------------------------------===//
#ifndef FENCELINT_LINK_NUMBERSET_H
#define FENCELINT_LINK_NUMBERSET_H

#include "llvm/ADT/ArrayRef.h"
#include <cstdint>
#include <vector>

namespace fencelint {

class NumberSet {
public:
  /// More alternatives than this are worth no more than their signs.
  static constexpr size_t Most = 12;

  /// The one set of these numbers, in any order. Equal sets are one object.
  static const NumberSet *of(std::vector<int64_t> Numbers);
  /// Ascending, at least two.
  llvm::ArrayRef<int64_t> numbers() const { return Numbers; }

private:
  explicit NumberSet(std::vector<int64_t> Numbers) : Numbers(std::move(Numbers)) {}
  std::vector<int64_t> Numbers;
};

} // namespace fencelint
#endif
