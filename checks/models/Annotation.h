//===- Annotation.h - an attribute in the source, as a model ---------------===//
//
// `fence/annotations.h` expands to annotate("fence:...") strings whose words are those of the model files, so that one
// grammar serves both. Clang's own attributes arrive as "clang:nonblocking" and so on (facts.fbs, Attribute).
//
//===----------------------------------------------------------------------===//
#ifndef FENCELINT_MODELS_ANNOTATION_H
#define FENCELINT_MODELS_ANNOTATION_H

#include "checks/models/Model.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace fencelint {

/// What one attribute says about the declaration (or parameter) that carries it.
struct Annotation {
  std::vector<Action> Does;   ///< `fence:does SENTENCE`, clang:blocking, clang:acquire_capability, ...
  std::string RunsIn;         ///< `fence:runs-in CONTEXT`: on a function, or as the contract of a field, parameter, typedef, method
  Context Requires;           ///< `fence:requires PART[, PART...]`: the caller's context has these parts
  bool NoSleep = false;       ///< clang:nonblocking, `fence:never-sleeps`: a promise about the body
  bool NoAllocation = false;  ///< clang:nonallocating and clang:nonblocking, `fence:never-allocates`
  std::string Audited;        ///< `fence:audited REASON`: the body was read by a person; its effects end here

  /// What it promises not to do, as bits of Context::Where.
  uint8_t promise() const { return (NoSleep ? NoSleepPromise : 0) | (NoAllocation ? fencelint::NoAllocation | NoFree : 0); }
};

/// The value of a constant that a condition names (ModelTable::constant), or none.
using ConstantLookup = llvm::function_ref<std::optional<int64_t>(llvm::StringRef)>;

/// Error: "unknown annotation 'fence:...'" with the nearest known word. Without Constants every constant is unknown.
llvm::Expected<Annotation> parseAnnotation(llvm::StringRef Text, ConstantLookup Constants = nullptr);

} // namespace fencelint
#endif
