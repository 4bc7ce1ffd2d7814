//===- Statistics.cpp - how large summaries are ------------------------------===//
#include "checks/report/Statistics.h"
#include "checks/report/Printable.h"
#include "checks/report/Source.h"
#include "checks/report/Writers.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Format.h"
#include <tuple>

namespace fencelint {

static constexpr size_t MostLargest = 5;

uint64_t Distribution::count() const {
  uint64_t All = 0;
  for (auto [Value, Often] : Times)
    All += Often;
  return All;
}

uint64_t Distribution::total() const {
  uint64_t All = 0;
  for (auto [Value, Often] : Times)
    All += Value * Often;
  return All;
}

uint64_t Distribution::atMost(unsigned Percent) const {
  uint64_t All = count(), Below = 0;
  for (auto [Value, Often] : Times)
    if ((Below += Often) * 100 >= All * Percent)
      return Value;
  return 0;
}

void SummaryStatistics::offer(Large One) {
  auto Before = [](const Large &A, const Large &B) {
    return std::tie(B.Effects, B.Bytes, A.Function, A.At) < std::tie(A.Effects, A.Bytes, B.Function, B.At);
  };
  if (Largest.size() == MostLargest && !Before(One, Largest.back()))
    return;
  Largest.insert(llvm::upper_bound(Largest, One, Before), std::move(One));
  if (Largest.size() > MostLargest)
    Largest.pop_back();
}

void writeText(const SummaryStatistics &S, const TextOptions &Options, llvm::raw_ostream &OS) {
  OS << "summaries: " << S.Effects.count() << " of " << S.Functions << " functions, " << S.WithEffects << " with an effect, " << S.Full
     << " full\n";
  OS << llvm::format("%-12s %9s %9s %9s %9s %12s\n", "", "median", "90 %", "99 %", "max", "all");
  for (const auto &[Name, Values] : std::initializer_list<std::pair<const char *, const Distribution &>>{
           {"effects", S.Effects}, {"exits", S.Exits}, {"conditions", S.Conditions}, {"bytes", S.Bytes}}) {
    OS << llvm::format("%-12s", Name);
    for (unsigned Percent : {50, 90, 99, 100})
      OS << llvm::format(" %9llu", static_cast<unsigned long long>(Values.atMost(Percent)));
    OS << llvm::format(" %12llu\n", static_cast<unsigned long long>(Values.total()));
  }
  for (const SummaryStatistics::Large &L : S.Largest)
    OS << "largest: " << printable(pathBelow(L.At.File, Options.Root)) << ':' << L.At.Line << ": " << printable(L.Function) << ": "
       << L.Effects << " effects, " << L.Exits << " exits, " << L.Bytes << " bytes\n";
}

} // namespace fencelint
