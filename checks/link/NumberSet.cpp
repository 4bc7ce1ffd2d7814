//===- NumberSet.cpp - making each set once -------------------------------------===//
#include "checks/link/NumberSet.h"
#include "llvm/ADT/STLExtras.h"
#include <map>
#include <memory>

using namespace fencelint;

const NumberSet *NumberSet::of(std::vector<int64_t> Numbers) {
  llvm::sort(Numbers);
  Numbers.erase(llvm::unique(Numbers), Numbers.end());
  static std::map<std::vector<int64_t>, std::unique_ptr<NumberSet>> All;
  std::unique_ptr<NumberSet> &Set = All[Numbers];
  if (!Set)
    Set.reset(new NumberSet(std::move(Numbers)));
  return Set.get();
}
