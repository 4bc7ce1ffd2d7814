//===- AllocInCallback.cpp - an allocation where a callback's contract forbids any ---===//
#include "checks/rules/Rule.h"

using namespace fencelint;

namespace {
class AllocInCallback : public Rule {
  bool concerns(const Program &P, const Violation &V) const override {
    // A callback may give back what it owned; who promised never to touch the allocator may not.
    if (V.Effect.Kind == EffectKind::Free)
      return (V.In.Where & NoAllocation) && !(V.In.Where & InFenceCallback);
    bool Allocates = V.Effect.Kind == EffectKind::Allocate || V.Effect.Kind == EffectKind::Reclaim;
    return Allocates && (V.In.Where & NoAllocation);
  }
  std::string say(const Program &P, const Violation &V, const Witness &W) const override {
    bool Frees = V.Effect.Kind == EffectKind::Free;
    return sayWhatAndWhy(V, W, effectPhrase(Frees ? EffectKind::Free : EffectKind::Allocate));
  }
};
} // namespace

std::unique_ptr<Rule> fencelint::makeAllocInCallback() { return std::make_unique<AllocInCallback>(); }
