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

namespace {

class Noting {
public:
  explicit Noting(Program &P) : P(P) {}
  void body(FunctionId F);

private:
  Program &P;

  FunctionId calledBy(FunctionId F, const facts::Event &E) const;
  llvm::SmallVector<ExprId, 6> argumentsOf(FunctionId F, const facts::Event &E, std::optional<Calls> &Resolver);
  /// Wrappers are looked into as far as real ones go.
  bool mayGiveMapped(FunctionId G, llvm::ArrayRef<ExprId> Arguments, unsigned Depth = 0);
};

} // namespace

/// The function that a call names, when its result is a `void *`.
FunctionId Noting::calledBy(FunctionId F, const facts::Event &E) const {
  if (E.kind() != facts::EventKind::Call || E.callee() == None)
    return None;
  const ProgramFunction &Fn = P.Functions[F];
  const facts::Value *Callee = Fn.Body->values()->Get(E.callee());
  if (Callee->kind() != K::Function)
    return None;
  const Symbol &Named = P.Symbols[P.global(Fn.Unit, Callee->a())];
  return Named.Type.starts_with("void *(") ? Named.Function : None;
}

llvm::SmallVector<ExprId, 6> Noting::argumentsOf(FunctionId F, const facts::Event &E, std::optional<Calls> &Resolver) {
  if (!Resolver)
    Resolver.emplace(P, F);
  llvm::SmallVector<ExprId, 6> Arguments;
  for (uint32_t I = 0; I < E.argument_count(); ++I)
    Arguments.push_back(Resolver->value(P.Functions[F].Body->arguments()->Get(E.first_argument() + I)));
  return Arguments;
}

bool Noting::mayGiveMapped(FunctionId G, llvm::ArrayRef<ExprId> Arguments, unsigned Depth) {
  const ProgramFunction &Fn = P.Functions[G];
  if (Fn.Model)
    return mayHold(P, Fn.Summary.GivesMapped, Arguments);
  if (!Fn.Body || Depth == 4)
    return true;
  std::optional<Calls> Resolver;
  for (const facts::Event *E : *Fn.Body->events())
    if (FunctionId Next = calledBy(G, *E); Next != None) {
      llvm::SmallVector<ExprId, 6> Passed = argumentsOf(G, *E, Resolver);
      for (ExprId &A : Passed)
        A = P.Exprs.substitute(A, Arguments, NoExpr);
      if (mayGiveMapped(Next, Passed, Depth + 1))
        return true;
    }
  return false;
}

void Noting::body(FunctionId F) {
  std::optional<Calls> Resolver; // made for the few bodies that allocate
  for (const facts::Event *E : *P.Functions[F].Body->events()) {
    FunctionId G = E->target() == None ? None : calledBy(F, *E);
    if (G == None)
      continue;
    Memory &How = P.Made[P.global(P.Functions[F].Unit, E->target())];
    if (How != Memory::MaybeMapped)
      How = mayGiveMapped(G, argumentsOf(F, *E, Resolver)) ? Memory::MaybeMapped : Memory::NeverMapped;
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
