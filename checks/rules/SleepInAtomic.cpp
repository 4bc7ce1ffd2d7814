//===- SleepInAtomic.cpp - a call that may sleep is reachable in atomic context ---===//
#include "checks/rules/Rule.h"

using namespace fencelint;

namespace {
class SleepInAtomic : public Rule {
  bool concerns(const Program &P, const Violation &V) const override {
    switch (V.Effect.Kind) {
    case EffectKind::Sleep:
    case EffectKind::WaitFence:
    case EffectKind::WaitWork:
    case EffectKind::WaitIrq:
    case EffectKind::WaitGracePeriod:
    case EffectKind::UserAccess:
    case EffectKind::SleepingLock:
    case EffectKind::SleepOnRt:
      return !V.Effect.OnLastReference;
    default:
      return false;
    }
  }
  std::string say(const Program &P, const Violation &V, const Witness &W) const override {
    return sayWhatAndWhy(V, W, effectPhrase(V.Effect.Kind));
  }
};
} // namespace

std::unique_ptr<Rule> fencelint::makeSleepInAtomic() { return std::make_unique<SleepInAtomic>(); }
