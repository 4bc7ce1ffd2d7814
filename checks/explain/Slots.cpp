//===- Slots.cpp - places that hold functions, and classes ---------------------------===//
//
// Of a slot people ask what may be behind it: which functions, by module, and what a call must expect of them. Of a class, where to look next.
//
//===-----------------------------------------------------------------------------------===//
#include "checks/explain/Parts.h"
#include "checks/link/Flow.h"
#include "llvm/ADT/STLExtras.h"

using namespace fencelint;
using facts::EntityKind;

std::string fencelint::contractText(const Targets &T) {
  if (T.Contract && !T.Contract->Because.empty())
    return T.Contract->Because;
  if (T.Slot && T.Slot->RunsIn == "task")
    return "runs in a task";
  if (T.Contract)
    return "runs in context '" + T.Contract->Name + "'";
  return T.Promised.isNeutral() ? "" : "promises that it can run while " + T.Promised.describe();
}

Member fencelint::memberOf(const Program &P, FunctionId F, Confidence AtLeast) {
  return {P.symbolOf(F).Name.str(), moduleName(P, P.Functions[F].Module), P.position(F), effectsInOneLine(P, F, AtLeast)};
}

static void sortMembers(std::vector<Member> &All) {
  llvm::sort(All, [](const Member &A, const Member &B) { return std::tie(A.Module, A.Name, A.At) < std::tie(B.Module, B.Name, B.At); });
}

void fencelint::explainSlot(Program &P, SymbolId S, Confidence AtLeast, Explanation &Into) {
  Into.What = Explanation::Slot;
  auto It = P.PointsTo.find(Holder::slot(S));
  if (It == P.PointsTo.end())
    return;
  const Targets &T = It->second;
  Into.Contract = contractText(T);
  if (T.Slot) {
    Into.Described = origin(T.Slot->From);
    Into.Why = T.Slot->Why;
  }
  for (FunctionId F : T.Functions)
    Into.Members.push_back(memberOf(P, F, AtLeast));
  sortMembers(Into.Members);
  explainSlotEffects(P, T, Into.Name, AtLeast, Into);
}

void fencelint::explainRecord(const Program &P, SymbolId S, Confidence AtLeast, Explanation &Into) {
  Into.What = Explanation::Record;
  if (auto It = P.Destructors.find(S); It != P.Destructors.end())
    Into.Destructor = P.Symbols[It->second].Name.str();
  for (SymbolId M = 0; M < P.Symbols.size(); ++M) {
    const Symbol &Sym = P.Symbols[M];
    if (Sym.Parent != S)
      continue;
    if (Sym.Kind == EntityKind::Function && Sym.Function != None)
      Into.Members.push_back(memberOf(P, Sym.Function, AtLeast));
    auto Holds = P.PointsTo.find(Holder::slot(M));
    if (Sym.Kind != EntityKind::Field || Holds == P.PointsTo.end())
      continue;
    size_t Count = Holds->second.Functions.size();
    std::string Contract = contractText(Holds->second);
    Into.Slots.push_back({Sym.Name.str(), "", P.position(Sym.Declared),
                          std::to_string(Count) + (Count == 1 ? " function" : " functions") + (Contract.empty() ? "" : "; ") + Contract});
  }
  sortMembers(Into.Members);
  llvm::sort(Into.Slots, [](const Member &A, const Member &B) { return std::tie(A.At, A.Name) < std::tie(B.At, B.Name); });
}
