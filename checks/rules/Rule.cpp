//===- Rule.cpp - violations become findings ---------------------------------------===//
//
// A call under a lock may sleep, allocate and drop at once: within one call the strongest rule speaks. What several calls do wrong for the same
// reason is then joined (Causes.h).
//
//===----------------------------------------------------------------------------------===//
#include "checks/rules/Causes.h"
#include "llvm/ADT/STLExtras.h"
#include <map>

using namespace fencelint;

namespace {
struct Row {
  RuleInfo Info;
  std::unique_ptr<Rule> (*Make)();
};
} // namespace

static const Row Rows[] = {
#define RULE(Id, Class, Level, On, Summary) {{Id, Severity::Level, On, Summary}, make##Class},
#include "checks/rules/Rules.def"
#undef RULE
};

llvm::ArrayRef<RuleInfo> fencelint::ruleTable() {
  static const std::vector<RuleInfo> Table = [] {
    std::vector<RuleInfo> T;
    for (const Row &R : Rows)
      T.push_back(R.Info);
#define RULE(Id, Class, Level, On, Summary)
#define REPORT_RULE(Id, Level, On, Summary) T.push_back({Id, Severity::Level, On, Summary});
#include "checks/rules/Rules.def"
#undef REPORT_RULE
#undef RULE
    return T;
  }();
  return Table;
}

/// When several rules could speak about one call, the one whose mend takes the others along speaks.
static unsigned rank(llvm::StringRef Id) {
  static const char *const Order[] = {"contract-mismatch", "sleep-in-atomic", "alloc-in-atomic", "alloc-in-callback",
                                      "blocking-drop", "unknown-callee"};
  return llvm::find(Order, Id) - std::begin(Order);
}

bool fencelint::isPromise(const Program &P, const Violation &V) {
  return V.RootIndex != None && P.Roots[V.RootIndex].IsPromise;
}

std::string fencelint::sayWhatAndWhy(const Violation &V, const Witness &W, llvm::StringRef Phrase) {
  if (W.Calls > 1)
    return std::to_string(W.Calls) + " calls in this section " + Phrase.str() + " " + W.Because;
  std::string Text = "'" + W.Called + "' " + Phrase.str();
  if (!W.Sink.empty() && W.Sink != W.Called)
    Text += " (in '" + W.Sink + "')";
  return Text + (V.RootIndex == None ? " " : ", but ") + W.Because;
}

static Finding makeFinding(const Program &P, const Rule &R, const RuleInfo &Info, const Violation &V, const Witness &W) {
  Finding F;
  F.Rule = Info.Id;
  F.Function = P.symbolOf(W.Function).Name.str();
  F.At = W.At;
  F.Message = R.say(P, V, W);
  F.Sink = W.Sink;
  F.Steps = W.Steps;
  F.Sure = P.confidenceOf(V);
  if (V.Effect.Audited != None) {
    const Declared &By = *P.Functions[V.Effect.Audited].Audited;
    F.Suppressed = {By.Says.Audited, P.position(By.At)};
  }
  return F;
}

std::vector<Finding> fencelint::runRules(const Program &P, llvm::ArrayRef<std::string> Enabled) {
  struct Running {
    const RuleInfo *Info;
    std::unique_ptr<Rule> Check;
    bool Reports;
  };
  std::vector<Running> Rules;
  for (const Row &R : Rows) {
    bool Named = llvm::is_contained(Enabled, R.Info.Id);
    Rules.push_back({&R.Info, R.Make(), Enabled.empty() ? R.Info.OnByDefault : Named});
  }
  llvm::sort(Rules, [](const Running &A, const Running &B) { return rank(A.Info->Id) < rank(B.Info->Id); });

  struct Candidate {
    const Violation *V;
    const Running *R;
  };
  // Per call (and per module that a slot leads to): the strongest rule, then the surest and shortest chain.
  std::map<std::tuple<FunctionId, uint32_t, uint32_t>, Candidate> PerCall;
  auto Consider = [&](const Violation &V) {
    for (const Running &R : Rules) {
      if (!R.Reports || !R.Check->concerns(P, V))
        continue;
      auto [It, New] = PerCall.try_emplace({V.Function, V.Event, V.Effect.Module}, Candidate{&V, &R});
      Candidate &Best = It->second;
      auto Worth = [](const Candidate &C) {
        bool IsLock = C.V->Effect.Kind == EffectKind::SleepingLock; // it names what to avoid
        return std::tuple(C.V->Effect.Audited == None, confidenceOf(C.V->Effect), -int(rank(C.R->Info->Id)),
                          IsLock, C.V->Effect.Sure, -int(C.V->Effect.Depth));
      };
      if (!New && Worth({&V, &R}) > Worth(Best))
        Best = {&V, &R};
      return;
    }
  };
  for (const ProgramFunction &F : P.Functions)
    for (const Violation &V : F.Violations)
      Consider(V);
  for (const Violation &V : P.Violations)
    Consider(V);

  std::vector<Judged> Taken;
  for (const auto &[Key, C] : PerCall) {
    Judged J{C.V, C.R->Check.get(), explain(P, *C.V), {}};
    J.Says = makeFinding(P, *J.By, *C.R->Info, *C.V, J.Explained);
    J.Explained.Steps.clear();
    Taken.push_back(std::move(J));
  }
  // One call may show twice, in its own function and through a caller that decided its condition: again the strongest speaks.
  llvm::sort(Taken, [](const Judged &A, const Judged &B) {
    const Finding &X = A.Says, &Y = B.Says;
    return std::tuple(X.At, X.Function, X.Suppressed.has_value(), -int(X.Sure), rank(X.Rule), X.Steps.size(),
                      X.Message) < std::tuple(Y.At, Y.Function, Y.Suppressed.has_value(), -int(Y.Sure), rank(Y.Rule),
                                              Y.Steps.size(), Y.Message);
  });
  Taken.erase(std::unique(Taken.begin(), Taken.end(),
                          [](const Judged &A, const Judged &B) { return A.Says.At == B.Says.At && A.Says.Function == B.Says.Function; }),
              Taken.end());
  return joinCauses(P, std::move(Taken));
}
