//===- AllocInAtomic.cpp - an allocation that may reclaim is reachable in atomic context ---===//
#include "checks/rules/Rule.h"

using namespace fencelint;

namespace {
class AllocInAtomic : public Rule {
  bool concerns(const Program &P, const Violation &V) const override {
    return V.Effect.Kind == EffectKind::Reclaim && !V.Effect.OnLastReference && V.In.isAtomic();
  }
  std::string say(const Program &P, const Violation &V, const Witness &W) const override {
    return sayWhatAndWhy(V, W, effectPhrase(V.Effect.Kind));
  }
};
} // namespace

std::unique_ptr<Rule> fencelint::makeAllocInAtomic() { return std::make_unique<AllocInAtomic>(); }
