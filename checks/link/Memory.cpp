//===- Memory.cpp - was this ever mapped? ------------------------------------------===//
//
// Why: `kvfree(p)` sleeps only when p came from vmalloc. The allocation is often in another file, but the source says at both ends what the
// object is: `struct state *s = kvzalloc(sizeof(*s), GFP_ATOMIC)`. Where every allocation of a class is seen and none of them can have been mapped,
// freeing one does not sleep. Memory that comes from an unknown function may be anything.
//
//===-----------------------------------------------------------------------------------===//
#include "checks/link/Memory.h"
#include "checks/link/Simulate.h"

using namespace fencelint;
using K = facts::ValueKind;

/// Whether some of the conditions under which the memory is mapped may hold for these arguments.
static bool mayHold(Program &P, llvm::ArrayRef<Guard> Any, llvm::ArrayRef<ExprId> Arguments) {
  return llvm::any_of(Any, [&](const Guard &All) {
    return llvm::all_of(All, [&](const Atom &A) {
      ExprId Of = P.Exprs.substitute(A.Of, Arguments, NoExpr);
      return Of == NoExpr || P.Exprs.know(Of).meet(A.Is).Signs;
    });
  });
}

static bool releases(const Summary &S) {
  return llvm::any_of(S.Effects, [](const EffectFact &E) { return E.IfMapped; });
}

/// A described function makes new memory.
static bool allocates(const Summary &S) {
  return !S.GivesMapped.empty() || llvm::any_of(S.Effects, [](const EffectFact &E) {
    return !E.CallsParameter && (E.Kind == EffectKind::Allocate || E.Kind == EffectKind::Reclaim);
  });
}

namespace {

class Noting {
public:
  explicit Noting(Program &P) : P(P) {}
  void body(FunctionId F);

private:
  Program &P;

  FunctionId givenBy(FunctionId F, const facts::Event &E) const;
  Memory memoryFrom(FunctionId G, llvm::ArrayRef<ExprId> Arguments, unsigned Depth = 0);
};

} // namespace

/// The function that a call names, when its result is a `void *`.
FunctionId Noting::givenBy(FunctionId F, const facts::Event &E) const {
  FunctionId G = P.named(F, E);
  return G != None && P.symbolOf(G).Type.starts_with("void *(") ? G : None;
}

/// Wrappers are looked into as far as real ones go. Unknown: it makes no memory but hands out what is there, as look-ups do.
Memory Noting::memoryFrom(FunctionId G, llvm::ArrayRef<ExprId> Arguments, unsigned Depth) {
  const ProgramFunction &Fn = P.Functions[G];
  if (Fn.Model)
    return mayHold(P, Fn.Summary.GivesMapped, Arguments) ? Memory::MaybeMapped
           : allocates(Fn.Summary)                       ? Memory::NeverMapped
                                                         : Memory::Unknown;
  if (!Fn.Body || Depth == 4)
    return Memory::MaybeMapped;
  std::optional<Calls> Resolver;
  Memory Most = Memory::Unknown;
  for (const facts::Event *E : *Fn.Body->events())
    if (FunctionId Next = givenBy(G, *E); Next != None) {
      if (!Resolver)
        Resolver.emplace(P, G);
      llvm::SmallVector<ExprId, 6> Passed = Resolver->arguments(*E);
      for (ExprId &A : Passed)
        A = P.Exprs.substitute(A, Arguments, NoExpr);
      Most = std::max(Most, memoryFrom(Next, Passed, Depth + 1));
    }
  return Most;
}

void Noting::body(FunctionId F) {
  std::optional<Calls> Resolver; // made for the few bodies that allocate
  for (const facts::Event *E : *P.Functions[F].Body->events()) {
    FunctionId G = E->target() == None ? None : givenBy(F, *E);
    if (G == None)
      continue;
    if (!Resolver)
      Resolver.emplace(P, F);
    Memory &How = P.Made[P.global(P.Functions[F].Unit, E->target())];
    How = std::max(How, memoryFrom(G, Resolver->arguments(*E)));
  }
}

void fencelint::noteMemory(Program &P) {
  // Most programs free nothing that may be mapped, and need not know.
  if (llvm::none_of(P.Functions, [](const ProgramFunction &F) { return F.Model && releases(F.Summary); }))
    return;
  Noting Notes(P);
  for (FunctionId F = 0; F < P.Functions.size(); ++F)
    if (P.Functions[F].Body && !P.Functions[F].Model)
      Notes.body(F);
}
