//===- AllocInCallback.cpp - an allocation where a callback's contract forbids any ---===//
#include "checks/rules/Rule.h"

using namespace fencelint;

namespace {
class AllocInCallback : public Rule {
  bool concerns(const Program &P, const Violation &V) const override {
    bool Allocates = V.Effect.Kind == EffectKind::Allocate || V.Effect.Kind == EffectKind::Reclaim;
    return Allocates && (V.In.Where & (NoAllocation | (AskedFor ? InFenceCallback : 0)));
  }
  std::string say(const Program &P, const Violation &V, const Witness &W) const override {
    return sayWhatAndWhy(V, W, effectPhrase(EffectKind::Allocate));
  }
};
} // namespace

std::unique_ptr<Rule> fencelint::makeAllocInCallback() { return std::make_unique<AllocInCallback>(); }
