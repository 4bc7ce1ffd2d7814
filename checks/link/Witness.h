//===- Witness.h - the chain that explains a violation --------------------------------===//
#ifndef FENCELINT_LINK_WITNESS_H
#define FENCELINT_LINK_WITNESS_H

#include "checks/link/Program.h"

namespace fencelint {

/// What a finding needs to say, in the order of execution.
struct Witness {
  std::vector<Step> Steps;
  FunctionId Function = None;///< where a person would look first: the innermost function that makes or has the context
  SourcePosition At;         ///< its call that leads to the effect
  std::string Called;        ///< what that calls, as a person would name it
  unsigned Calls = 1;        ///< more: it speaks for so many calls in one section, and Called and Sink are only one's
  FunctionId Site = None;    ///< the last function of the same module on the way: whose call does the harm
  std::string Sink;          ///< the primitive at the end
  std::string Because;       ///< why the context is atomic: "under spinlock 'q->lock'", "in a dma_fence callback"
  FunctionId Primitive = None, By = None; ///< the described function at the end, and the function whose body calls it
  uint32_t ByEvent = None;   ///< that call
};

Witness explain(const Program &P, const Violation &V);
/// How F comes to have an effect of its summary.
Witness explain(const Program &P, FunctionId F, const EffectFact &E);

/// The step of a call in F's body that enters To.
Step callStep(const Program &P, FunctionId F, uint32_t Event, FunctionId To, Via How);
/// What the source calls at an event.
std::string calledText(const Program &P, FunctionId F, uint32_t Event);
/// "described in linux/mutex.yaml:5", "annotated at driver.h:12".
std::string origin(const Origin &From);
/// "spinlock", "sleeping lock", ...
llvm::StringRef lockWord(LockKind Kind);

/// `q->lock`, `dev.event_lock`: an expression of function F for people.
std::string spell(const Program &P, FunctionId F, ExprId Id);

} // namespace fencelint
#endif
