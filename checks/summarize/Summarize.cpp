//===- Summarize.cpp - which functions are described, and what becomes of the others ------===//
//
// Those that other programs may call: what is exported, where a model says how that looks in the facts, otherwise everything with external linkage. A
// function that is described already keeps its description.
//
//===-----------------------------------------------------------------------------------===//
#include "checks/summarize/Summarize.h"
#include "checks/summarize/Parts.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"

using namespace fencelint;
using facts::EntityFlag;

namespace {

class Choosing {
public:
  Choosing(const Program &P, DerivedModel &Into);
  bool isForOthers(FunctionId F) const;
  /// Why a function that others may call has no entry, or empty.
  std::string unfit(FunctionId F) const;

private:
  const Program &P;
  DerivedModel &Into;
  llvm::DenseSet<FunctionId> Exported;
  llvm::StringMap<unsigned> Names; ///< functions with bodies of that name
};

} // namespace

Choosing::Choosing(const Program &P, DerivedModel &Into) : P(P), Into(Into) {
  for (const ProgramFunction &Fn : P.Functions)
    if (Fn.Body && !P.Symbols[Fn.Symbol].is(EntityFlag::Internal))
      ++Names[P.Symbols[Fn.Symbol].Name];
  llvm::StringRef Mark = P.Models->exportMark();
  if (Mark.empty())
    return;
  for (const LoadedUnit &U : P.Units)
    for (const facts::Store *S : *U.Facts->stores())
      if (P.Symbols[U.Symbols[S->slot()]].Name.starts_with(Mark))
        Exported.insert(P.Symbols[U.Symbols[S->function()]].Function);
  Into.KnowsExports = !Exported.empty();
}

bool Choosing::isForOthers(FunctionId F) const {
  const ProgramFunction &Fn = P.Functions[F];
  return Fn.Body && !P.Symbols[Fn.Symbol].is(EntityFlag::Internal) && (!Into.KnowsExports || Exported.contains(F));
}

static bool isPlainName(llvm::StringRef Name) {
  return !Name.empty() &&
         llvm::all_of(Name, [](char C) { return llvm::isAlnum(C) || C == '_' || C == ':' || C == '~'; });
}

std::string Choosing::unfit(FunctionId F) const {
  const ProgramFunction &Fn = P.Functions[F];
  const Symbol &S = P.Symbols[Fn.Symbol];
  if (Fn.Model || Fn.WhenGiven != None)
    return "is described already";
  if (const FunctionModel *Model = P.Models->function(S.Name, P.text(S.Declared.Unit, S.Declared.At.file()));
      Model && !Model->Derived)
    return "is described already";
  if (!isPlainName(S.Name))
    return "has a name that no entry can have";
  if (Names.lookup(S.Name) > 1)
    return "shares its name with another one";
  return "";
}

/// The macro that names a unit's module is on the command line of every unit: then its entries are for such units, and for no program that happens to
/// have a function of the same name.
static std::string commonMacro(const Program &P) {
  llvm::StringRef Macro = P.Models->moduleDefinition();
  bool Everywhere = !Macro.empty() && llvm::all_of(P.Units, [&](const LoadedUnit &U) {
    const auto *All = U.Facts->definitions();
    return All && llvm::any_of(*All, [&](const facts::Definition *D) {
             return D->name()->string_view() == std::string_view(Macro);
           });
  });
  return Everywhere ? Macro.str() : "";
}

/// A reader learns nothing from it, and neither does a rule.
static bool saysNothing(const Said &What) {
  return !What.Missing.empty() && llvm::all_of(What.Does, [](const Action &A) {
    return (A.What == Action::Effect && A.Kind == EffectKind::Unknown) || A.What == Action::Returns;
  });
}

namespace {

struct Entry {
  SourcePosition At;
  FunctionModel Model;
};

/// What a function takes, or with Sign -1 gives back, by the end: `c->lock` of one is `d->lock` of another.
std::set<std::string> changes(const FunctionModel &Model, int Sign) {
  std::map<std::string, int> Net;
  for (const Action &A : Model.Does)
    if (A.What == Action::ChangeContext) {
      llvm::StringRef Name = A.On.Name;
      Net[A.Lock == LockKind::None ? partName(*A.Changed).str() : "lock " + Name.substr(Name.rfind('.') + 1).str()] +=
          A.By * Sign;
    }
  std::set<std::string> Changed;
  for (const auto &[Key, By] : Net)
    if (By > 0)
      Changed.insert(Key);
  return Changed;
}

} // namespace

/// To give back what was not taken is what half of a pair does; of a function alone it mostly means that its body was not understood: that a lock was taken
/// by one name and given back by another.
static void dropHalves(std::vector<Entry> &Entries, DerivedModel &Into) {
  std::map<std::string, std::set<std::string>> Taken; // file -> what somebody there takes
  for (const Entry &E : Entries)
    Taken[E.At.File].merge(changes(E.Model, 1));
  llvm::erase_if(Entries, [&](const Entry &E) {
    if (llvm::all_of(changes(E.Model, -1), [&](const std::string &Key) { return Taken[E.At.File].contains(Key); }))
      return false;
    ++Into.LeftOut["gives back what nothing in its file takes"];
    return true;
  });
}

DerivedModel fencelint::summarize(Program &P, llvm::StringRef Root) {
  DerivedModel Out;
  std::vector<Entry> Entries;
  Choosing Choose(P, Out);
  Out.OnlyWith = commonMacro(P);
  for (FunctionId F = 0; F < P.Functions.size(); ++F) {
    if (!Choose.isForOthers(F))
      continue;
    if (std::string Reason = Choose.unfit(F); !Reason.empty()) {
      ++Out.LeftOut[Reason];
      continue;
    }
    Said What = say(P, F);
    if (!What.Unsayable.empty()) {
      ++Out.LeftOut[What.Unsayable];
      continue;
    }
    if (saysNothing(What)) {
      for (const std::string &Reason : What.Missing)
        ++Out.LeftOut[Reason + ", and nothing else is known"];
      continue;
    }
    for (const std::string &Reason : What.Missing)
      ++Out.Incomplete[Reason];
    Entry E;
    E.At = P.position(F);
    E.Model.Name = P.symbolOf(F).Name.str();
    E.Model.Does = std::move(What.Does);
    E.Model.Why = why(P, F, What.Shown, Root);
    Entries.push_back(std::move(E));
  }
  dropHalves(Entries, Out);
  llvm::sort(Entries, [](const Entry &A, const Entry &B) {
    return std::tie(A.At, A.Model.Name) < std::tie(B.At, B.Model.Name);
  });
  for (Entry &E : Entries) {
    Out.Functions.push_back(std::move(E.Model));
    Out.Bodies.push_back(std::move(E.At));
  }
  return Out;
}
