//===- Contexts.cpp - in which contexts it is called --------------------------------===//
//
// "It runs" went up from the asked function as an effect does, and wherever a context is not a plain task that is a violation of kind Asked. Those are
// gathered by what the context is.
//
//===-----------------------------------------------------------------------------------===//
#include "checks/explain/Parts.h"
#include "checks/link/Flow.h"
#include "llvm/ADT/STLExtras.h"
#include <map>

using namespace fencelint;
using K = facts::ValueKind;

/// Functions whose bodies call it by name.
static unsigned countCallers(const Program &P, FunctionId F) {
  unsigned Count = 0;
  for (FunctionId G = 0; G < P.Functions.size(); ++G)
    Count += (P.Functions[G].isWalked() || P.Functions[G].isOnlyChecked()) &&
             llvm::any_of(*P.Functions[G].Body->events(), [&](const facts::Event *E) { return P.named(G, *E) == F; });
  return Count;
}

/// A variable may hold a function only to keep a linker from dropping it.
static bool isUsed(const Program &P, SymbolId Variable) {
  return llvm::any_of(P.Functions, [&](const ProgramFunction &G) {
    return G.Body && llvm::any_of(*G.Body->values(), [&](const facts::Value *V) {
             return V->kind() == K::Global && P.global(G.Unit, V->a()) == Variable;
           });
  });
}

static std::string nameOfHolder(const Program &P, uint64_t Key) {
  if (Holder::kindOf(Key) == Holder::Slot)
    return P.Symbols[Holder::whose(Key)].Name.str();
  return "argument " + std::to_string(Holder::index(Key)) + " of " + P.symbolOf(Holder::whose(Key)).Name.str();
}

static void explainStored(const Program &P, FunctionId F, Explanation &Into) {
  for (const auto &[Key, T] : P.PointsTo) {
    bool IsField = Holder::kindOf(Key) == Holder::Slot;
    bool IsParameter = Holder::kindOf(Key) == Holder::Parameter;
    std::string Contract = contractText(T);
    if ((!IsField && !IsParameter) || (IsParameter && Contract.empty()) || !llvm::is_contained(T.Functions, F))
      continue;
    bool IsVariable = IsField && P.Symbols[Holder::whose(Key)].Kind == facts::EntityKind::Variable;
    if (!IsVariable || !Contract.empty() || isUsed(P, Holder::whose(Key)))
      Into.Stored.push_back({nameOfHolder(P, Key), std::move(Contract)});
  }
  llvm::sort(Into.Stored, [](const StoredIn &A, const StoredIn &B) {
    return std::tuple(A.Contract.empty(), A.Slot, A.Contract) < std::tuple(B.Contract.empty(), B.Slot, B.Contract);
  });
}

void fencelint::explainContexts(Program &P, FunctionId F, Confidence AtLeast, Explanation &Into) {
  ExprId Asked = P.Exprs.make(K::Function, P.Functions[F].Symbol);
  std::map<std::pair<bool, std::string>, std::vector<const Violation *>> ByContext; // atomic ones first
  auto Note = [&](const Violation &V) {
    if (V.Effect.Kind != EffectKind::Asked || V.Effect.Callee != Asked)
      return;
    if (P.confidenceOf(V) < AtLeast)
      ++Into.LessSure;
    else
      ByContext[{!V.In.isAtomic(), V.In.describe()}].push_back(&V);
  };
  for (const ProgramFunction &Fn : P.Functions)
    for (const Violation &V : Fn.Violations)
      Note(V);
  for (const Violation &V : P.Violations)
    Note(V);
  for (auto &[Key, All] : ByContext) {
    auto Worth = [&](const Violation *V) { // a chain of nothing says less than a registration
      return std::tuple(-int(confidenceOf(V->Effect)), V->Effect.Depth, P.position(V->Function, V->Event), V->Function, V->Event);
    };
    llvm::sort(All, [&](const Violation *A, const Violation *B) { return Worth(A) < Worth(B); });
    CalledIn Says{Key.second, !Key.first, confidenceOf(All.front()->Effect), {}, {}};
    for (const Violation *V : All) {
      Witness W = explain(P, *V);
      if (Says.Steps.empty())
        Says.Steps = W.Steps;
      Says.Places.push_back({P.position(V->Function, V->Event), P.symbolOf(V->Function).Name.str(), W.Because, {}});
    }
    Into.Contexts.push_back(std::move(Says));
  }
  llvm::stable_sort(Into.Contexts, [](const CalledIn &A, const CalledIn &B) {
    return std::tuple(!A.IsAtomic, -int(A.Sure), -int(A.Places.size())) < std::tuple(!B.IsAtomic, -int(B.Sure), -int(B.Places.size()));
  });
  Into.Callers = countCallers(P, F);
  explainStored(P, F, Into);
}
