//===- Contradictions.cpp - what a body does and its description denies -----------------===//
//
// Effects that forbid the same are one here: an entry that says `waits for work` is not contradicted by a mutex. A description covers a body's effect when
// it holds under no condition that the body's does not imply. An effect of the body counts when it is certain and no sentence lacks for its condition; so
// what comes through pointers, in another context, or under a test of memory is nobody's proof. Of the ways out, none may be as described.
//
//===-----------------------------------------------------------------------------------===//
#include "checks/summarize/Contradictions.h"
#include "checks/link/Witness.h"
#include "checks/models/ModelText.h"
#include "checks/summarize/Parts.h"
#include "llvm/ADT/StringExtras.h"

using namespace fencelint;

static bool isHandWritten(const ProgramFunction &Fn) { return Fn.Body && Fn.Model && !Fn.Own && !Fn.Model->Derived; }

unsigned fencelint::chooseBodies(Program &P) {
  unsigned Count = 0;
  for (ProgramFunction &Fn : P.Functions)
    if (isHandWritten(Fn) && Fn.Model->VerifiedBy.empty()) {
      Fn.Verified = std::make_unique<Summary>();
      ++Count;
    }
  return Count;
}

namespace {

class Comparing {
public:
  Comparing(Program &P, FunctionId F, Report &Into) : P(P), F(F), Fn(P.Functions[F]), Body(*Fn.Verified), Into(Into) {}
  void run();

private:
  Program &P;
  FunctionId F;
  const ProgramFunction &Fn;
  const Summary &Body;
  Report &Into;

  bool isProof(const EffectFact &E) const;
  bool isSaid(const EffectFact &E) const;
  void effects();
  void exits();
  void surplus();
  Finding finding(std::string Message) const;
};

} // namespace

bool Comparing::isProof(const EffectFact &E) const {
  return !E.Dead && !E.CallsParameter && isSleeping(E.Kind) && E.Kind != EffectKind::SleepOnRt && E.Sure == Certain &&
         !E.Module && E.Audited == None && !E.IfMapped && !E.NotIn && E.Difference.isNeutral() &&
         conditionsOf(P, E.When).has_value();
}

bool Comparing::isSaid(const EffectFact &E) const {
  return llvm::any_of(Fn.Summary.Effects, [&](const EffectFact &D) {
    if (D.Dead || D.CallsParameter || !isSleeping(D.Kind) || (D.OnLastReference && !E.OnLastReference))
      return false;
    return D.Kind == EffectKind::SleepOutsideIrq || implies(E.When, D.When);
  });
}

Finding Comparing::finding(std::string Message) const {
  Finding X;
  X.Rule = "models-verify";
  X.At = {Fn.Model->From.File, Fn.Model->From.Line, 0};
  X.Function = P.symbolOf(F).Name.str();
  X.Message = std::move(Message);
  return X;
}

static std::string under(const Program &P, const Guard &When) {
  auto Said = conditionsOf(P, When);
  if (!Said || Said->empty() || Said->front().empty())
    return "";
  Action A;
  A.When = Said->front();
  std::string Text = sentenceOf(A);
  return Text.substr(Text.find(" when "));
}

void Comparing::effects() {
  const EffectFact *First = nullptr; // of several, the shortest way
  for (const EffectFact &E : Body.Effects)
    if (isProof(E) && !isSaid(E) &&
        (!First || std::make_tuple(E.When.size(), E.Depth) < std::make_tuple(First->When.size(), First->Depth)))
      First = &E;
  if (!First)
    return;
  std::string Phrase = effectPhrase(First->Kind).str();
  Finding X = finding("'" + P.symbolOf(F).Name.str() + "' is described as '" + describeActions(Fn.Model->Does) +
                      "', but its body " + Phrase + (First->OnLastReference ? " on the last reference" : "") +
                      under(P, First->When));
  Witness W = explain(P, F, *First);
  X.Sink = W.Sink;
  X.Steps = W.Steps;
  Into.Findings.push_back(std::move(X));
}

/// "preempt-off +1", as far from the caller's context.
static std::string spelled(const Context &C) {
  std::vector<std::string> Words;
  for (unsigned I = 0; I < PartCount; ++I)
    if (C.Levels[I])
      Words.push_back(partName(static_cast<Part>(I)).str() + (C.Levels[I] > 0 ? " +" : " ") +
                      std::to_string(C.Levels[I]));
  return Words.empty() ? "its caller's context" : llvm::join(Words, ", ");
}

void Comparing::exits() {
  auto IsSaid = [&](const Exit &X) {
    return llvm::any_of(Fn.Summary.Exits, [&](const Exit &D) { return changeOf(D) == changeOf(X); });
  };
  if (llvm::any_of(Body.Exits, IsSaid) ||
      llvm::any_of(Body.Exits, isGuess)) // another way out may be one that no call takes
    return;
  for (const Exit &X : Body.Exits) {
    Context C = changeOf(X);
    std::vector<std::string> Said;
    for (const Exit &D : Fn.Summary.Exits)
      Said.push_back(spelled(changeOf(D)));
    Finding Told = finding("'" + P.symbolOf(F).Name.str() + "' is described as returning " +
                           (Said.empty() ? "never" : "in " + llvm::join(Said, " or ")) + ", but its body returns in " +
                           spelled(C));
    Step S;
    S.At = P.position(F);
    S.Function = P.symbolOf(F).Name.str();
    S.Text = "its body";
    for (const HeldPart &H : X.Changes)
      if (H.Event != None) {
        S.At = P.position(F, H.Event);
        S.Text = "'" + calledText(P, F, H.Event) + "' changes the context here";
      }
    Told.Steps.push_back(S);
    Into.Findings.push_back(std::move(Told));
    return;
  }
}

/// Nothing in the body sleeps, and all of it is known.
void Comparing::surplus() {
  auto Sleeps = [](const EffectFact &E) {
    return !E.Dead && (E.CallsParameter || isSleeping(E.Kind) || E.Kind == EffectKind::Unknown);
  };
  bool Says = llvm::any_of(Fn.Summary.Effects,
                           [](const EffectFact &E) { return !E.Dead && !E.CallsParameter && isSleeping(E.Kind); });
  if (Says && llvm::none_of(Body.Effects, Sleeps) && !Fn.HidesContext)
    Into.Remarks.push_back(finding("'" + P.symbolOf(F).Name.str() + "' is described as '" +
                                   describeActions(Fn.Model->Does) +
                                   "', which is more than its body shows: nothing in it sleeps"));
}

void Comparing::run() {
  effects();
  exits();
  surplus();
}

void fencelint::findContradictions(Program &P, Report &Into) {
  for (FunctionId F = 0; F < P.Functions.size(); ++F)
    if (P.Functions[F].Verified)
      Comparing(P, F, Into).run();
}
