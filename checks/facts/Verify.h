//===- Verify.h - the meaning of a unit's indices, checked once --------------------===//
#ifndef FENCELINT_FACTS_VERIFY_H
#define FENCELINT_FACTS_VERIFY_H

#include "checks/facts/facts_generated.h"
#include <string>

namespace fencelint {

/// What is wrong with a unit whose FlatBuffers structure is sound; "" when every index and enumerator is in range.
std::string findDefect(const facts::Unit &Unit);

} // namespace fencelint
#endif
