//===- ContractMismatch.cpp - more than the contract of a slot or a base class allows ---===//
#include "checks/rules/Rule.h"

using namespace fencelint;

namespace {
class ContractMismatch : public Rule {
  bool concerns(const Program &P, const Violation &V) const override {
    if (V.RootIndex == None || V.Effect.Kind == EffectKind::Unknown)
      return false;
    // What has a body is shown at its own call; what is only declared can be mended nowhere but at the slot.
    return isPromise(P, V) || V.Effect.Event == None;
  }
  std::string say(const Program &P, const Violation &V, const Witness &W) const override {
    const Root &R = P.Roots[V.RootIndex];
    std::string Name = P.symbolOf(R.Function).Name.str();
    std::string Text = "'" + Name + "' " + effectPhrase(V.Effect.Kind).str();
    if (W.Sink != Name)
      Text += " (in '" + W.Sink + "')";
    return Text + ", but it " + R.Because;
  }
};
} // namespace

std::unique_ptr<Rule> fencelint::makeContractMismatch() { return std::make_unique<ContractMismatch>(); }
