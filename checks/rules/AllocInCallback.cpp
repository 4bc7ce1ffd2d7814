//===- AllocInCallback.cpp - an allocation where a callback's contract forbids any ---===//
#include "checks/rules/Rule.h"

using namespace fencelint;

namespace {
class AllocInCallback : public Rule {
  bool concerns(const Program &P, const Violation &V) const override {
    // The kernel's callbacks may give back what they owned; who promised never to touch the allocator may not.
    if (V.Effect.Kind == EffectKind::Free)
      return V.In.Where & NoFree;
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
