//===- Names.cpp - what a name means ---------------------------------------------===//
//
// People type what stands in the source: `probe`, `drv::probe`, `ops.free`, `ops::free`. A whole qualified name is meant before the end of one, so
// that `free` is the C function even where twenty classes have a method of that name.
//
//===---------------------------------------------------------------------------------===//
#include "checks/explain/Explain.h"
#include "checks/link/Flow.h"
#include "checks/models/Spelling.h"
#include "llvm/ADT/STLExtras.h"

using namespace fencelint;
using facts::EntityKind;
using llvm::StringRef;

/// A variable is worth explaining when it holds functions.
static bool canBeAsked(const Program &P, SymbolId S) {
  return P.Symbols[S].Kind != EntityKind::Variable || P.PointsTo.contains(Holder::slot(S));
}

static bool isEndOf(StringRef Name, StringRef Whole) {
  return Whole.size() > Name.size() + 2 && Whole.ends_with(Name) && Whole.drop_back(Name.size()).ends_with("::");
}

static unsigned rank(EntityKind Kind) {
  return Kind == EntityKind::Function ? 0 : Kind == EntityKind::Record ? 1 : Kind == EntityKind::Field ? 2 : 3;
}

static std::vector<SymbolId> called(const Program &P, StringRef Name, StringRef File) {
  std::vector<SymbolId> Whole, End;
  for (SymbolId S = 0; S < P.Symbols.size(); ++S) {
    const Symbol &Sym = P.Symbols[S];
    bool IsWhole = Sym.Name == Name;
    if ((!IsWhole && !isEndOf(Name, Sym.Name)) || !canBeAsked(P, S))
      continue;
    if (!File.empty() && !StringRef(P.position(Sym.Declared).File).ends_with(File))
      continue;
    (IsWhole ? Whole : End).push_back(S);
  }
  std::vector<SymbolId> Found = Whole.empty() ? End : Whole;
  llvm::erase_if(Found, [&](SymbolId S) { // a class's constructors are told with it
    const Symbol &Sym = P.Symbols[S];
    return Sym.Kind == EntityKind::Function && Sym.is(facts::EntityFlag::Constructor) && llvm::is_contained(Found, Sym.Parent);
  });
  llvm::sort(Found, [&](SymbolId A, SymbolId B) {
    const Symbol &X = P.Symbols[A], &Y = P.Symbols[B];
    return std::tuple(rank(X.Kind), P.position(X.Declared), X.Usr, X.Owner) < std::tuple(rank(Y.Kind), P.position(Y.Declared), Y.Usr, Y.Owner);
  });
  return Found;
}

std::vector<SymbolId> fencelint::meaningsOf(const Program &P, const Question &Q) {
  StringRef Name = StringRef(Q.Name).trim();
  Name.consume_front("::");
  std::vector<SymbolId> Found = called(P, Name, Q.File);
  size_t At = Name.rfind("::");
  if (Found.empty() && At != StringRef::npos) // a field as C++ would name it
    Found = called(P, (Name.take_front(At) + "." + Name.drop_front(At + 2)).str(), Q.File);
  return Found;
}

std::vector<std::string> fencelint::nearNames(const Program &P, StringRef Name) {
  static constexpr size_t Most = 3;
  llvm::DenseSet<StringRef> Known;
  for (SymbolId S = 0; S < P.Symbols.size(); ++S)
    if (canBeAsked(P, S) && !P.Symbols[S].Name.empty())
      Known.insert(P.Symbols[S].Name);
  std::vector<StringRef> Sorted(Known.begin(), Known.end());
  llvm::sort(Sorted);
  std::vector<std::string> Near;
  for (StringRef Word : nearestWords(Name, Sorted, Most))
    Near.push_back(Word.str());
  return Near;
}
