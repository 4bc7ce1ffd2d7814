//===- ObjectFacts.h - the facts in one object or archive ------------------===//
#ifndef FENCELINT_FACTS_OBJECTFACTS_H
#define FENCELINT_FACTS_OBJECTFACTS_H

#include "checks/facts/FactsInput.h"

namespace fencelint {

/// The section of an object that holds its facts.
inline constexpr llvm::StringLiteral FactsSection = ".fencelint";

/// Adds what an object, an archive or bitcode holds to Into.
void readObject(std::unique_ptr<llvm::MemoryBuffer> Bytes, FactsInput &Into);

} // namespace fencelint
#endif
