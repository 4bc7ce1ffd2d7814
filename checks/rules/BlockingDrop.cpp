//===- BlockingDrop.cpp - what the last reference frees may block ---===//
#include "checks/rules/Rule.h"

using namespace fencelint;

namespace {
class BlockingDrop : public Rule {
  bool concerns(const Program &P, const Violation &V) const override {
    // What defers itself in interrupts is a release by nature (`vfree`): it blocks where it is called from a task.
    if (V.Effect.Kind == EffectKind::SleepOutsideIrq && V.In.isAtomic())
      return true;
    return V.Effect.OnLastReference && V.In.isAtomic() && V.Effect.Kind != EffectKind::Unknown;
  }
  std::string say(const Program &P, const Violation &V, const Witness &W) const override {
    return sayWhatAndWhy(V, W, effectPhrase(V.Effect.Kind).str() + (V.Effect.OnLastReference ? " when it drops the last reference" : ""));
  }
};
} // namespace

std::unique_ptr<Rule> fencelint::makeBlockingDrop() { return std::make_unique<BlockingDrop>(); }
