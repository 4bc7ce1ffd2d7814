//===- Explanation.cpp - the words of an answer ------------------------------===//
#include "checks/report/Explanation.h"

namespace fencelint {

const char *verdictName(MayRun::Verdict V) {
  static const char *const Names[] = {"yes", "as-far-as-known", "depends", "no"};
  return Names[V];
}

const char *lockUseName(LockUse::Kind K) {
  static const char *const Names[] = {"takes", "releases", "returns-holding"};
  return Names[K];
}

} // namespace fencelint
