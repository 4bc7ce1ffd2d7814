//===- Rule.cpp - violations become findings ---------------------------------------===//
//
// One cause, one finding. A call under a lock may sleep, allocate and drop at once: within one call the strongest rule speaks. A register accessor
// that may sleep is called under eighty locks of one driver: that is one finding with eighty places. Two callers that forgot the same lock are two findings.
//
//===----------------------------------------------------------------------------------===//
#include "checks/rules/Rule.h"
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
  std::string Text = "'" + W.Called + "' " + Phrase.str();
  if (!W.Sink.empty() && W.Sink != W.Called)
    Text += " (in '" + W.Sink + "')";
  return Text + (V.RootIndex == None ? " " : ", but ") + W.Because;
}

static Finding makeFinding(const Program &P, const Rule &R, const RuleInfo &Info, const Violation &V, Witness W) {
  Finding F;
  F.Rule = Info.Id;
  F.Function = P.symbolOf(W.Function).Name.str();
  F.At = W.At;
  F.Message = R.say(P, V, W);
  F.Sink = W.Sink;
  F.Steps = std::move(W.Steps);
  F.Sure = confidenceOf(V.Effect.Sure);
  if (V.RootIndex != None)
    F.Sure = std::min(F.Sure, P.Roots[V.RootIndex].Sure);
  return F;
}

/// A call that this many places of one module get to in the wrong context is wrong itself; with fewer, each place is.
static constexpr size_t ManyPlaces = 4;

/// One finding of several that a person mends for the same reason.
static Finding joinSame(std::vector<Finding> &Same) {
  llvm::sort(Same, [](const Finding &A, const Finding &B) {
    return std::tuple(-int(A.Sure), A.Steps.size(), A.At) < std::tuple(-int(B.Sure), B.Steps.size(), B.At);
  });
  Finding F = std::move(Same.front());
  std::vector<Step> Also;
  for (const Finding &Other : llvm::drop_begin(Same))
    if (Other.At != F.At)
      Also.push_back({Step::Calls, Other.At, Other.Function, "the same in '" + Other.Function + "': " + Other.Message});
  llvm::sort(Also, [](const Step &A, const Step &B) { return A.At < B.At; });
  Also.erase(std::unique(Also.begin(), Also.end(), [](const Step &A, const Step &B) { return A.At == B.At; }), Also.end());
  F.Also = std::move(Also);
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
        return std::tuple(confidenceOf(C.V->Effect.Sure), -int(rank(C.R->Info->Id)), IsLock, C.V->Effect.Sure, -int(C.V->Effect.Depth));
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

  // Per mistake: whoever in this module gets to that call in such a context. The surest and shortest speaks, the others are named.
  // A function that runs in a context from outside has its own contract to keep, so it is its own cause.
  std::map<std::tuple<std::string, uint32_t, FunctionId, std::string, FunctionId>, std::vector<Finding>> PerCause;
  for (const auto &[Key, C] : PerCall) {
    Witness W = explain(P, *C.V);
    FunctionId Site = W.Site;
    Finding F = makeFinding(P, *C.R->Check, *C.R->Info, *C.V, std::move(W));
    PerCause[{F.Rule, P.Functions[C.V->Function].Module, Site, F.Sink, C.V->RootIndex == None ? None : C.V->Function}].push_back(std::move(F));
  }
  std::vector<Finding> All;
  for (auto &[Key, Same] : PerCause) {
    // Within one function the surest, then first, place speaks for the others.
    llvm::sort(Same, [](const Finding &A, const Finding &B) {
      return std::tuple(A.At.File, A.Function, -int(A.Sure), A.At) < std::tuple(B.At.File, B.Function, -int(B.Sure), B.At);
    });
    Same.erase(std::unique(Same.begin(), Same.end(),
                           [](const Finding &A, const Finding &B) { return A.At.File == B.At.File && A.Function == B.Function; }),
               Same.end());
    if (Same.size() >= ManyPlaces)
      All.push_back(joinSame(Same));
    else
      llvm::move(Same, std::back_inserter(All));
  }
  // One call may show twice, in its own function and through a caller that decided its condition: again the strongest speaks.
  llvm::sort(All, [](const Finding &A, const Finding &B) {
    return std::tuple(A.At, -int(A.Sure), rank(A.Rule), A.Steps.size(), A.Message) <
           std::tuple(B.At, -int(B.Sure), rank(B.Rule), B.Steps.size(), B.Message);
  });
  All.erase(std::unique(All.begin(), All.end(),
                        [](const Finding &A, const Finding &B) { return A.At == B.At && A.Function == B.Function; }),
            All.end());
  return All;
}
