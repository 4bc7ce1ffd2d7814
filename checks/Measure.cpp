//===- Measure.cpp - how large a solved program's summaries are ----------------------===//
//
// Counted is what callers are told: effects that a more general one replaced are memory, but nobody looks at them again.
//
//===----------------------------------------------------------------------------------===//
#include "checks/Measure.h"
#include "llvm/ADT/STLExtras.h"

using namespace fencelint;

/// What a vector has outside of itself.
template <typename T, unsigned N> static size_t outside(const llvm::SmallVector<T, N> &V) {
  return V.capacity() > N ? V.capacity_in_bytes() : 0;
}

static size_t outside(const std::vector<EffectFact> &Effects) {
  size_t Bytes = Effects.capacity() * sizeof(EffectFact);
  for (const EffectFact &E : Effects)
    Bytes += outside(E.When);
  return Bytes;
}

static size_t bytesOf(const ProgramFunction &Fn) {
  const Summary &S = Fn.Summary;
  size_t Bytes = sizeof(Summary) + outside(S.Effects) + outside(Fn.BodyEffects) + outside(S.Exits) + outside(S.Answers);
  Bytes += outside(S.GivesMapped) + outside(S.Empties) + outside(S.HoldsReference);
  for (const Guard &When : S.GivesMapped)
    Bytes += outside(When);
  for (const Exit &E : S.Exits)
    Bytes += outside(E.When) + outside(E.Stores) + outside(E.Changes);
  return Bytes;
}

void fencelint::measure(const Program &P, SummaryStatistics &Into) {
  Into.Functions += P.Functions.size();
  for (FunctionId F = 0; F < P.Functions.size(); ++F) {
    const ProgramFunction &Fn = P.Functions[F];
    if (!Fn.Summary.Known)
      continue;
    uint64_t Effects = 0;
    for (const EffectFact &E : Fn.Summary.Effects)
      if (!E.Dead) {
        ++Effects;
        Into.Conditions.add(E.When.size());
      }
    Into.WithEffects += Effects > 0;
    Into.Full += Fn.Summary.Full;
    Into.Effects.add(Effects);
    Into.Exits.add(Fn.Summary.Exits.size());
    Into.Bytes.add(bytesOf(Fn));
    Into.offer({std::string(P.symbolOf(F).Name), P.position(F), Effects, Fn.Summary.Exits.size(), bytesOf(Fn)});
  }
}
