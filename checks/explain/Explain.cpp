//===- Explain.cpp - one answer, put together ------------------------------------------===//
#include "checks/explain/Explain.h"
#include "checks/explain/Parts.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"

using namespace fencelint;
using facts::EntityFlag;
using facts::EntityKind;

/// Without a macro that names it, a module is a directory: its last part says enough.
std::string fencelint::moduleName(const Program &P, uint32_t Module) {
  llvm::StringRef Name = llvm::StringRef(P.Modules[Module]).trim('"'); // as a command line defines a string
  return llvm::sys::path::is_absolute(Name) ? llvm::sys::path::filename(Name).str() : Name.str();
}

void fencelint::askAbout(Program &P, llvm::ArrayRef<SymbolId> Meanings) {
  for (SymbolId S : Meanings.take_front(MostExplained))
    if (P.Symbols[S].Function != None)
      P.Asked.push_back(P.Symbols[S].Function);
}

static void explainFunction(Program &P, FunctionId F, Confidence AtLeast, Explanation &Into) {
  const ProgramFunction &Fn = P.Functions[F];
  const Symbol &Sym = P.symbolOf(F);
  Into.Type = Sym.Type.str();
  Into.Module = moduleName(P, Fn.Module);
  Into.IsKnown = Fn.Body || Fn.Model;
  if (Fn.Model) {
    Into.Described = origin(Fn.Model->From);
    Into.Why = Fn.Audited ? "audited: " + Fn.Audited->Says.Audited : Fn.Model->Why;
  }
  explainBelow(P, F, Into);
  explainEffects(P, F, AtLeast, Into);
  explainContexts(P, F, AtLeast, Into);
  for (FunctionId O : Fn.Overriders)
    Into.Members.push_back(memberOf(P, O, AtLeast));
  llvm::sort(Into.Members, [](const Member &A, const Member &B) { return std::tie(A.Name, A.At) < std::tie(B.Name, B.At); });
}

static Explanation explainOne(Program &P, SymbolId S, Confidence AtLeast) {
  Explanation E;
  E.Name = P.Symbols[S].Name.str();
  E.At = P.position(P.Symbols[S].Declared);
  switch (P.Symbols[S].Kind) {
  case EntityKind::Function:
    explainFunction(P, P.Symbols[S].Function, AtLeast, E);
    break;
  case EntityKind::Record:
    explainRecord(P, S, AtLeast, E);
    break;
  case EntityKind::Field:
  case EntityKind::Variable:
    explainSlot(P, S, AtLeast, E);
    break;
  }
  return E;
}

void fencelint::explainAll(Program &P, const Question &Q, llvm::ArrayRef<SymbolId> Meanings, Explanations &Into) {
  for (SymbolId S : Meanings.take_front(MostExplained))
    Into.All.push_back(explainOne(P, S, Q.AtLeast));
  for (SymbolId S : Meanings.drop_front(std::min(Meanings.size(), MostExplained)))
    Into.Others.push_back({P.Symbols[S].Name.str(), "", P.position(P.Symbols[S].Declared), ""});
  if (Meanings.empty())
    Into.Near = nearNames(P, Q.Name);
}
