//===- Knowledge.cpp - what two say together ----------------------------------===//
//
// Numbers are told one by one while they are few, and by their signs when they are many: that keeps every set of them finite, and a loop comes to an end.
//
//===-------------------------------------------------------------------------===//
#include "checks/link/Expression.h"
#include "llvm/ADT/STLExtras.h"

using namespace fencelint;

Knowledge Knowledge::oneOf(llvm::ArrayRef<int64_t> Some) {
  Knowledge R = signs(0);
  llvm::SmallVector<int64_t, NumberSet::Most> Numbers(Some);
  llvm::sort(Numbers);
  Numbers.erase(llvm::unique(Numbers), Numbers.end());
  for (int64_t N : Numbers)
    R.Signs |= exactly(N).Signs;
  if (Numbers.size() == 1)
    return exactly(Numbers.front());
  if (!Numbers.empty() && Numbers.size() <= NumberSet::Most)
    R.OneOf = NumberSet::of(std::vector<int64_t>(Numbers.begin(), Numbers.end()));
  return R;
}

bool Knowledge::mayBe(int64_t N) const {
  if (Exact || OneOf)
    return llvm::is_contained(numbers(), N);
  return Signs & exactly(N).Signs;
}

Knowledge Knowledge::meet(const Knowledge &O) const {
  const Knowledge &Few = numbers().empty() ? O : *this, &Other = numbers().empty() ? *this : O;
  if (Few.numbers().empty())
    return signs(Signs & O.Signs);
  llvm::SmallVector<int64_t, NumberSet::Most> Both;
  for (int64_t N : Few.numbers())
    if ((Few.Signs & exactly(N).Signs) && Other.mayBe(N))
      Both.push_back(N);
  return Both.size() == Few.numbers().size() ? Few : oneOf(Both);
}

Knowledge Knowledge::join(const Knowledge &O) const {
  if (*this == O || !O.Signs)
    return *this;
  if (!Signs)
    return O;
  if (numbers().empty() || O.numbers().empty())
    return signs(Signs | O.Signs);
  std::vector<int64_t> Either(numbers().begin(), numbers().end());
  for (int64_t N : O.numbers())
    if (!llvm::is_contained(Either, N))
      Either.push_back(N);
  return oneOf(Either);
}
