//===- UnknownCallee.cpp - a proof that rests on a function nobody described ---===//
#include "checks/rules/Rule.h"

using namespace fencelint;

namespace {
class UnknownCallee : public Rule {
  bool concerns(const Program &P, const Violation &V) const override {
    return V.Effect.Kind == EffectKind::Unknown;
  }
  std::string say(const Program &P, const Violation &V, const Witness &W) const override {
    bool InPart = W.Primitive != None && P.Functions[W.Primitive].Model;
    return "'" + W.Sink + (InPart ? "' is described in part, " : "' is not described, ") + (V.RootIndex == None ? "and is called " : "but ") + W.Because;
  }
};
} // namespace

std::unique_ptr<Rule> fencelint::makeUnknownCallee() { return std::make_unique<UnknownCallee>(); }
